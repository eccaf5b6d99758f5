// Series of any values, lengths and times through every calculator, with its default grid or with one from a dictionary
// of any numbers; twice with the same outcome.
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "base/json.h"
#include "features/extractor.h"
#include "features/settings.h"
#include "fuzz/fuzz_support.h"
#include "numerics/random.h"

using namespace meterhound;

namespace {

constexpr std::size_t kMostPoints = 4096;
constexpr std::size_t kHuge = 20000;  // one in sixteen of the series made from a seed may be as long

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
  constexpr std::array<double, 16> kSpecial = {0,
                                               -0.0,
                                               1,
                                               -1,
                                               Limits::quiet_NaN(),
                                               Limits::infinity(),
                                               -Limits::infinity(),
                                               Limits::denorm_min(),
                                               -Limits::min(),
                                               Limits::max(),
                                               Limits::lowest(),
                                               Limits::epsilon(),
                                               1e300,
                                               1e-300,
                                               0.1,
                                               9007199254740993.0};
  return kSpecial[which % kSpecial.size()];
}

// Each way makes other paths likely: raw bit patterns, small whole numbers with ties, special values among plain ones,
// and long random series made from a seed, with pieces of the former strewn in.
std::vector<double> Series(Bytes& bytes) {
  const auto way = bytes.Take<std::uint8_t>();
  std::vector<double> values;
  if (way % 4 == 3) {
    numerics::Random random(bytes.Take<std::uint32_t>(), 0);
    const std::size_t size = bytes.Take<std::uint16_t>() % (way / 4 % 16 == 15 ? kHuge : kMostPoints);
    for (std::size_t i = 0; i < size; ++i) values.push_back(random.Normal());
    while (!bytes.empty() && size > 0) {
      const std::size_t at = bytes.Take<std::uint16_t>() % size;
      values[at] = Special(bytes.Take<std::uint8_t>());
    }
    return values;
  }
  while (!bytes.empty() && values.size() < kMostPoints) {
    switch (way % 4) {
      case 0:
        values.push_back(bytes.Take<double>());
        break;
      case 1:
        values.push_back(bytes.Take<std::int8_t>() % 8);
        break;
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

// Mostly small numbers, which reach into the series; sometimes any.
Json AnyNumber(Bytes& bytes, bool whole) {
  const auto way = bytes.Take<std::uint8_t>();
  if (way % 16 == 0) return bytes.Take<std::int64_t>();
  if (whole || way % 4 == 0) return way % 16 == 1 ? bytes.Take<std::int16_t>() : bytes.Take<std::int8_t>();
  if (way % 8 == 1) return Special(bytes.Take<std::uint8_t>());
  return bytes.Take<std::int8_t>() / 16.0;
}

Json AnyValue(const Json& usual, Bytes& bytes) {
  if (bytes.Take<std::uint8_t>() % 4 == 0) return usual;
  if (usual.is_boolean()) return bytes.Take<std::uint8_t>() % 2 == 0;
  if (usual.is_number()) return AnyNumber(bytes, usual.is_number_integer());
  if (!usual.is_array()) return usual;
  Json list = Json::array();
  for (std::size_t left = bytes.Take<std::uint8_t>() % 8; left > 0; --left) list.push_back(AnyNumber(bytes, true));
  return list;
}

// A few calculators, each with entries of its default grid whose values are replaced.
Json AnyDictionary(Bytes& bytes) {
  const auto all = features::AllCalculators();
  static const Json usual = [&] {
    Json names = Json::object();
    for (const features::Calculator* calculator : all) names[std::string(calculator->name)] = nullptr;
    return features::FeatureSettings::FromJson(names)->ToJson()["default"];
  }();
  Json dictionary = Json::object();
  for (std::size_t left = 1 + bytes.Take<std::uint8_t>() % 4; left > 0; --left) {
    const std::string name(all[bytes.Take<std::uint8_t>() % all.size()]->name);
    const Json& grid = usual[name];
    for (std::size_t entries = 1 + bytes.Take<std::uint8_t>() % 3; entries > 0; --entries) {
      Json parameters = grid[bytes.Take<std::uint16_t>() % grid.size()];
      for (auto& [key, value] : parameters.items()) value = AnyValue(value, bytes);
      dictionary[name].push_back(parameters);
    }
  }
  return dictionary;
}

/// Null when the dictionary is refused, in words.
std::optional<features::Extractor> Something(Bytes& bytes) {
  const features::KindInfo kind{.name = "value"};
  const auto settings = features::FeatureSettings::FromJson(AnyDictionary(bytes));
  if (!settings.ok()) return std::nullopt;
  auto extractor = features::Extractor::Create(*settings, {&kind, 1});
  fuzz::Require(extractor.ok() || !extractor.error().message.empty(), "an error has words");
  if (!extractor.ok()) return std::nullopt;
  return std::move(extractor).value();
}

void ComputeTwice(const features::Extractor& extractor, const Panel& panel) {
  const auto first = extractor.Extract(panel, fuzz::OneThread());
  fuzz::Require(first.ok(), "extraction is total");
  const auto second = extractor.Extract(panel, fuzz::OneThread());
  for (std::size_t i = 0; i < first->values.size(); ++i) {
    const bool same =
        std::bit_cast<std::uint64_t>(first->values[i]) == std::bit_cast<std::uint64_t>(second->values[i]) ||
        (std::isnan(first->values[i]) && std::isnan(second->values[i]));
    if (!same) std::fprintf(stderr, "%s\n", first->columns[i].name.c_str());
    fuzz::Require(same, "the same series has the same features");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(data, size);
  constexpr std::array kCadences = {Cadence::kSteps, Cadence::kDaily, Cadence::kMonthly};
  const auto first = bytes.Take<std::uint8_t>();
  std::optional<features::Extractor> chosen;
  if (first >= 128 && !(chosen = Something(bytes))) return 0;
  const Panel panel = PanelOf(Series(bytes), kCadences[first % kCadences.size()]);
  ComputeTwice(chosen ? *chosen : Everything(), panel);
  return 0;
}
