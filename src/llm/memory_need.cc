// The arithmetic of llama.cpp's allocations on a CPU, with constants measured once (docs/language-model.md).
#include "llm/memory_need.h"

#include <algorithm>

namespace meterhound::llm {
namespace {

constexpr std::int64_t kCachePadding = 256;  // tokens to which llama.cpp rounds the context up
constexpr double kHalf = 2;                  // bytes of a cached value
constexpr double kFloat = 4;
constexpr double kCandidate = 12;        // bytes of llama_token_data
constexpr double kProgram = 10'000'000;  // an idle worker
constexpr double kBytesAToken = 220;     // of the vocabulary's tables, measured
constexpr double kBytesAMerge = 210;     // of a byte-pair vocabulary's merges, measured

// As doubles, in which no header's numbers overflow.
struct Layers {
  double count = 0;
  double embedding = 0;
  double feed_forward = 0;
  double heads = 0;
  double cached_values = 0;  // of keys and values, a token, all layers
};

double AtLeastZero(std::int64_t number) { return static_cast<double>(std::max<std::int64_t>(0, number)); }

// A number for all layers, or a list with one a layer.
double SumOverLayers(const GgufFile& file, const std::string& key, double layers, double otherwise) {
  if (const auto number = file.ShapeNumber(key)) return AtLeastZero(*number) * layers;
  const auto found = file.values.find(file.architecture() + "." + key);
  if (found == file.values.end()) return otherwise * layers;
  const auto* array = std::get_if<GgufArray>(&found->second);
  if (array == nullptr) return otherwise * layers;
  double sum = 0;
  for (const std::int64_t number : array->numbers) sum += AtLeastZero(number);
  return sum;
}

// Beyond an exabyte it no longer matters how much.
std::size_t Bytes(double bytes) { return static_cast<std::size_t>(std::min(bytes, 1e18)); }

Result<Layers> ReadLayers(const GgufFile& file) {
  const auto size = [&file](const char* key) { return AtLeastZero(file.ShapeNumber(key).value_or(0)); };
  Layers layers;
  layers.count = size("block_count");
  layers.embedding = size("embedding_length");
  layers.heads = size("attention.head_count");
  if (layers.count == 0 || layers.embedding == 0 || layers.heads == 0) {
    return Unsupported("its header does not tell the shape of an attention model (architecture '" +
                       file.architecture() + "')");
  }
  layers.feed_forward = SumOverLayers(file, "feed_forward_length", layers.count, 0) / layers.count;
  const double head = layers.embedding / layers.heads;
  const double key_length = size("attention.key_length") > 0 ? size("attention.key_length") : head;
  const double value_length = size("attention.value_length") > 0 ? size("attention.value_length") : head;
  const double key_heads = SumOverLayers(file, "attention.head_count_kv", layers.count, layers.heads);
  layers.cached_values = key_heads * (key_length + value_length);
  return layers;
}

}  // namespace

Result<MemoryNeed> EstimateMemory(const GgufFile& file, const MemoryShape& shape) {
  METERHOUND_ASSIGN_OR_RETURN(const Layers layers, ReadLayers(file));
  const std::int64_t trained = file.ShapeNumber("context_length").value_or(shape.context);
  const std::int64_t wanted = std::max<std::int64_t>(1, std::min(shape.context, trained));
  const std::int64_t padded = (wanted + kCachePadding - 1) / kCachePadding * kCachePadding;
  const auto context = static_cast<double>(padded);
  const auto ubatch = static_cast<double>(std::min(shape.ubatch, wanted));
  const auto parallel = static_cast<double>(shape.parallel);
  const auto vocabulary = static_cast<double>(file.Count("tokenizer.ggml.tokens"));
  const auto merges = static_cast<double>(file.Count("tokenizer.ggml.merges"));

  MemoryNeed need;
  need.weights = file.weight_bytes();
  need.cache = Bytes(layers.cached_values * context * kHalf);
  const double activations = ubatch * (6 * layers.embedding + 3 * layers.feed_forward) * kFloat;
  const double mask = ubatch * context * (kFloat + kHalf);
  const double logits = 2 * (parallel + 1) * vocabulary * kFloat;
  need.buffers = Bytes(activations + mask + logits + parallel * vocabulary * kCandidate);
  need.program = Bytes(kProgram + vocabulary * kBytesAToken + merges * kBytesAMerge);
  return need;
}

}  // namespace meterhound::llm
