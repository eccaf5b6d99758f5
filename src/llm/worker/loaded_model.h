// LoadedModel: a model with its context inside the worker, and prompts as its tokens.
#pragma once

#include <llama.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meterhound::llm {

struct ModelDeleter {
  void operator()(llama_model* model) const { llama_model_free(model); }
};
struct ContextDeleter {
  void operator()(llama_context* context) const { llama_free(context); }
};
struct SamplerDeleter {
  void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
};
using SamplerPointer = std::unique_ptr<llama_sampler, SamplerDeleter>;

struct LoadOptions {
  std::string model;
  std::int32_t threads = 1;
  std::uint32_t context = 2048;
  std::uint32_t ubatch = 128;
  std::uint32_t parallel = 4;
};

/// A prompt in two parts: what is the same from request to request, and the rest.
struct PromptTokens {
  std::vector<llama_token> head;
  std::vector<llama_token> tail;
};

class LoadedModel {
 public:
  static Result<LoadedModel> Load(const LoadOptions& options);

  llama_model* model() const { return model_.get(); }
  llama_context* context() const { return context_.get(); }
  const llama_vocab* vocab() const { return llama_model_get_vocab(model_.get()); }
  std::uint32_t parallel() const { return parallel_; }

  /// The model's chat template around both texts. Only the template's own parts may become control tokens.
  Result<PromptTokens> Tokenize(const std::string& prefix, const std::string& prompt) const;
  std::string Piece(llama_token token, bool special) const;
  bool IsControl(llama_token token) const;

 private:
  std::vector<llama_token> Tokens(std::string_view text, bool parse_special) const;
  std::vector<llama_token> PlainTokens(std::string_view text) const;

  std::unique_ptr<llama_model, ModelDeleter> model_;
  std::unique_ptr<llama_context, ContextDeleter> context_;
  std::uint32_t parallel_ = 1;
};

/// What llama.cpp last complained of, and forgets it.
std::string TakeComplaint();
/// Keeps its complaints; the rest of its talk is dropped.
void ListenToLlama();

}  // namespace meterhound::llm
