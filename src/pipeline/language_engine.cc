// Settings become options; nothing is decided here.
#include "pipeline/language_engine.h"

#include "llm/gguf.h"
#include "llm/model_store.h"
#include "llm/openai_engine.h"

namespace meterhound::pipeline {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;

Result<std::unique_ptr<llm::Engine>> MakeOpenai(const Config& config) {
  llm::OpenaiOptions options;
  options.url = config.llm_url;
  options.model = config.llm_model;
  METERHOUND_ASSIGN_OR_RETURN(options.constraint, llm::ParseConstraint(config.llm_constraint));
  METERHOUND_ASSIGN_OR_RETURN(options.key, llm::ReadKey());
  METERHOUND_ASSIGN_OR_RETURN(std::unique_ptr<llm::Engine> engine, llm::OpenaiEngine::Create(std::move(options)));
  return engine;
}

}  // namespace

Result<llm::LlamaOptions> MakeLlamaOptions(const Config& config) {
  llm::LlamaOptions options;
  METERHOUND_ASSIGN_OR_RETURN(options.model, llm::ModelStore().Find(config.llm_model));
  if (config.llm_quantization != "auto") {
    METERHOUND_ASSIGN_OR_RETURN(const llm::GgufFile file, llm::ReadGguf(options.model));
    if (file.quantization() != config.llm_quantization) {
      return InvalidInput("has weights in " + file.quantization() + ", but llm.quantization asks for " +
                              config.llm_quantization + "; `meterhound model quantize` makes it",
                          options.model.string());
    }
  }
  options.threads = config.llm_threads;
  options.shape.context = config.llm_context;
  options.shape.parallel = config.llm_parallel;
  options.memory_limit = static_cast<std::size_t>(config.llm_memory_limit) * kMegabyte;
  return options;
}

Result<std::unique_ptr<llm::Engine>> MakeEngine(const Config& config, const RunContext& context) {
  if (config.llm_engine == "template") return std::unique_ptr<llm::Engine>();
  if (config.llm_engine == "openai") return MakeOpenai(config);
  METERHOUND_ASSIGN_OR_RETURN(const llm::LlamaOptions options, MakeLlamaOptions(config));
  METERHOUND_ASSIGN_OR_RETURN(std::unique_ptr<llm::Engine> engine, llm::LlamaEngine::Load(options, context));
  return engine;
}

llm::Request MakeRequest(const Config& config) {
  llm::Request request;
  request.max_tokens = config.llm_max_tokens;
  request.temperature = config.llm_temperature;
  request.seed = static_cast<std::uint32_t>(config.seed);
  request.timeout = config.llm_timeout;
  return request;
}

}  // namespace meterhound::pipeline
