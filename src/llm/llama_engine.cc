// The caller's side of the worker: what is sent, what comes back, and what to think of silence.
#include "llm/llama_engine.h"

#include <algorithm>

#include "base/numbers.h"
#include "llm/gguf.h"
#include "llm/worker_process.h"

namespace meterhound::llm {
namespace {

// A worker gives a sign of life between two steps, each of a few hundred tokens at most; one that is silent for longer
// than a text may take, or than this, hangs.
constexpr double kSilence = 300;  // seconds
constexpr double kGrace = 5;      // seconds past a text's own time-out, which the worker itself looks after

Json ToJson(const Request& request) {
  return {{"prefix", request.prefix},         {"prompt", request.prompt},           {"grammar", request.grammar},
          {"max_tokens", request.max_tokens}, {"temperature", request.temperature}, {"seed", request.seed},
          {"timeout", request.timeout},       {"accept_cut", request.accept_cut}};
}

Completion CompletionFrom(const Json& message) {
  Completion completion;
  completion.text = message.value("text", "");
  completion.finish_reason = message.value("finish_reason", "");
  completion.prompt_tokens = message.value("prompt_tokens", std::int64_t{0});
  completion.cached_tokens = message.value("cached_tokens", std::int64_t{0});
  completion.tokens = message.value("tokens", std::int64_t{0});
  completion.seconds = message.value("seconds", 0.0);
  return completion;
}

std::string Megabytes(std::size_t bytes) { return WithThousands((bytes + 500'000) / 1'000'000) + " MB"; }

Status CheckFits(const LlamaOptions& options, const GgufFile& file) {
  if (options.memory_limit == 0) return {};
  METERHOUND_ASSIGN_OR_RETURN(const MemoryNeed need, EstimateMemory(file, options.shape));
  if (need.total() <= options.memory_limit) return {};
  return Unavailable("needs about " + Megabytes(need.total()) + " of memory (weights " + Megabytes(need.weights) +
                         ", cache " + Megabytes(need.cache) + ", buffers " + Megabytes(need.buffers) + ", program " +
                         Megabytes(need.program) + "), but the limit is " + Megabytes(options.memory_limit),
                     options.model.string());
}

}  // namespace

LlamaEngine::LlamaEngine(LlamaOptions options) : options_(std::move(options)) {}
LlamaEngine::~LlamaEngine() = default;

Result<std::unique_ptr<LlamaEngine>> LlamaEngine::Load(const LlamaOptions& options, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const GgufFile file, ReadGguf(options.model));
  METERHOUND_RETURN_IF_ERROR(CheckFits(options, file));
  LlamaOptions complete = options;
  if (complete.threads == 0) complete.threads = static_cast<std::int64_t>(AvailableCores());
  if (complete.worker.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(complete.worker, FindWorker());
  }
  std::unique_ptr<LlamaEngine> engine(new LlamaEngine(std::move(complete)));
  METERHOUND_RETURN_IF_ERROR(engine->EnsureLoaded(context));
  return engine;
}

Status LlamaEngine::EnsureLoaded(const RunContext& context) {
  if (worker_ && worker_->alive()) return {};
  past_peak_ = peak_memory();
  METERHOUND_ASSIGN_OR_RETURN(worker_, WorkerProcess::Start(options_.worker, options_.memory_limit));
  const Json load = {{"do", "load"},
                     {"model", options_.model.string()},
                     {"threads", options_.threads},
                     {"context", options_.shape.context},
                     {"ubatch", options_.shape.ubatch},
                     {"parallel", options_.shape.parallel}};
  METERHOUND_RETURN_IF_ERROR(worker_->Send(load, options_.load_timeout, context.stop));
  auto answer = worker_->Receive(options_.load_timeout, context.stop);
  if (!answer) {
    past_peak_ = peak_memory();
    worker_.reset();
    if (answer.error().code == ErrorCode::kCancelled) return answer.error();
    return Error{answer.error().code, answer.error().message, options_.model.string()};
  }
  if (answer->value("event", "") != "loaded") {
    worker_.reset();
    return ErrorFrom(*answer);
  }
  context_size_ = answer->value("context", std::int64_t{0});
  return {};
}

std::vector<Result<Completion>> LlamaEngine::CompleteAll(std::span<const Request> requests, const RunContext& context) {
  const std::lock_guard lock(mutex_);
  std::vector<Result<Completion>> results(requests.size(), Result<Completion>(Cancelled()));
  if (requests.empty()) return results;
  std::vector<Result<Completion>> pending(requests.size(), Result<Completion>(Error{}));
  Status status = EnsureLoaded(context);
  if (status.ok()) status = Exchange(requests, pending, context);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const bool open = !pending[i].ok() && pending[i].error().message.empty();
    results[i] = open ? Result<Completion>(status.ok() ? Error{ErrorCode::kInternal, "the worker gave no answer", {}}
                                                       : status.error())
                      : std::move(pending[i]);
  }
  return results;
}

Status LlamaEngine::Exchange(std::span<const Request> requests, std::vector<Result<Completion>>& results,
                             const RunContext& context) {
  Json message = {{"do", "complete"}, {"requests", Json::array()}};
  double patience = 0;
  for (const Request& request : requests) {
    message["requests"].push_back(ToJson(request));
    patience = std::max(patience, request.timeout);
  }
  patience = std::min(patience + kGrace, kSilence);
  context.progress.Begin("write", requests.size(), "texts");
  Status status = worker_->Send(message, patience, context.stop);
  while (status.ok()) {
    auto answer = worker_->Receive(patience, context.stop);
    if (!answer) {
      status = answer.error();
      break;
    }
    const std::string event = answer->value("event", "");
    if (event == "done") break;
    if (event == "error") {
      status = ErrorFrom(*answer);
      break;
    }
    const auto index = answer->value("index", std::size_t{0});
    if (event == "alive" || index >= requests.size()) continue;
    results[index] = event == "written" ? Result<Completion>(CompletionFrom(*answer)) : ErrorFrom(*answer);
    context.progress.Advance(1);
  }
  context.progress.End();
  if (!status.ok() && worker_->alive()) {  // it cannot be known in what state
    past_peak_ = peak_memory();
    worker_.reset();
  }
  return status;
}

Result<std::vector<Token>> LlamaEngine::Tokenize(const Request& request, const RunContext& context) {
  const std::lock_guard lock(mutex_);
  METERHOUND_RETURN_IF_ERROR(EnsureLoaded(context));
  METERHOUND_RETURN_IF_ERROR(worker_->Send({{"do", "tokenize"}, {"request", ToJson(request)}}, kSilence, context.stop));
  METERHOUND_ASSIGN_OR_RETURN(const Json answer, worker_->Receive(kSilence, context.stop));
  if (answer.value("event", "") != "tokens") return ErrorFrom(answer);
  std::vector<Token> tokens;
  for (const Json& token : answer.at("tokens")) {
    tokens.push_back({token.value("id", std::int64_t{0}), token.value("text", ""), token.value("control", false)});
  }
  return tokens;
}

std::string LlamaEngine::Name() const { return "llama " + options_.model.filename().string(); }

std::size_t LlamaEngine::peak_memory() const {
  return std::max(past_peak_, worker_ ? worker_->peak_memory() : std::size_t{0});
}

std::int64_t LlamaEngine::worker_process() const { return worker_ && worker_->alive() ? worker_->process() : 0; }

}  // namespace meterhound::llm
