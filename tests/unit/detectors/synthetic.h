// Data by formula, the same as in oracles/detectors.py, and small feature tables with a known signal.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/file.h"
#include "base/hashing.h"
#include "base/json.h"
#include "base/run_context.h"
#include "numerics/random.h"

namespace meterhound::detectors {

/// oracles/detectors.py: uniforms(count, stream).
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

inline Json Golden(const std::string& name) {
  const std::string path = std::string(METERHOUND_SOURCE_DIR) + "/tests/goldens/detectors/" + name;
  return ParseJson(ReadFile(path).value(), path).value();
}

/// A context of its own pool that nobody stops.
struct Context {
  explicit Context(std::size_t threads = 2) : pool(threads), run{pool, progress, {}} {}
  ThreadPool pool;
  Progress progress;
  RunContext run;
};

/// Consumers with a label that the behaviour columns (and, weaker, the coverage ones) speak of.
struct Labelled {
  FeatureTable table;
  std::vector<std::int8_t> labels;
  std::vector<std::uint64_t> hashes;

  Labelled Permuted(const std::vector<std::size_t>& order) const {
    Labelled to{table.SelectRows(order), {}, {}};
    for (const std::size_t row : order) {
      to.labels.push_back(labels[row]);
      to.hashes.push_back(hashes[row]);
    }
    return to;
  }
};

inline std::uint64_t HashRow(std::span<const double> row) {
  Hasher64 hasher;
  for (const double value : row) hasher.Add(value);
  return hasher.Finish();
}

/// 12 columns: 6 behaviour (2 of them informative, one constant, one with infinities), 2 coverage (1 informative, with
/// NaN), 2 attributes, 2 inspection (1 strongly informative).
inline Labelled MakeLabelled(std::size_t rows, std::uint64_t seed, double base_logit = -2) {
  Labelled to;
  const FeatureGroup groups[] = {FeatureGroup::kBehaviour, FeatureGroup::kCoverage,   FeatureGroup::kBehaviour,
                                 FeatureGroup::kBehaviour, FeatureGroup::kBehaviour,  FeatureGroup::kAttribute,
                                 FeatureGroup::kCoverage,  FeatureGroup::kBehaviour,  FeatureGroup::kInspection,
                                 FeatureGroup::kAttribute, FeatureGroup::kInspection, FeatureGroup::kBehaviour};
  for (std::size_t column = 0; column < std::size(groups); ++column) {
    to.table.columns.push_back({"kwh__f" + std::to_string(column), groups[column]});
  }
  numerics::Random random(seed);
  for (std::size_t row = 0; row < rows; ++row) {
    double v[12];
    for (double& value : v) value = random.Normal();
    const bool theft =
        random.Bernoulli(1 / (1 + std::exp(-(base_logit + 1.6 * v[0] + (v[2] > 0.5 ? 1.5 : 0) + 0.8 * v[1]))));
    v[3] = 7;
    if (random.Bernoulli(0.02)) v[4] = random.Bernoulli(0.5) ? INFINITY : -INFINITY;
    if (random.Bernoulli(0.1)) v[1] = NAN;
    v[8] += theft ? 1.5 : 0;
    to.table.ids.push_back("consumer " + std::to_string(row));
    to.table.values.insert(to.table.values.end(), v, v + 12);
    to.labels.push_back(theft ? 1 : 0);
    to.hashes.push_back(HashRow({v, 12}));
  }
  return to;
}

inline std::vector<std::size_t> ShuffledOrder(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  numerics::Random(seed).Shuffle(order);
  return order;
}

/// Spearman's rank correlation of values without ties.
inline double RankCorrelation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto ranks = [](const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return values[i] < values[j]; });
    std::vector<double> rank(values.size());
    for (std::size_t place = 0; place < order.size(); ++place) rank[order[place]] = static_cast<double>(place);
    return rank;
  };
  const auto ra = ranks(a);
  const auto rb = ranks(b);
  const double n = static_cast<double>(a.size());
  double squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) squares += (ra[i] - rb[i]) * (ra[i] - rb[i]);
  return 1 - 6 * squares / (n * (n * n - 1));
}

}  // namespace meterhound::detectors
