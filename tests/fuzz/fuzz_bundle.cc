// Any bytes as a saved model: what is accepted encodes back to itself. The same bytes as a part of a sound model, with
// one byte of the file changed: that is refused.
#include "detectors/bundle.h"
#include "fuzz/fuzz_support.h"

using namespace meterhound;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::Text(data, size);
  const auto bundle = detectors::Bundle::Decode(bytes, "model.mh");
  if (bundle.ok()) {
    const auto again = detectors::Bundle::Decode(bundle->Encode(), "again.mh");
    fuzz::Require(again.ok() && again->parts() == bundle->parts(), "an accepted bundle survives another round");
  } else {
    fuzz::Require(!bundle.error().message.empty(), "an error has words");
  }
  if (size < 4) return 0;
  detectors::Bundle sound;
  sound.SetPart("part", std::string(bytes));
  std::string file = sound.Encode();
  file[(data[0] | data[1] << 8U) % file.size()] ^= static_cast<char>(data[2] | 1U);
  fuzz::Require(!detectors::Bundle::Decode(file, "altered.mh").ok(), "an altered byte is refused");
  return 0;
}
