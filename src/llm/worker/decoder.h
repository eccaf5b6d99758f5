// Decoder: many texts written at once from one context.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/stop_watch.h"
#include "llm/engine.h"
#include "llm/frames.h"
#include "llm/worker/loaded_model.h"
#include "llm/worker/token_sampler.h"

namespace meterhound::llm {

/// Sequence 0 holds the head that requests share; each text in work has a sequence of its own that begins as its copy,
/// which costs nothing in a unified cache.
class Decoder {
 public:
  /// Takes messages for the caller; false when the caller is gone.
  using Report = std::function<bool(const Json&)>;

  explicit Decoder(LoadedModel& model);
  ~Decoder();
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  /// Writes every request and reports each as it ends: "written" or "failed" with its index; now and then "alive".
  void Complete(const Json& requests, const Report& report);

 private:
  struct Task {
    std::size_t index = 0;
    PromptTokens prompt;
    TokenSampler sampler;
    std::size_t max_tokens = 0;
    double timeout = 0;
    bool accept_cut = false;
    bool head_kept = false;
    llama_seq_id sequence = 0;
    std::size_t fed = 0;  // of the tail and what was written
    std::vector<llama_token> written;
    std::string text;
    std::int32_t row = -1;  // of the batch, where its next token's logits are
    StopWatch watch;

    std::size_t Need() const { return prompt.tail.size() + max_tokens; }
  };

  Result<Task> Prepare(const Json& request, std::size_t index);
  void RunGroup(std::deque<Task> waiting);
  Status KeepHead(const std::vector<llama_token>& head);
  void Admit(std::deque<Task>& waiting);
  /// One batch: the next pieces of prompts and each text's last token. False when nothing can go on.
  bool Step();
  void FillBatch();
  void Add(llama_token token, std::size_t position, llama_seq_id sequence, bool logits);
  /// Takes the next token of a text; true when the text has ended, well or not.
  bool Advance(Task& task);
  void Finish(const Task& task, const std::string& finish_reason);
  void Fail(std::size_t index, const Error& error);
  void Send(const Json& message);
  void Release(const Task& task);

  LoadedModel& model_;
  llama_batch batch_;
  std::int32_t batch_size_;
  std::vector<llama_token> head_;
  bool head_fresh_ = false;  // computed for the task that comes next
  std::vector<Task> active_;
  std::vector<llama_seq_id> free_;
  const Report* report_ = nullptr;
  bool caller_gone_ = false;
  StopWatch since_report_;
};

}  // namespace meterhound::llm
