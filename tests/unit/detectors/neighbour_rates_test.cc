// What a target statistic may know: development rows alone, and of its own row nothing.
#include "detectors/neighbour_rates.h"

#include <gtest/gtest.h>

#include <cmath>

#include "detectors/cross_validation.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

// Everybody is everybody's neighbour within groups of `size`, the nearer the closer in number.
Neighbours Groups(const std::vector<std::uint64_t>& hashes, std::size_t size) {
  Neighbours all{.spec = {.name = "round", .attribute = "region"}, .reference = hashes, .offsets = {0}, .entries = {}};
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    std::vector<Neighbour> of_row;
    for (std::size_t other = row / size * size; other < std::min(hashes.size(), row / size * size + size); ++other) {
      if (other == row) continue;
      const auto distance = static_cast<float>(other > row ? other - row : row - other);
      of_row.push_back({static_cast<std::uint32_t>(other), 1 / (1 + distance)});
    }
    std::stable_sort(of_row.begin(), of_row.end(),
                     [](const auto& a, const auto& b) { return a.similarity > b.similarity; });
    all.entries.insert(all.entries.end(), of_row.begin(), of_row.end());
    all.offsets.push_back(all.entries.size());
  }
  return all;
}

TEST(NeighbourRates, AreSmoothedSharesOfKnownNeighbours) {
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < 12; ++i) hashes.push_back(1000 + i);
  const std::vector<std::int8_t> labels = {1, 1, 0, 0, 0, 0};
  // Rows 0 to 5 are known; 6 to 11 are not, whatever they are.
  const auto rates = NeighbourRates::Learn(std::span(hashes).first(6), labels, 3);
  const Neighbours neighbours = Groups(hashes, 12);
  const std::vector<std::size_t> rows = {7};
  const std::vector<double> values = rates.Of(neighbours, rows, {});
  const double base = 2.0 / 6;
  double weighted = 0;
  double weight = 0;
  for (int other = 0; other < 6; ++other) {
    const double likeness = 1.0 / (1 + (7 - other));
    weighted += likeness * labels[other];
    weight += likeness;
  }
  EXPECT_NEAR(values[0], (weighted + 2 * base) / (weight + 2), 1e-6);
  EXPECT_NEAR(values[3], (2 + base) / (6 + 1), 1e-12);
  EXPECT_NEAR(values[5], (2 + 10 * base) / (6 + 10), 1e-12);
  EXPECT_EQ(values[6], 0);  // fewer than 30 are known
  EXPECT_EQ(values[7], 6);
  const auto loaded = NeighbourRates::Load(rates.Serialize()).value();
  EXPECT_EQ(loaded.Of(neighbours, rows, {}), values);
  EXPECT_FALSE(NeighbourRates::Load(rates.Serialize().substr(0, 20)).ok());
}

TEST(NeighbourRates, ARowsOwnLabelChangesNothingOfItsOwn) {
  std::vector<std::uint64_t> hashes;
  std::vector<std::int8_t> labels;
  std::vector<std::size_t> rows;
  numerics::Random random(8);
  for (std::uint64_t i = 0; i < 300; ++i) {
    hashes.push_back(numerics::MixSeed(i, 1));
    labels.push_back(random.Bernoulli(0.2) ? 1 : 0);
    rows.push_back(i);
  }
  const Neighbours neighbours = Groups(hashes, 50);
  const std::vector<double> before = NeighbourRates::Learn(hashes, labels, 3).Of(neighbours, rows, hashes);
  std::size_t reached = 0;
  for (std::size_t row = 0; row < 50; ++row) {
    std::vector<std::int8_t> changed = labels;
    changed[row] = labels[row] == 1 ? 0 : 1;
    // The base rate moves for all; swap another row's label too, so that it stays.
    std::size_t other = 200;
    while (labels[other] != changed[row]) ++other;
    changed[other] = labels[row];
    const std::vector<double> after = NeighbourRates::Learn(hashes, changed, 3).Of(neighbours, rows, hashes);
    for (std::size_t k = 0; k < NeighbourRates::kWidth; ++k) {
      EXPECT_EQ(before[row * NeighbourRates::kWidth + k], after[row * NeighbourRates::kWidth + k]);
    }
    for (std::size_t near = 0; near < 50; ++near) reached += before[near * 8] != after[near * 8] ? 1 : 0;
  }
  EXPECT_GT(reached, 1000U);
}

// Theft by groups: neighbours tell it, and nothing else does. Shuffled, they tell nothing; a leak would.
TEST(NeighbourRates, HelpWhereTheftIsNotSpreadEvenlyAndOnlyThere) {
  Labelled data = MakeLabelled(2000, 5);
  numerics::Random random(2);
  for (std::size_t row = 0; row < 2000; ++row)
    data.labels[row] = random.Bernoulli(row / 40 % 4 == 0 ? 0.5 : 0.05) ? 1 : 0;
  data.table.columns.resize(2);
  std::vector<double> noise;
  for (std::size_t i = 0; i < 4000; ++i) noise.push_back(random.Normal());
  data.table.values = noise;
  data.table.columns[0].group = data.table.columns[1].group = FeatureGroup::kBehaviour;
  CrossValidationOptions options;
  options.detector.trees.n_estimators = 60;
  options.detector.trees.max_depth = 3;
  options.detector.use_forest = false;
  options.metrics.bootstraps = 0;
  Context context;
  const auto auc = [&] {
    const auto result = CrossValidate(data.table, data.labels, data.hashes, options, context.run).value();
    return result.evaluation.views[0].pooled.roc_auc.value;
  };
  EXPECT_NEAR(auc(), 0.5, 0.06);
  data.table.neighbours = std::make_shared<const Neighbours>(Groups(data.hashes, 40));
  EXPECT_GT(auc(), 0.72);
  numerics::Random(7).Shuffle(data.labels);
  EXPECT_NEAR(auc(), 0.5, 0.06);
}

TEST(NeighbourRates, AModelThatKnowsThemAsksForThem) {
  Labelled data = MakeLabelled(600, 5);
  data.table.neighbours = std::make_shared<const Neighbours>(Groups(data.hashes, 30));
  HybridOptions options;
  options.trees.n_estimators = 20;
  Context context;
  const auto fitted = HybridDetector::Fit(data.table, data.labels, data.hashes, options, context.run).value();
  EXPECT_EQ(fitted.ModelColumns()[fitted.ModelColumns().size() - 2].name, "round__neighbour_thefts__stat_\"known\"");
  EXPECT_EQ(fitted.ModelColumns().back().name, kNoveltyColumn);
  Bundle bundle;
  ASSERT_TRUE(fitted.Serialize(bundle).ok());
  const auto loaded = HybridDetector::Load(Bundle::Decode(bundle.Encode(), "m").value()).value();
  const std::vector<std::size_t> some = {3, 500};
  const auto whole = fitted.Score(data.table, context.run).value();
  const auto part = loaded.Score(data.table.SelectRows(some), context.run).value();
  EXPECT_EQ(whole[3].margin, part[0].margin);
  EXPECT_EQ(whole[500].margin, part[1].margin);
  data.table.neighbours = nullptr;
  EXPECT_FALSE(fitted.Score(data.table, context.run).ok());
  HybridOptions behaviour = options;
  behaviour.excluded_groups = {FeatureGroup::kAttribute};
  EXPECT_TRUE(HybridDetector::Fit(data.table, data.labels, data.hashes, behaviour, context.run).ok());
}

}  // namespace
}  // namespace meterhound::detectors
