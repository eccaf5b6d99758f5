// OpenaiEngine: any server that speaks OpenAI's chat completions: llama-server, vLLM, Ollama, a hosted service.
#pragma once

#include <memory>
#include <string>

#include "llm/engine.h"

namespace meterhound::llm {

/// How a request's constraint is put to the server.
enum class Constraint {
  kJsonSchema,  ///< response_format with the request's `choices`: portable
  kGrammar,     ///< llama-server's `grammar` with the request's GBNF
  kNone,        ///< not at all; the caller checks the text
};
Result<Constraint> ParseConstraint(const std::string& name);

struct OpenaiOptions {
  std::string url;    ///< up to and including the version: "http://127.0.0.1:8080/v1"
  std::string model;  ///< the server's name for it
  std::string key;    ///< sent as bearer token; empty: none
  Constraint constraint = Constraint::kJsonSchema;
};

/// METERHOUND_LLM_KEY, or the first line of the file that METERHOUND_LLM_KEY_FILE names; empty when neither is set.
/// Keys come from nowhere else, so that none lands in a settings file, a saved model or a list of processes.
Result<std::string> ReadKey();

class OpenaiEngine final : public Engine {
 public:
  static Result<std::unique_ptr<OpenaiEngine>> Create(OpenaiOptions options);
  std::vector<Result<Completion>> CompleteAll(std::span<const Request> requests, const RunContext& context) override;
  std::string Name() const override;

 private:
  explicit OpenaiEngine(OpenaiOptions options) : options_(std::move(options)) {}
  Result<Completion> Ask(const Request& request, const RunContext& context) const;

  OpenaiOptions options_;
};

}  // namespace meterhound::llm
