// MemoryNeed: what a model will hold in memory, told before it is loaded.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "llm/gguf.h"

namespace meterhound::llm {

/// What decides it besides the file.
struct MemoryShape {
  std::int64_t context = 2048;  ///< tokens, of all texts in work together; never more than the model was trained on
  std::int64_t ubatch = 128;    ///< tokens that go through the model at once
  std::int64_t parallel = 4;    ///< texts in work at once
};

/// Bytes.
struct MemoryNeed {
  std::size_t weights = 0;  ///< the file's tensors, mapped
  std::size_t cache = 0;    ///< keys and values of the context's tokens
  std::size_t buffers = 0;  ///< intermediate results, logits, candidates
  std::size_t program = 0;  ///< the worker itself with the vocabulary
  std::size_t total() const { return weights + cache + buffers + program; }
};

/// kUnsupported when the header does not tell the shape of an attention model.
Result<MemoryNeed> EstimateMemory(const GgufFile& file, const MemoryShape& shape);

}  // namespace meterhound::llm
