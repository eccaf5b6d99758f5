// Samples by formula, the same as in oracles/make_drift_goldens.py, and small towns for the monitor's tests.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "monitor/drift.h"
#include "numerics/random.h"

namespace meterhound::monitor {

/// oracles/make_drift_goldens.py: uniforms(count, stream).
inline std::vector<double> Uniforms(std::size_t count, std::uint64_t stream) {
  constexpr std::uint64_t kStep = 0x9e3779b97f4a7c15ULL;
  std::vector<double> to(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t z = kStep * stream + kStep * (i + 1);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z = z ^ (z >> 31);
    to[i] = static_cast<double>(z >> 11) * 0x1.0p-53;
  }
  return to;
}

/// Both samples of a golden's case.
struct Drawn {
  std::vector<double> first;
  std::vector<double> second;
};
inline Drawn Draw(const Json& one) {
  const auto levels = one.at("levels").get<double>();
  const auto sample = [&](const char* count, std::size_t stream, double scale, double shift) {
    std::vector<double> values =
        Uniforms(one.at(count).get<std::size_t>(), one.at("streams").at(stream).get<std::uint64_t>());
    for (double& value : values) {
      value = value * scale + shift;
      if (levels > 0) value = std::floor(value * levels) / levels;
    }
    return values;
  };
  return {sample("n1", 0, 1, 0), sample("n2", 1, one.at("scale").get<double>(), one.at("shift").get<double>())};
}

inline const Json& Goldens() {
  static const Json goldens = [] {
    const std::string path = std::string(METERHOUND_SOURCE_DIR) + "/tests/goldens/monitor/drift.json";
    return ParseJson(ReadFile(path).value(), path).value();
  }();
  return goldens;
}

class MonitorTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  Progress progress_;
  RunContext context_{.pool = pool_, .progress = progress_, .stop = {}};

  DriftReport Compare(const Snapshot& reference, const Snapshot& current, const DriftOptions& options = {}) {
    return CompareWithBaseline(MakeBaseline(reference, context_).value(), current, options, context_).value();
  }
};

/// Correlated columns: all follow the consumer's own level to some degree; every tenth is a count, every seventh lacks
/// values here and there.
inline Snapshot Town(std::size_t rows, std::uint64_t seed, std::size_t columns = 30) {
  numerics::Random random(seed);
  Snapshot town;
  for (std::size_t i = 0; i < columns; ++i) {
    town.features.columns.push_back({.name = "kwh__f" + std::to_string(i),
                                     .group = i % 5 == 0 ? FeatureGroup::kCoverage : FeatureGroup::kBehaviour});
  }
  Usage usage{.segmented_by = "district", .segments = {"east", "north", "south", "west"}, .scale = 0.05};
  for (std::size_t row = 0; row < rows; ++row) {
    town.features.ids.push_back("s" + std::to_string(seed) + "-" + std::to_string(row));
    const double level = random.Normal();
    for (std::size_t i = 0; i < columns; ++i) {
      double value = 0.7 * level + 0.7 * random.Normal();
      if (i % 10 == 0) value = std::floor(2 * value);
      if (i % 7 == 0 && random.Bernoulli(0.05)) value = NAN;
      town.features.values.push_back(value);
    }
    town.scores.push_back(1 / (1 + std::exp(3 - level)));
    town.labels.push_back(random.Bernoulli(0.1) ? 1 : 0);
    usage.ids.push_back(town.features.ids.back());
    usage.level.push_back(2 + 0.6 * level);
    usage.missing.push_back(0.1 * random.Uniform());
    usage.segment_of.push_back(random.Below(4));
  }
  town.usage = usage;
  return town;
}

}  // namespace meterhound::monitor
