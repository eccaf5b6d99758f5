// Any bytes as a source mapping.
#include "fuzz/fuzz_support.h"
#include "readings/source_mapping.h"

using namespace meterhound;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto mapping = readings::ParseSourceMapping(fuzz::Text(data, size), "mapping.yaml");
  if (!mapping.ok()) {
    fuzz::Require(!mapping.error().message.empty(), "an error has words");
    fuzz::Require(mapping.error().code != ErrorCode::kInternal, "bad input is never an internal error");
  }
  return 0;
}
