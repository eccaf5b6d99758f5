// Any bytes as a file of readings, wide or long, packed or plain: a sound panel or a clear error.
#include "fuzz/fuzz_support.h"
#include "readings/readings.h"

using namespace meterhound;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::MemoryFile file(fuzz::Text(data, size));
  readings::ReadOptions options;
  options.file = file.path();
  const auto panel = readings::ReadPanel(options, fuzz::OneThread());
  if (panel.ok()) {
    fuzz::Require(panel->rows() > 0, "a panel that was read has rows");
    fuzz::Require(panel->Validate().ok(), "a panel that was read is sound");
  } else {
    fuzz::Require(!panel.error().message.empty(), "an error has words");
    fuzz::Require(panel.error().code != ErrorCode::kInternal, "bad input is never an internal error");
  }
  return 0;
}
