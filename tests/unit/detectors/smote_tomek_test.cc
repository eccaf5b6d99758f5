// SMOTE and Tomek links against imbalanced-learn and by their definition.
#include "detectors/smote_tomek.h"

#include <gtest/gtest.h>

#include <set>

#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

struct Overlapping {
  std::vector<double> values;
  std::vector<std::int8_t> labels;
  MatrixView Matrix() const { return {values.data(), labels.size(), 4}; }
};

// oracles/detectors.py: smote_data()
Overlapping MakeOverlapping() {
  const double scale[] = {1.0, 2.0, 0.5, 3.0};
  Overlapping data{Uniforms(300 * 4, 41), std::vector<std::int8_t>(300, 0)};
  for (std::size_t row = 0; row < 300; ++row) {
    if (row % 5 == 0) data.labels[row] = 1;
    for (std::size_t column = 0; column < 4; ++column) {
      double& value = data.values[row * 4 + column];
      value = value * scale[column] + (row % 5 == 0 ? 0.35 : 0);
    }
  }
  return data;
}

std::size_t Count(const std::vector<std::int8_t>& labels, std::int8_t label) {
  return static_cast<std::size_t>(std::count(labels.begin(), labels.end(), label));
}

TEST(SmoteTomek, LinksAreImbalancedLearns) {
  const Overlapping data = MakeOverlapping();
  Context context;
  const auto links = TomekLinks(data.Matrix(), data.labels, context.run).value();
  std::vector<std::size_t> found;
  for (std::size_t row = 0; row < links.size(); ++row) {
    if (links[row] != 0) found.push_back(row);
  }
  EXPECT_EQ(found, Golden("smote.json")["tomek_removed"].get<std::vector<std::size_t>>());
}

TEST(SmoteTomek, CountsAreImbalancedLearns) {
  const Overlapping data = MakeOverlapping();
  Context context;
  const Json golden = Golden("smote.json");
  const Resampled grown = Smote(data.Matrix(), data.labels, {}, context.run).value();
  EXPECT_EQ(Count(grown.labels, 0), golden["smote_counts"][0].get<std::size_t>());
  EXPECT_EQ(Count(grown.labels, 1), golden["smote_counts"][1].get<std::size_t>());
  EXPECT_EQ(grown.synthetic, 180U);
  // What is removed depends on the synthetic rows' random places; always whole links, one row of each class.
  const Resampled cleaned = SmoteTomek(data.Matrix(), data.labels, {}, context.run).value();
  EXPECT_EQ(Count(cleaned.labels, 0), Count(cleaned.labels, 1));
  EXPECT_EQ(cleaned.labels.size() + cleaned.removed, 480U);
  EXPECT_GT(cleaned.removed, 0U);
}

// Every synthetic row lies on the segment from a theft to one of its five nearest thefts.
TEST(SmoteTomek, SyntheticRowsLieBetweenNeighbours) {
  const Overlapping data = MakeOverlapping();
  Context context;
  const Resampled grown = Smote(data.Matrix(), data.labels, {}, context.run).value();
  std::vector<double> few;
  for (std::size_t row = 0; row < 300; row += 5) {
    few.insert(few.end(), data.values.begin() + static_cast<std::ptrdiff_t>(row * 4),
               data.values.begin() + static_cast<std::ptrdiff_t>(row * 4 + 4));
  }
  const MatrixView thefts{few.data(), 60, 4};
  const auto neighbours = NearestNeighbours(thefts, thefts, 5, true, context.run).value();
  for (std::size_t row = 300; row < grown.labels.size(); ++row) {
    EXPECT_EQ(grown.labels[row], 1);
    const auto made = grown.Matrix().Row(row);
    bool explained = false;
    for (std::size_t a = 0; a < 60 && !explained; ++a) {
      for (std::size_t k = 0; k < 5 && !explained; ++k) {
        const auto from = thefts.Row(a);
        const auto to = thefts.Row(neighbours[a * 5 + k]);
        const double share = (made[0] - from[0]) / (to[0] - from[0]);
        if (share < -1e-9 || share > 1 + 1e-9) continue;
        double off = 0;
        for (std::size_t c = 0; c < 4; ++c)
          off = std::max(off, std::fabs(from[c] + share * (to[c] - from[c]) - made[c]));
        explained = off < 1e-9;
      }
    }
    EXPECT_TRUE(explained) << "row " << row;
  }
}

TEST(SmoteTomek, ThreadsChangeNothingAndSeedsDo) {
  const Overlapping data = MakeOverlapping();
  Context one(1);
  Context four(4);
  EXPECT_EQ(SmoteTomek(data.Matrix(), data.labels, {}, one.run)->values,
            SmoteTomek(data.Matrix(), data.labels, {}, four.run)->values);
  EXPECT_NE(SmoteTomek(data.Matrix(), data.labels, {}, one.run)->values,
            SmoteTomek(data.Matrix(), data.labels, {.seed = 2}, one.run)->values);
}

TEST(SmoteTomek, SaysWhatItNeeds) {
  Context context;
  const std::vector<double> values(12, 1.0);
  const std::vector<std::int8_t> labels = {0, 0, 1};
  EXPECT_FALSE(Smote({values.data(), 3, 4}, labels, {}, context.run).ok());
  const std::vector<std::int8_t> one_class = {0, 0, 0};
  EXPECT_FALSE(Smote({values.data(), 3, 4}, one_class, {}, context.run).ok());
}

}  // namespace
}  // namespace meterhound::detectors
