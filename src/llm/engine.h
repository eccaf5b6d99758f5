// Engine: anything that continues a prompt, whether a GGUF file in a worker process or a server over HTTP.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::llm {

/// One text to write. Nothing in `prefix` or `prompt` is read as a control token, whatever it spells.
struct Request {
  std::string prefix;   ///< the fixed part, as the system message; its work is kept from request to request
  std::string prompt;   ///< what is asked this time, as the user's message
  std::string grammar;  ///< GBNF with the start symbol `root` that the text must follow; empty: any text
  Json choices;         ///< the same constraint as a JSON schema, for servers that know no GBNF; null: none
  std::int64_t max_tokens = 256;
  double temperature = 0.3;  ///< 0: always the likeliest token
  std::uint32_t seed = 1;
  double timeout = 120;     ///< seconds from the beginning of its own work
  bool accept_cut = false;  ///< a text that reaches max_tokens is a Completion ("length"), not an error
};

struct Completion {
  std::string text;
  std::string finish_reason;  ///< "stop", or "length" where the request accepts a cut
  std::int64_t prompt_tokens = 0;
  std::int64_t cached_tokens = 0;  ///< of prompt_tokens: those whose work was kept
  std::int64_t tokens = 0;         ///< written
  double seconds = 0;
};

/// Calls may come from several threads; each waits for the one before.
class Engine {
 public:
  virtual ~Engine() = default;

  /// One result a request, in their order; several are worked on at once. What fails (time-out, cut text, dead server,
  /// crash, memory) is that request's error and spares the others where it can. After a stop the rest is kCancelled.
  virtual std::vector<Result<Completion>> CompleteAll(std::span<const Request> requests, const RunContext& context) = 0;

  Result<Completion> Complete(const Request& request, const RunContext& context) {
    return std::move(CompleteAll({&request, 1}, context).front());
  }

  /// What writes, for the record: "llama SmolLM2-135M-Instruct.Q4_1.gguf", "openai phi3 at http://...".
  virtual std::string Name() const = 0;
};

/// The error of a text that reached `max_tokens` before its end.
inline Error CutText(std::int64_t max_tokens) {
  return Unavailable("the text was cut off at " + std::to_string(max_tokens) + " tokens (finish_reason=length)");
}

}  // namespace meterhound::llm
