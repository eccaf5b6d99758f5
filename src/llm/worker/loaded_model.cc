// Loading with little memory, and the chat template cut apart so that no text can pose as it.
#include "llm/worker/loaded_model.h"

#include <algorithm>
#include <array>
#include <utility>

namespace meterhound::llm {
namespace {

std::string& Complaint() {
  static std::string complaint;
  return complaint;
}

void Listen(ggml_log_level level, const char* text, void*) {
  if (level < GGML_LOG_LEVEL_ERROR || level == GGML_LOG_LEVEL_CONT) return;
  std::string line(text);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (line.empty()) return;
  std::string& complaint = Complaint();
  if (complaint.size() < 1000) complaint += (complaint.empty() ? "" : "; ") + line;
}

// Stand for the two texts while the template is applied; in no template.
constexpr std::string_view kSystemMark = "\x02system\x02";
constexpr std::string_view kUserMark = "\x02user\x02";

struct TemplateParts {
  std::string before;
  std::string between;
  std::string after;
};

Result<TemplateParts> ApplyTemplate(const char* chat_template, bool with_prefix) {
  const std::string system(kSystemMark);
  const std::string user(kUserMark);
  std::array<llama_chat_message, 2> messages = {{{"system", system.c_str()}, {"user", user.c_str()}}};
  const llama_chat_message* first = with_prefix ? messages.data() : messages.data() + 1;
  const std::size_t count = with_prefix ? 2 : 1;
  std::string text(4096, '\0');
  const auto apply = [&] {
    return llama_chat_apply_template(chat_template, first, count, /*add_ass=*/true, text.data(),
                                     static_cast<std::int32_t>(text.size()));
  };
  std::int32_t length = apply();
  if (length > static_cast<std::int32_t>(text.size())) {
    text.resize(static_cast<std::size_t>(length));
    length = apply();
  }
  if (length < 0) return Unsupported("llama.cpp does not know the model's chat template");
  text.resize(static_cast<std::size_t>(length));
  TemplateParts parts;
  const std::size_t user_at = text.find(kUserMark);
  const std::size_t system_at = with_prefix ? text.find(kSystemMark) : std::string::npos;
  if (user_at == std::string::npos || (with_prefix && (system_at == std::string::npos || system_at > user_at))) {
    return Unsupported("the model's chat template leaves out a message");
  }
  if (with_prefix) {
    parts.before = text.substr(0, system_at);
    parts.between = text.substr(system_at + kSystemMark.size(), user_at - system_at - kSystemMark.size());
  } else {
    parts.before = text.substr(0, user_at);
  }
  parts.after = text.substr(user_at + kUserMark.size());
  return parts;
}

void Append(std::vector<llama_token>& to, const std::vector<llama_token>& tokens) {
  to.insert(to.end(), tokens.begin(), tokens.end());
}

llama_context_params ContextParameters(const LoadOptions& options, std::uint32_t trained_context) {
  llama_context_params parameters = llama_context_default_params();
  parameters.n_ctx = std::min(options.context, trained_context);
  parameters.n_ubatch = std::min(options.ubatch, parameters.n_ctx);
  parameters.n_batch = parameters.n_ubatch;     // one step, after which time and caller are looked at
  parameters.n_seq_max = options.parallel + 1;  // one keeps the head
  parameters.n_outputs_max = parameters.n_seq_max;
  parameters.n_threads = options.threads;
  parameters.n_threads_batch = options.threads;
  parameters.kv_unified = true;  // the head is shared, and one long request may take what short ones leave
  parameters.no_perf = true;
  return parameters;
}

}  // namespace

void ListenToLlama() { llama_log_set(&Listen, nullptr); }

std::string TakeComplaint() { return std::exchange(Complaint(), {}); }

Result<LoadedModel> LoadedModel::Load(const LoadOptions& options) {
  LoadedModel loaded;
  loaded.parallel_ = options.parallel;
  llama_model_params parameters = llama_model_default_params();
  parameters.load_mode = LLAMA_LOAD_MODE_MMAP;
  parameters.use_extra_bufts = false;  // repacked weights would be held twice
  parameters.n_gpu_layers = 0;
  loaded.model_.reset(llama_model_load_from_file(options.model.c_str(), parameters));
  if (!loaded.model_) return Unsupported("llama.cpp cannot load it: " + TakeComplaint(), options.model);
  if (llama_model_has_encoder(loaded.model()) || !llama_model_has_decoder(loaded.model())) {
    return Unsupported("is no model that continues text", options.model);
  }
  if (llama_vocab_type(loaded.vocab()) == LLAMA_VOCAB_TYPE_NONE) {
    return Unsupported("has no vocabulary", options.model);
  }
  const auto trained = static_cast<std::uint32_t>(std::max(1, llama_model_n_ctx_train(loaded.model())));
  loaded.context_.reset(llama_init_from_model(loaded.model(), ContextParameters(options, trained)));
  if (!loaded.context_) return Unavailable("llama.cpp cannot make a context: " + TakeComplaint(), options.model);
  return loaded;
}

std::string LoadedModel::Piece(llama_token token, bool special) const {
  std::string piece(64, '\0');
  std::int32_t length = llama_token_to_piece(vocab(), token, piece.data(), 64, 0, special);
  if (length < 0) {
    piece.resize(static_cast<std::size_t>(-length));
    length = llama_token_to_piece(vocab(), token, piece.data(), -length, 0, special);
  }
  piece.resize(static_cast<std::size_t>(std::max(0, length)));
  return piece;
}

// Besides what llama.cpp calls control: tokens like <|user|> that a file only calls user-defined.
bool LoadedModel::IsControl(llama_token token) const {
  if (llama_vocab_is_control(vocab(), token) || llama_vocab_is_eog(vocab(), token)) return true;
  if ((llama_vocab_get_attr(vocab(), token) & LLAMA_TOKEN_ATTR_USER_DEFINED) == 0) return false;
  const std::string_view text = llama_vocab_get_text(vocab(), token);
  return text.size() > 2 && text.front() == '<' && text.back() == '>';
}

std::vector<llama_token> LoadedModel::Tokens(std::string_view text, bool parse_special) const {
  if (text.empty()) return {};
  std::vector<llama_token> tokens(text.size() + 8);
  const auto tokenize = [&] {
    return llama_tokenize(vocab(), text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                          static_cast<std::int32_t>(tokens.size()), /*add_special=*/false, parse_special);
  };
  std::int32_t count = tokenize();
  if (count < 0) {
    tokens.resize(static_cast<std::size_t>(-count));
    count = tokenize();
  }
  tokens.resize(static_cast<std::size_t>(std::max(0, count)));
  return tokens;
}

// A text that spells a control token is cut inside the spelling, so that it stays text.
std::vector<llama_token> LoadedModel::PlainTokens(std::string_view text) const {
  std::vector<llama_token> plain;
  for (const llama_token token : Tokens(text, /*parse_special=*/false)) {
    if (!IsControl(token)) {
      plain.push_back(token);
      continue;
    }
    const std::string spelling = Piece(token, /*special=*/true);
    for (const std::string_view part :
         {std::string_view(spelling).substr(0, 1), std::string_view(spelling).substr(1)}) {
      for (const llama_token piece : Tokens(part, /*parse_special=*/false)) {
        if (!IsControl(piece)) plain.push_back(piece);
      }
    }
  }
  return plain;
}

Result<PromptTokens> LoadedModel::Tokenize(const std::string& prefix, const std::string& prompt) const {
  PromptTokens tokens;
  if (llama_vocab_get_add_bos(vocab()) && llama_vocab_bos(vocab()) != LLAMA_TOKEN_NULL) {
    tokens.head.push_back(llama_vocab_bos(vocab()));
  }
  const char* chat_template = llama_model_chat_template(model(), nullptr);
  if (chat_template == nullptr) {  // a model that only continues text
    Append(tokens.head, PlainTokens(prefix.empty() ? "" : prefix + "\n\n"));
    Append(tokens.tail, PlainTokens(prompt));
  } else {
    METERHOUND_ASSIGN_OR_RETURN(const TemplateParts parts, ApplyTemplate(chat_template, !prefix.empty()));
    Append(tokens.head, Tokens(parts.before, /*parse_special=*/true));
    Append(tokens.head, PlainTokens(prefix));
    Append(tokens.head, Tokens(parts.between, /*parse_special=*/true));
    Append(tokens.tail, PlainTokens(prompt));
    Append(tokens.tail, Tokens(parts.after, /*parse_special=*/true));
  }
  if (tokens.tail.empty()) return InvalidInput("the prompt is empty");
  return tokens;
}

}  // namespace meterhound::llm
