// LlamaEngine: a GGUF file through llama.cpp, in a worker process.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "llm/engine.h"
#include "llm/memory_need.h"

namespace meterhound::llm {

class WorkerProcess;

struct LlamaOptions {
  std::filesystem::path model;
  std::int64_t threads = 0;      ///< 0 = the cores the process really has
  MemoryShape shape;             ///< context (shared by all requests worked on at once), ubatch, parallel
  std::size_t memory_limit = 0;  ///< bytes of resident memory; 0 = none
  double load_timeout = 300;     ///< seconds
  std::filesystem::path worker;  ///< empty: FindWorker()
};

/// A token as the model sees it.
struct Token {
  std::int64_t id = 0;
  std::string text;
  bool control = false;  ///< steers the model, like the beginning of a turn
};

/// The worker is started again after it died; one error then tells why it died.
class LlamaEngine final : public Engine {
 public:
  /// Checks the file's header and its need of memory against the limit, then loads it in a worker. kNotFound, kCorrupt
  /// (cut short, garbage), kUnsupported (no such architecture, no llama.cpp) or kUnavailable (memory, time-out, crash).
  static Result<std::unique_ptr<LlamaEngine>> Load(const LlamaOptions& options, const RunContext& context);
  ~LlamaEngine() override;

  std::vector<Result<Completion>> CompleteAll(std::span<const Request> requests, const RunContext& context) override;
  std::string Name() const override;

  /// The whole prompt as tokens, with the model's chat template around it.
  Result<std::vector<Token>> Tokenize(const Request& request, const RunContext& context);
  /// Tokens that all requests worked on at once may have together.
  std::int64_t context_size() const { return context_size_; }
  /// The worker's largest resident set so far, in bytes.
  std::size_t peak_memory() const;
  /// Its process id; 0 when none runs.
  std::int64_t worker_process() const;

 private:
  explicit LlamaEngine(LlamaOptions options);
  Status EnsureLoaded(const RunContext& context);
  Status Exchange(std::span<const Request> requests, std::vector<Result<Completion>>& results,
                  const RunContext& context);

  LlamaOptions options_;
  std::mutex mutex_;
  std::unique_ptr<WorkerProcess> worker_;
  std::int64_t context_size_ = 0;
  std::size_t past_peak_ = 0;  // of workers that are gone
};

}  // namespace meterhound::llm
