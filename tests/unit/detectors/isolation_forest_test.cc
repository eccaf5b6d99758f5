// The isolation forest against scikit-learn's, and its stored form.
#include "detectors/isolation_forest.h"

#include <gtest/gtest.h>

#include "detectors/evaluation.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

constexpr std::size_t kRows = 1500;
constexpr std::size_t kColumns = 8;
constexpr std::size_t kStrangers = 60;

/// oracles/detectors.py: forest_data().
std::vector<double> ForestData() {
  const std::vector<double> u = Uniforms(kRows * kColumns, 21);
  std::vector<double> x(u.size());
  for (std::size_t i = 0; i < kRows; ++i) {
    const double* from = u.data() + i * kColumns;
    double* to = x.data() + i * kColumns;
    for (std::size_t j = 0; j < kColumns; ++j)
      to[j] = std::sqrt(from[j]) * static_cast<double>(j + 1) + from[(j + 3) % 8];
    to[5] = 7;
    if (i >= kStrangers) continue;
    to[0] += 1.5 * from[1];
    to[2] -= 2.5 * from[6];
    to[4] += 2.0 * from[3];
  }
  return x;
}

TEST(IsolationForest, RanksAsScikitLearnDoes) {
  ThreadPool pool(2);
  const std::vector<double> x = ForestData();
  const MatrixView matrix{x.data(), kRows, kColumns};
  std::vector<std::int8_t> strange(kRows, 0);
  std::fill_n(strange.begin(), kStrangers, std::int8_t{1});
  const Json golden = Golden("forest.json");
  const auto peer = golden["mean_scores"].get<std::vector<double>>();
  std::vector<double> mean(kRows, 0);
  double auc = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const auto forest = IsolationForest::Fit(matrix, {.seed = seed}, pool);
    ASSERT_TRUE(forest.ok()) << forest.error().ToString();
    const std::vector<double> scores = forest->Score(matrix, pool);
    EXPECT_GT(RankCorrelation(scores, peer), golden["spearman_to_mean_least"].get<double>() - 0.02) << seed;
    for (std::size_t i = 0; i < kRows; ++i) mean[i] += scores[i] / 20;
    auc += RocAuc(scores, strange) / 20;
  }
  EXPECT_GT(RankCorrelation(mean, peer), 0.99);
  // The mean of 20 differs from the peer's mean of 20 by sd * sqrt(2 / 20) or so.
  EXPECT_NEAR(auc, golden["auc_mean"].get<double>(), 4 * golden["auc_sd"].get<double>() * std::sqrt(0.1));
  double difference = 0;
  for (std::size_t i = 0; i < kRows; ++i) difference += (mean[i] - peer[i]) / kRows;
  EXPECT_NEAR(difference, 0, 0.003);
}

TEST(IsolationForest, SameBytesForAnyThreadsAndSameScoresRowByRow) {
  ThreadPool one(1);
  ThreadPool four(4);
  const std::vector<double> x = ForestData();
  const MatrixView matrix{x.data(), kRows, kColumns};
  const auto first = IsolationForest::Fit(matrix, {.seed = 3}, one).value();
  const auto second = IsolationForest::Fit(matrix, {.seed = 3}, four).value();
  EXPECT_EQ(first.Serialize(), second.Serialize());
  EXPECT_NE(first.Serialize(), IsolationForest::Fit(matrix, {.seed = 4}, four).value().Serialize());
  const std::vector<double> scores = first.Score(matrix, four);
  std::size_t above = 0;
  for (std::size_t i = 0; i < kRows; ++i) {
    EXPECT_EQ(scores[i], first.ScoreRow(matrix.Row(i)));
    EXPECT_GT(scores[i], 0);
    EXPECT_LE(scores[i], 1);
    above += scores[i] > first.threshold() ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(above) / kRows, 0.05, 0.002);
}

TEST(IsolationForest, ConstantDataScoresAlike) {
  ThreadPool pool(1);
  const std::vector<double> x(100, 4.0);
  const auto forest = IsolationForest::Fit(MatrixView{x.data(), 50, 2}, {}, pool);
  ASSERT_TRUE(forest.ok());
  const double same[] = {4.0, 4.0};
  const double other[] = {9.0, -1.0};
  EXPECT_EQ(forest->ScoreRow(same), forest->ScoreRow(other));
  EXPECT_DOUBLE_EQ(forest->ScoreRow(same), 0.5);  // a path of c(n) over c(n)
  EXPECT_FALSE(IsolationForest::Fit(MatrixView{x.data(), 1, 2}, {}, pool).ok());
  EXPECT_FALSE(IsolationForest::Fit(MatrixView{x.data(), 50, 2}, {.contamination = 0.9}, pool).ok());
}

TEST(IsolationForest, HugeRangesDoNotOverflow) {
  ThreadPool pool(1);
  std::vector<double> x;
  x.reserve(50);
  for (int i = 0; i < 50; ++i) x.push_back(i % 2 == 0 ? 1.7e308 : -1.7e308);
  const auto forest = IsolationForest::Fit(MatrixView{x.data(), 50, 1}, {}, pool);
  ASSERT_TRUE(forest.ok());
  EXPECT_TRUE(std::isfinite(forest->ScoreRow(std::span(x).first(1))));
}

TEST(IsolationForest, ReadsBackAndSurvivesGarbledBytes) {
  ThreadPool pool(2);
  const std::vector<double> x = ForestData();
  const MatrixView matrix{x.data(), kRows, kColumns};
  const auto forest = IsolationForest::Fit(matrix, {.n_estimators = 5, .max_samples = 32}, pool).value();
  const std::string bytes = forest.Serialize();
  const auto back = IsolationForest::Load(bytes);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->Score(matrix, pool), forest.Score(matrix, pool));
  EXPECT_EQ(back->threshold(), forest.threshold());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    ASSERT_FALSE(IsolationForest::Load(bytes.substr(0, size)).ok());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {0x01, 0x40, 0x80, 0xff}) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ mask);
      const auto read = IsolationForest::Load(altered);
      // What cannot be told from a forest (another cut) must still be safe to use.
      if (read.ok() && read->width() <= kColumns) {
        EXPECT_FALSE(std::isnan(read->ScoreRow(matrix.Row(0))));
      }
    }
  }
}

}  // namespace
}  // namespace meterhound::detectors
