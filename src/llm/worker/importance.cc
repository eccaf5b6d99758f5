// Sums of squares of the activations, collected while the model reads a text; the same sums as in llama.cpp's imatrix.
#include "llm/worker/importance.h"

#include <gguf.h>

#include <algorithm>
#include <cstring>

#include "base/file.h"
#include "llm/worker/loaded_model.h"

namespace meterhound::llm {
namespace {

constexpr std::int64_t kPiece = 512;      // tokens
constexpr std::int64_t kFewestRows = 16;  // of a matrix product that counts

struct Sums {
  std::map<std::string, std::vector<double>> squares;
  std::map<std::string, double> rows;
};

// Called before (`ask`) and after each operation of the model.
bool Collect(ggml_tensor* tensor, bool ask, void* user) {
  if (tensor->op != GGML_OP_MUL_MAT) return false;
  const ggml_tensor* weights = tensor->src[0];
  const ggml_tensor* input = tensor->src[1];
  const bool wanted = input->type == GGML_TYPE_F32 && input->ne[1] >= kFewestRows && input->ne[2] == 1 &&
                      input->ne[3] == 1 && std::strncmp(weights->name, "blk.", 4) == 0;
  if (ask || !wanted) return wanted;
  auto& sums = *static_cast<Sums*>(user);
  auto& squares = sums.squares[weights->name];
  squares.resize(static_cast<std::size_t>(input->ne[0]));
  for (std::int64_t row = 0; row < input->ne[1]; ++row) {
    const char* bytes = static_cast<const char*>(input->data) + static_cast<std::size_t>(row) * input->nb[1];
    const auto* values = reinterpret_cast<const float*>(bytes);
    for (std::size_t column = 0; column < squares.size(); ++column) {
      squares[column] += static_cast<double>(values[column]) * static_cast<double>(values[column]);
    }
  }
  sums.rows[weights->name] += static_cast<double>(input->ne[1]);
  return true;
}

Importance Means(const Sums& sums) {
  Importance importance;
  for (const auto& [name, squares] : sums.squares) {
    std::vector<float>& means = importance[name];
    for (const double square : squares) means.push_back(static_cast<float>(square / sums.rows.at(name)));
  }
  return importance;
}

Result<Importance> FromText(const std::string& model, const std::string& text, const std::string& where, int threads) {
  llama_model_params parameters = llama_model_default_params();
  parameters.use_extra_bufts = false;
  const std::unique_ptr<llama_model, ModelDeleter> loaded(llama_model_load_from_file(model.c_str(), parameters));
  if (!loaded) return Unsupported("llama.cpp cannot load it: " + TakeComplaint(), model);
  const llama_vocab* vocab = llama_model_get_vocab(loaded.get());
  std::vector<llama_token> tokens(text.size() + 8);
  const std::int32_t count = llama_tokenize(vocab, text.data(), static_cast<std::int32_t>(text.size()), tokens.data(),
                                            static_cast<std::int32_t>(tokens.size()), false, false);
  tokens.resize(static_cast<std::size_t>(std::max(0, count)));
  const auto piece = static_cast<std::size_t>(std::min<std::int64_t>(kPiece, llama_model_n_ctx_train(loaded.get())));
  if (tokens.size() < piece) {
    return InvalidInput("is too short to learn importance from: it has " + std::to_string(tokens.size()) +
                            " tokens, expected at least " + std::to_string(piece),
                        where);
  }
  Sums sums;
  llama_context_params shape = llama_context_default_params();
  shape.n_ctx = shape.n_batch = shape.n_ubatch = static_cast<std::uint32_t>(piece);
  shape.n_threads = shape.n_threads_batch = threads;
  shape.cb_eval = &Collect;
  shape.cb_eval_user_data = &sums;
  const std::unique_ptr<llama_context, ContextDeleter> context(llama_init_from_model(loaded.get(), shape));
  if (!context) return Unavailable("llama.cpp cannot make a context: " + TakeComplaint(), model);
  llama_batch batch = llama_batch_init(static_cast<std::int32_t>(piece), 0, 1);
  bool read = true;
  for (std::size_t begin = 0; read && begin + piece <= tokens.size(); begin += piece) {
    llama_memory_clear(llama_get_memory(context.get()), false);
    batch.n_tokens = static_cast<std::int32_t>(piece);
    for (std::size_t i = 0; i < piece; ++i) {
      batch.token[i] = tokens[begin + i];
      batch.pos[i] = static_cast<llama_pos>(i);
      batch.n_seq_id[i] = 1;
      batch.seq_id[i][0] = 0;
      batch.logits[i] = 1;  // without outputs the last layer would be computed for one row alone
    }
    read = llama_decode(context.get(), batch) == 0;
  }
  llama_batch_free(batch);
  if (!read) return Unavailable("the model cannot read the text: " + TakeComplaint(), where);
  return Means(sums);
}

struct GgufDeleter {
  void operator()(gguf_context* file) const { gguf_free(file); }
};
struct GgmlDeleter {
  void operator()(ggml_context* context) const { ggml_free(context); }
};

Result<Importance> FromGguf(const std::string& path) {
  ggml_context* made = nullptr;
  const gguf_init_params parameters = {.no_alloc = false, .ctx = &made};
  const std::unique_ptr<gguf_context, GgufDeleter> file(gguf_init_from_file(path.c_str(), parameters));
  const std::unique_ptr<ggml_context, GgmlDeleter> tensors(made);
  if (!file || !tensors) return Corrupt("cannot be read as GGUF: " + TakeComplaint(), path);
  Importance importance;
  constexpr std::string_view kSums = ".in_sum2";
  for (ggml_tensor* sums = ggml_get_first_tensor(made); sums != nullptr; sums = ggml_get_next_tensor(made, sums)) {
    const std::string_view name = sums->name;
    if (!name.ends_with(kSums) || sums->type != GGML_TYPE_F32) continue;
    const std::string weights(name.substr(0, name.size() - kSums.size()));
    const ggml_tensor* counts = ggml_get_tensor(made, (weights + ".counts").c_str());
    if (counts == nullptr || counts->type != GGML_TYPE_F32 || counts->ne[0] * ggml_nrows(counts) != ggml_nrows(sums)) {
      return Corrupt("has sums of " + weights + " without fitting counts", path);
    }
    std::vector<float>& means = importance[weights];
    for (std::int64_t row = 0; row < ggml_nrows(sums); ++row) {
      const float count = static_cast<const float*>(counts->data)[row];
      for (std::int64_t column = 0; column < sums->ne[0]; ++column) {
        const float sum = static_cast<const float*>(sums->data)[row * sums->ne[0] + column];
        means.push_back(count > 0 ? sum / count : 1.0F);
      }
    }
  }
  if (importance.empty()) return InvalidInput("holds no importance matrix (tensors named *.in_sum2)", path);
  return importance;
}

}  // namespace

Result<Importance> ReadImportance(const std::string& model, const std::string& file, int threads) {
  const auto bytes = ReadFile(file);
  if (!bytes) return bytes.error();
  if (bytes->starts_with("GGUF")) return FromGguf(file);
  if (bytes->find('\0') != std::string::npos) {
    return InvalidInput("is neither a text nor an importance matrix in GGUF (the older .dat form is not read)", file);
  }
  return FromText(model, *bytes, file, threads);
}

}  // namespace meterhound::llm
