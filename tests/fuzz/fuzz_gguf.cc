// Any bytes as a model's header: what is accepted lies within the file and has a size.
#include "fuzz/fuzz_support.h"
#include "llm/gguf.h"
#include "llm/memory_need.h"

using namespace meterhound;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // Also as the beginning of a larger file, whose tensors may lie beyond what was read.
  for (const std::uint64_t file_bytes : {std::uint64_t{size}, std::uint64_t{size} + (std::uint64_t{1} << 40U)}) {
    const auto file = llm::ParseGguf(fuzz::Text(data, size), file_bytes, "m.gguf");
    if (!file.ok()) {
      fuzz::Require(!file.error().message.empty(), "an error has words");
      fuzz::Require(file.error().code != ErrorCode::kInternal, "bad input is never an internal error");
      continue;
    }
    for (const llm::GgufTensor& tensor : file->tensors) {
      fuzz::Require(file->header_bytes + tensor.offset + tensor.bytes <= file_bytes, "tensors lie within the file");
    }
    const auto need = llm::EstimateMemory(*file, {});
    fuzz::Require(!need.ok() || need->total() >= file->weight_bytes(), "a model needs at least its weights");
  }
  return 0;
}
