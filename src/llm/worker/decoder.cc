// Continuous batching: a text that ends makes room for the next at once.
#include "llm/worker/decoder.h"

#include <algorithm>
#include <map>

#include "base/numbers.h"

namespace meterhound::llm {
namespace {

constexpr double kSignOfLife = 2;  // seconds between messages

}  // namespace

Decoder::Decoder(LoadedModel& model)
    : model_(model), batch_size_(static_cast<std::int32_t>(llama_n_batch(model.context()))) {
  batch_ = llama_batch_init(batch_size_, 0, 1);
  for (std::uint32_t i = model.parallel(); i > 0; --i) free_.push_back(static_cast<llama_seq_id>(i));
}

Decoder::~Decoder() { llama_batch_free(batch_); }

void Decoder::Send(const Json& message) {
  if (!(*report_)(message)) caller_gone_ = true;
  since_report_ = StopWatch();
}

void Decoder::Fail(std::size_t index, const Error& error) {
  Json message = ErrorMessage(error);
  message["event"] = "failed";
  message["index"] = index;
  Send(message);
}

Result<Decoder::Task> Decoder::Prepare(const Json& request, std::size_t index) {
  Task task;
  task.index = index;
  METERHOUND_ASSIGN_OR_RETURN(task.prompt, model_.Tokenize(request.value("prefix", ""), request.value("prompt", "")));
  METERHOUND_ASSIGN_OR_RETURN(
      task.sampler, TokenSampler::Create(model_.vocab(), request.value("grammar", ""),
                                         request.value("temperature", 0.0), request.value("seed", std::uint32_t{0})));
  task.max_tokens = static_cast<std::size_t>(std::max<std::int64_t>(1, request.value("max_tokens", std::int64_t{1})));
  task.timeout = request.value("timeout", 0.0);
  task.accept_cut = request.value("accept_cut", false);
  const std::size_t room = llama_n_ctx(model_.context());
  if (task.prompt.head.size() + task.Need() > room) {
    return InvalidInput("needs " + std::to_string(task.prompt.head.size() + task.Need()) + " tokens (prefix " +
                            std::to_string(task.prompt.head.size()) + ", prompt " +
                            std::to_string(task.prompt.tail.size()) + ", max_tokens " +
                            std::to_string(task.max_tokens) + "), but the context holds " + std::to_string(room),
                        "prompt");
  }
  return task;
}

void Decoder::Complete(const Json& requests, const Report& report) {
  report_ = &report;
  caller_gone_ = false;
  std::map<std::vector<llama_token>, std::deque<Task>> groups;
  std::vector<std::vector<llama_token>> order;  // heads as they first came
  for (std::size_t i = 0; i < requests.size(); ++i) {
    auto task = Prepare(requests[i], i);
    if (!task) {
      Fail(i, task.error());
      continue;
    }
    auto& group = groups[task->prompt.head];
    if (group.empty()) order.push_back(task->prompt.head);
    group.push_back(std::move(*task));
  }
  // A head that is still kept from the last call goes first.
  std::stable_partition(order.begin(), order.end(), [&](const auto& head) { return head == head_; });
  for (const auto& head : order) {
    if (!caller_gone_) RunGroup(std::move(groups[head]));
  }
}

Status Decoder::KeepHead(const std::vector<llama_token>& head) {
  head_fresh_ = false;
  if (head == head_) return {};
  llama_memory_clear(llama_get_memory(model_.context()), /*data=*/false);
  head_.clear();
  for (std::size_t begin = 0; begin < head.size();) {
    batch_.n_tokens = 0;
    for (; begin < head.size() && batch_.n_tokens < batch_size_; ++begin) Add(head[begin], begin, 0, false);
    if (llama_decode(model_.context(), batch_) != 0) {
      llama_memory_clear(llama_get_memory(model_.context()), /*data=*/false);
      return Unavailable("the model cannot read the prompt: " + TakeComplaint());
    }
    if (since_report_.Seconds() > kSignOfLife) Send({{"event", "alive"}});
  }
  head_ = head;
  head_fresh_ = true;
  return {};
}

void Decoder::RunGroup(std::deque<Task> waiting) {
  if (const Status kept = KeepHead(waiting.front().prompt.head); !kept.ok()) {
    for (const Task& task : waiting) Fail(task.index, kept.error());
    return;
  }
  while ((!waiting.empty() || !active_.empty()) && !caller_gone_) {
    Admit(waiting);
    if (!Step()) {
      for (const Task& task : active_) {
        Fail(task.index, Unavailable("the model cannot go on: " + TakeComplaint()));
        Release(task);
      }
      active_.clear();
    }
  }
  for (const Task& task : active_) Release(task);
  active_.clear();
}

void Decoder::Admit(std::deque<Task>& waiting) {
  std::size_t used = head_.size();
  for (const Task& task : active_) used += task.Need();
  while (!waiting.empty() && !free_.empty() && used + waiting.front().Need() <= llama_n_ctx(model_.context())) {
    Task task = std::move(waiting.front());
    waiting.pop_front();
    used += task.Need();
    task.sequence = free_.back();
    free_.pop_back();
    task.head_kept = !head_fresh_;
    head_fresh_ = false;
    task.watch = StopWatch();
    if (!head_.empty()) llama_memory_seq_cp(llama_get_memory(model_.context()), 0, task.sequence, -1, -1);
    active_.push_back(std::move(task));
  }
}

void Decoder::Add(llama_token token, std::size_t position, llama_seq_id sequence, bool logits) {
  const std::int32_t row = batch_.n_tokens++;
  batch_.token[row] = token;
  batch_.pos[row] = static_cast<llama_pos>(position);
  batch_.n_seq_id[row] = 1;
  batch_.seq_id[row][0] = sequence;
  batch_.logits[row] = logits ? 1 : 0;
}

void Decoder::FillBatch() {
  batch_.n_tokens = 0;
  // Texts that are being written first: they need one place each, prompts take the rest.
  for (const bool writing : {true, false}) {
    for (Task& task : active_) {
      if (writing == task.written.empty()) continue;
      task.row = -1;
      const std::size_t total = task.prompt.tail.size() + task.written.size();
      for (; task.fed < total && batch_.n_tokens < batch_size_; ++task.fed) {
        const bool in_prompt = task.fed < task.prompt.tail.size();
        const llama_token token =
            in_prompt ? task.prompt.tail[task.fed] : task.written[task.fed - task.prompt.tail.size()];
        const bool last = task.fed + 1 == total;
        if (last) task.row = batch_.n_tokens;
        Add(token, head_.size() + task.fed, task.sequence, last);
      }
    }
  }
}

bool Decoder::Step() {
  FillBatch();
  if (batch_.n_tokens == 0) return false;
  if (llama_decode(model_.context(), batch_) != 0) return false;
  for (std::size_t i = 0; i < active_.size();) {
    if (Advance(active_[i])) {
      Release(active_[i]);
      active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
  }
  if (since_report_.Seconds() > kSignOfLife) Send({{"event", "alive"}});
  return true;
}

bool Decoder::Advance(Task& task) {
  if (task.row >= 0) {
    const auto token = task.sampler.Sample(model_.context(), task.row);
    if (!token) {
      Fail(task.index, token.error());
      return true;
    }
    task.written.push_back(*token);
    if (llama_vocab_is_eog(model_.vocab(), *token)) {
      Finish(task, "stop");
      return true;
    }
    if (!model_.IsControl(*token)) task.text += model_.Piece(*token, /*special=*/false);
    if (task.written.size() >= task.max_tokens) {
      if (task.accept_cut) {
        Finish(task, "length");
      } else {
        Fail(task.index, CutText(static_cast<std::int64_t>(task.max_tokens)));
      }
      return true;
    }
  }
  if (task.timeout > 0 && task.watch.Seconds() > task.timeout) {
    Fail(task.index, Unavailable("time-out: " + std::to_string(task.written.size()) + " of at most " +
                                 std::to_string(task.max_tokens) + " tokens were written within " +
                                 FormatDouble(task.timeout) + " s"));
    return true;
  }
  return false;
}

void Decoder::Finish(const Task& task, const std::string& finish_reason) {
  Send({{"event", "written"},
        {"index", task.index},
        {"text", task.text},
        {"finish_reason", finish_reason},
        {"prompt_tokens", task.prompt.head.size() + task.prompt.tail.size()},
        {"cached_tokens", task.head_kept ? task.prompt.head.size() : 0},
        {"tokens", task.written.size()},
        {"seconds", task.watch.Seconds()}});
}

void Decoder::Release(const Task& task) {
  llama_memory_seq_rm(llama_get_memory(model_.context()), task.sequence, -1, -1);
  free_.push_back(task.sequence);
}

}  // namespace meterhound::llm
