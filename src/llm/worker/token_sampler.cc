// llama.cpp's samplers in the order that costs least.
#include "llm/worker/token_sampler.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace meterhound::llm {
namespace {

constexpr std::size_t kPiece = 2048;  // candidates
constexpr float kLeastShare = 0.05F;  // of the likeliest token's probability; below it a token is never drawn

// What has been written to standard error since `begin`, where the caller keeps it in a file; the grammar's parser says
// there what is wrong.
std::string WordsSince(off_t begin) {
  std::string words(500, '\0');
  const ssize_t got = begin < 0 ? -1 : ::pread(STDERR_FILENO, words.data(), words.size(), begin);
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return words.substr(0, words.find('\n'));
}

}  // namespace

Result<TokenSampler> TokenSampler::Create(const llama_vocab* vocab, const std::string& grammar, double temperature,
                                          std::uint32_t seed) {
  TokenSampler sampler;
  sampler.vocabulary_ = llama_vocab_n_tokens(vocab);
  sampler.candidates_.resize(static_cast<std::size_t>(sampler.vocabulary_));
  sampler.chain_.reset(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  if (temperature <= 0) {
    llama_sampler_chain_add(sampler.chain_.get(), llama_sampler_init_greedy());
  } else {
    llama_sampler_chain_add(sampler.chain_.get(), llama_sampler_init_min_p(kLeastShare, 1));
    llama_sampler_chain_add(sampler.chain_.get(), llama_sampler_init_temp(static_cast<float>(temperature)));
    llama_sampler_chain_add(sampler.chain_.get(), llama_sampler_init_dist(seed));
  }
  if (!grammar.empty()) {
    const off_t words = ::lseek(STDERR_FILENO, 0, SEEK_END);
    sampler.grammar_.reset(llama_sampler_init_grammar(vocab, grammar.c_str(), "root"));
    if (!sampler.grammar_) {
      const std::string complaint = TakeComplaint();
      const std::string reason = WordsSince(words);
      return InvalidInput("the grammar cannot be read: " + (reason.empty() ? complaint : reason), "grammar");
    }
  }
  return sampler;
}

void TokenSampler::LoadCandidates(const float* logits) {
  candidates_.resize(static_cast<std::size_t>(vocabulary_));
  for (std::int32_t id = 0; id < vocabulary_; ++id) candidates_[static_cast<std::size_t>(id)] = {id, logits[id], 0};
}

bool TokenSampler::GrammarAllows(llama_token token) const {
  llama_token_data one = {token, 1, 0};
  llama_token_data_array array = {&one, 1, -1, false};
  llama_sampler_apply(grammar_.get(), &array);
  return std::isfinite(one.logit);
}

// In pieces: llama.cpp holds some 600 bytes for each candidate while it looks.
void TokenSampler::KeepAllowed() {
  for (std::size_t begin = 0; begin < candidates_.size(); begin += kPiece) {
    const std::size_t size = std::min(kPiece, candidates_.size() - begin);
    llama_token_data_array piece = {candidates_.data() + begin, size, -1, false};
    llama_sampler_apply(grammar_.get(), &piece);
  }
  std::erase_if(candidates_, [](const llama_token_data& candidate) { return !std::isfinite(candidate.logit); });
}

Result<llama_token> TokenSampler::Sample(llama_context* context, std::int32_t row) {
  const float* logits = llama_get_logits_ith(context, row);
  if (logits == nullptr) return Error{ErrorCode::kInternal, "llama.cpp gave no logits", {}};
  LoadCandidates(logits);
  llama_token_data_array array = {candidates_.data(), candidates_.size(), -1, false};
  llama_sampler_apply(chain_.get(), &array);
  if (array.selected < 0) return Unavailable("the model gives no likely token");
  llama_token token = array.data[array.selected].id;
  if (grammar_ && !GrammarAllows(token)) {
    LoadCandidates(logits);
    KeepAllowed();
    if (candidates_.empty()) return InvalidInput("the grammar leads to a place where no token fits", "grammar");
    array = {candidates_.data(), candidates_.size(), -1, false};
    llama_sampler_apply(chain_.get(), &array);
    if (array.selected < 0) return Unavailable("the model gives no likely token");
    token = array.data[array.selected].id;
  }
  if (grammar_) llama_sampler_accept(grammar_.get(), token);
  llama_sampler_accept(chain_.get(), token);
  return token;
}

}  // namespace meterhound::llm
