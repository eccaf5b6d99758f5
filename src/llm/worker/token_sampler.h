// TokenSampler: the next token of one text, drawn first and held against the grammar afterwards.
#pragma once

#include <string>
#include <vector>

#include "llm/worker/loaded_model.h"

namespace meterhound::llm {

/// Checking one drawn token is far cheaper than masking the whole vocabulary; only a token that the grammar refuses
/// costs that, and is drawn again among those it allows. Both ways give every allowed token the same probability.
class TokenSampler {
 public:
  static Result<TokenSampler> Create(const llama_vocab* vocab, const std::string& grammar, double temperature,
                                     std::uint32_t seed);
  /// From the logits of the batch's row `row`.
  Result<llama_token> Sample(llama_context* context, std::int32_t row);

 private:
  void LoadCandidates(const float* logits);
  bool GrammarAllows(llama_token token) const;
  /// Drops the candidates that the grammar refuses.
  void KeepAllowed();

  std::int32_t vocabulary_ = 0;
  SamplerPointer chain_;
  SamplerPointer grammar_;  // null: any text
  std::vector<llama_token_data> candidates_;
};

}  // namespace meterhound::llm
