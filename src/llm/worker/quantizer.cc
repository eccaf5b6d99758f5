// What llama.cpp refuses is refused with its reason.
#include "llm/worker/quantizer.h"

#include <llama.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "llm/worker/importance.h"
#include "llm/worker/loaded_model.h"

namespace meterhound::llm {
namespace {

constexpr std::array<std::pair<const char*, llama_ftype>, 3> kTypes = {{
    {"Q4_K_M", LLAMA_FTYPE_MOSTLY_Q4_K_M},
    {"Q5_K_M", LLAMA_FTYPE_MOSTLY_Q5_K_M},
    {"Q8_0", LLAMA_FTYPE_MOSTLY_Q8_0},
}};

constexpr std::size_t kBuffer = std::size_t{1} << 30U;  // bytes of rows held at once

Result<llama_ftype> TypeNamed(const std::string& name) {
  std::string known;
  for (const auto& [type_name, type] : kTypes) {
    if (name == type_name) return type;
    known += (known.empty() ? "" : ", ") + std::string(type_name);
  }
  return InvalidInput("found '" + name + "', expected one of " + known, "quantization");
}

/// Says every second that the worker is alive while something else keeps its thread.
class Heartbeat {
 public:
  explicit Heartbeat(const std::function<bool(const Json&)>& report)
      : thread_([&report](const std::stop_token& stop) {
          for (int tick = 1; !stop.stop_requested(); ++tick) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            if (tick % 20 == 0 && !report({{"event", "alive"}})) return;
          }
        }) {}

 private:
  std::jthread thread_;
};

}  // namespace

Status QuantizeFile(const Json& job, const std::function<bool(const Json&)>& report) {
  const std::string input = job.value("input", "");
  const std::string output = job.value("output", "");
  const int threads = job.value("threads", 1);
  llama_model_quantize_params parameters = llama_model_quantize_default_params();
  METERHOUND_ASSIGN_OR_RETURN(parameters.ftype, TypeNamed(job.value("type", "")));
  parameters.nthread = threads;
  parameters.max_buf_size = kBuffer;
  const Heartbeat heartbeat(report);
  Importance importance;
  std::vector<llama_model_imatrix_data> entries;
  if (const std::string file = job.value("importance", ""); !file.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(importance, ReadImportance(input, file, threads));
    for (const auto& [name, values] : importance) entries.push_back({name.c_str(), values.data(), values.size()});
    entries.push_back({nullptr, nullptr, 0});
    parameters.imatrix = entries.data();
  }
  TakeComplaint();
  if (llama_model_quantize(input.c_str(), output.c_str(), &parameters) == 0) return {};
  const std::string complaint = TakeComplaint();
  return Unsupported("llama.cpp refuses: " + (complaint.empty() ? "no reason given" : complaint), input);
}

}  // namespace meterhound::llm
