// The worker writes beside the output's name; here it is checked and renamed.
#include "llm/quantize.h"

#include <system_error>

#include "base/file.h"
#include "llm/gguf.h"
#include "llm/worker_process.h"

namespace meterhound::llm {
namespace {

constexpr double kSilence = 60;  // seconds; the worker gives a sign of life every second

}  // namespace

Status Quantize(const QuantizeOptions& options, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(ReadGguf(options.input));
  std::error_code error;
  if (std::filesystem::equivalent(options.input, options.output, error)) {
    return InvalidInput("is the input itself; expected another file", options.output.string());
  }
  std::filesystem::path program = options.worker;
  if (program.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(program, FindWorker());
  }
  METERHOUND_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::Create(options.output));
  METERHOUND_ASSIGN_OR_RETURN(const auto worker, WorkerProcess::Start(program, 0));
  context.progress.Begin("quantize", 0, "");
  Status status = worker->Send({{"do", "quantize"},
                                {"input", options.input.string()},
                                {"output", file.temporary_path().string()},
                                {"type", options.type},
                                {"importance", options.importance.string()},
                                {"threads", context.pool.threads()}},
                               kSilence, context.stop);
  while (status.ok()) {
    const auto answer = worker->Receive(kSilence, context.stop);
    if (!answer) {
      status = answer.error();
    } else if (answer->value("event", "") == "error") {
      status = ErrorFrom(*answer);
    } else if (answer->value("event", "") == "done") {
      break;
    }
  }
  context.progress.End();
  if (!status.ok()) return status;
  METERHOUND_RETURN_IF_ERROR(ReadGguf(file.temporary_path()));
  return file.Commit();
}

}  // namespace meterhound::llm
