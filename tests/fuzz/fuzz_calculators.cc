// Series of any values, lengths and times through every calculator with its default grid, twice with the same outcome.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "features/extractor.h"
#include "features/settings.h"
#include "fuzz/fuzz_support.h"
#include "numerics/random.h"

using namespace meterhound;

namespace {

constexpr std::size_t kMostPoints = 4096;

/// Takes what it needs off the front of the input; zeros when there is nothing left.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  template <class T>
  T Take() {
    T value{};
    const std::size_t count = std::min(sizeof(T), size_);
    std::memcpy(&value, data_, count);
    data_ += count;
    size_ -= count;
    return value;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

double Special(std::uint8_t which) {
  using Limits = std::numeric_limits<double>;
  constexpr std::array<double, 16> kSpecial = {
      0, -0.0, 1, -1, Limits::quiet_NaN(), Limits::infinity(), -Limits::infinity(), Limits::denorm_min(), -Limits::min(),
      Limits::max(), Limits::lowest(), Limits::epsilon(), 1e300, 1e-300, 0.1, 9007199254740993.0};
  return kSpecial[which % kSpecial.size()];
}

// Each way makes other paths likely: raw bit patterns, small whole numbers with ties, special values among plain ones, and
// long random series made from a seed, with pieces of the former strewn in.
std::vector<double> Series(Bytes& bytes) {
  const auto way = bytes.Take<std::uint8_t>();
  std::vector<double> values;
  if (way % 4 == 3) {
    numerics::Random random(bytes.Take<std::uint32_t>(), 0);
    const std::size_t size = bytes.Take<std::uint16_t>() % kMostPoints;
    for (std::size_t i = 0; i < size; ++i) values.push_back(random.Normal());
    while (!bytes.empty() && size > 0) {
      const std::size_t at = bytes.Take<std::uint16_t>() % size;
      values[at] = Special(bytes.Take<std::uint8_t>());
    }
    return values;
  }
  while (!bytes.empty() && values.size() < kMostPoints) {
    switch (way % 4) {
      case 0: values.push_back(bytes.Take<double>()); break;
      case 1: values.push_back(bytes.Take<std::int8_t>() % 8); break;
      default: {
        const auto byte = bytes.Take<std::uint8_t>();
        values.push_back(byte < 64 ? Special(byte) : byte * 0.25);
      }
    }
  }
  return values;
}

Panel PanelOf(const std::vector<double>& values, Cadence cadence) {
  auto timeline = std::make_shared<Timeline>();
  timeline->cadence = cadence;
  SeriesKind kind{.name = "value",
                  .unit = "kWh",
                  .group = FeatureGroup::kBehaviour,
                  .timeline = nullptr,
                  .values = values,
                  .missing = {}};
  double time = 1388534400;
  for (const double value : values) {
    timeline->times.push_back(time);
    time += cadence == Cadence::kMonthly ? 30 * 86400 : cadence == Cadence::kDaily ? 86400 : 1800;
    kind.missing.push_back(std::isnan(value) ? 1 : 0);
  }
  kind.timeline = timeline;
  Panel panel;
  panel.ids = {"one"};
  panel.labels = {kUnlabelled};
  panel.kinds = {kind};
  return panel;
}

const features::Extractor& Everything() {
  static const features::Extractor extractor = [] {
    std::string all;
    for (const std::string& preset : features::PresetNames()) all += (all.empty() ? "" : "+") + preset;
    const auto settings = features::FeatureSettings::FromPreset(all);
    const features::KindInfo kind{.name = "value"};
    return features::Extractor::Create(*settings, {&kind, 1}).value();
  }();
  return extractor;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  constexpr std::array kCadences = {Cadence::kSteps, Cadence::kDaily, Cadence::kMonthly};
  const Cadence cadence = kCadences[bytes.Take<std::uint8_t>() % kCadences.size()];
  const Panel panel = PanelOf(Series(bytes), cadence);
  const auto first = Everything().Extract(panel, fuzz::OneThread());
  fuzz::Require(first.ok(), "extraction is total");
  const auto second = Everything().Extract(panel, fuzz::OneThread());
  for (std::size_t i = 0; i < first->values.size(); ++i) {
    const bool same = std::bit_cast<std::uint64_t>(first->values[i]) == std::bit_cast<std::uint64_t>(second->values[i]) ||
                      (std::isnan(first->values[i]) && std::isnan(second->values[i]));
    if (!same) std::fprintf(stderr, "%s\n", first->columns[i].name.c_str());
    fuzz::Require(same, "the same series has the same features");
  }
  return 0;
}
