// The XGBoost wrapper against Python's xgboost and shap, and its promises of sameness.
#include "detectors/boosted_trees.h"

#include <gtest/gtest.h>

#include "detectors/evaluation.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

/// oracles/detectors.py: tree_data(), features only.
std::vector<double> TreeData(std::size_t rows = 600, std::size_t columns = 6) {
  const std::vector<double> u = Uniforms(rows * columns, 31);
  const std::vector<double> gap = Uniforms(rows * columns, 33);
  std::vector<double> x(u.size());
  for (std::size_t i = 0; i < u.size(); ++i) x[i] = gap[i] < 0.1 ? NAN : std::nearbyint(u[i] * 16) / 4 + u[i];
  return x;
}

TEST(BoostedTrees, MarginsAndContributionsEqualPythons) {
  ThreadPool pool(2);
  const std::string path = std::string(METERHOUND_SOURCE_DIR) + "/tests/goldens/detectors/trees.ubj";
  const auto trees = BoostedTrees::LoadUbj(ReadFile(path).value());
  ASSERT_TRUE(trees.ok()) << trees.error().ToString();
  EXPECT_EQ(trees->width(), 6U);
  EXPECT_EQ(trees->rounds(), 12U);
  const Json golden = Golden("trees.json");
  const std::vector<double> x = TreeData();
  const MatrixView rows{x.data(), 600, 6};
  const auto margins = trees->Margin(rows, pool).value();
  double sum = 0;
  for (const double margin : margins) sum += margin;
  EXPECT_NEAR(sum, golden["margins_all_sum"].get<double>(), 1e-3);
  const auto shap = trees->Contributions({x.data(), 40, 6}, pool).value();
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_NEAR(margins[i], golden["margins"][i].get<double>(), 1e-6);
    double total = shap.Row(i)[6];
    EXPECT_NEAR(total, golden["expected"].get<double>(), 1e-5);
    for (std::size_t j = 0; j < 6; ++j) {
      EXPECT_NEAR(shap.Row(i)[j], golden["shap"][i][j].get<double>(), 1e-5);
      total += shap.Row(i)[j];
    }
    EXPECT_NEAR(total, margins[i], 1e-5);
  }
}

struct Fitted {
  Labelled data = MakeLabelled(1500, 4);
  std::span<const std::int8_t> labels{data.labels};
  MatrixView train{data.table.values.data(), 1000, 12};
  MatrixView validation{data.table.values.data() + 12000, 500, 12};

  Result<BoostedTrees> Fit(const TreeOptions& options, std::stop_token stop = {}) const {
    return BoostedTrees::Fit(train, labels.first(1000), validation, labels.subspan(1000), options, std::move(stop));
  }
};

TEST(BoostedTrees, LearnsStopsEarlyAndReadsBack) {
  ThreadPool pool(2);
  const Fitted fitted;
  const auto trees = fitted.Fit({.n_estimators = 400, .early_stopping_rounds = 20});
  ASSERT_TRUE(trees.ok()) << trees.error().ToString();
  EXPECT_LT(trees->rounds(), 380U);
  const auto margins = trees->Margin(fitted.validation, pool).value();
  EXPECT_GT(RocAuc(margins, fitted.labels.subspan(1000)), 0.85);
  double loss = 0;
  for (std::size_t i = 0; i < 500; ++i)
    loss += std::log1p(std::exp(fitted.labels[1000 + i] == 1 ? -margins[i] : margins[i])) / 500;
  EXPECT_NEAR(trees->validation_score(), loss, 1e-5);  // what was watched is the log loss of what was kept
  const auto back = BoostedTrees::LoadUbj(trees->SaveUbj().value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->Margin(fitted.validation, pool).value(), margins);
  EXPECT_EQ(back->SaveUbj().value(), trees->SaveUbj().value());
}

TEST(BoostedTrees, SameBytesAgainAndAmongOtherFits) {
  const Fitted fitted;
  const TreeOptions options{.n_estimators = 30, .seed = 9};
  const std::string alone = fitted.Fit(options).value().SaveUbj().value();
  ThreadPool pool(4);
  std::vector<std::string> together(8);
  pool.ParallelFor(8, 1, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t i = begin; i < end; ++i) {
      TreeOptions mine = options;
      mine.seed = i % 2 == 0 ? 9 : 10;
      together[i] = fitted.Fit(mine).value().SaveUbj().value();
    }
  });
  for (std::size_t i = 0; i < 8; i += 2) EXPECT_EQ(together[i], alone);
  EXPECT_EQ(together[1], together[3]);
  EXPECT_NE(together[1], alone);
}

TEST(BoostedTrees, OneRowAndManyGiveTheSameBits) {
  ThreadPool pool(3);
  const Fitted fitted;
  const auto trees = fitted.Fit({.n_estimators = 60}).value();
  const auto all = trees.Margin(fitted.train, pool).value();
  const auto explained = trees.Contributions({fitted.train.data, 130, 12}, pool).value();
  for (std::size_t i = 0; i < 130; ++i) {
    const MatrixView one{fitted.train.data + i * 12, 1, 12};
    EXPECT_EQ(trees.Margin(one, pool).value()[0], all[i]);
    const auto shap = trees.Contributions(one, pool).value();
    double sum = 0;
    for (std::size_t k = 0; k < 13; ++k) {
      EXPECT_EQ(shap.values[k], explained.Row(i)[k]);
      sum += shap.values[k];
    }
    EXPECT_NEAR(sum, all[i], 1e-5);
  }
}

TEST(BoostedTrees, InfinitiesCountAsTheLargestNumbers) {
  ThreadPool pool(1);
  const Fitted fitted;
  const auto trees = fitted.Fit({.n_estimators = 40}).value();
  std::vector<double> rows(fitted.train.data, fitted.train.data + 24);
  rows[0] = INFINITY;
  rows[12] = 1e300;
  std::copy_n(rows.begin() + 1, 11, rows.begin() + 13);
  const auto margins = trees.Margin(MatrixView{rows.data(), 2, 12}, pool).value();
  EXPECT_EQ(margins[0], margins[1]);
}

TEST(BoostedTrees, ErrorsSayWhatIsWrong) {
  ThreadPool pool(1);
  const Fitted fitted;
  const std::vector<std::int8_t> honest(1000, 0);
  const auto one_class = BoostedTrees::Fit(fitted.train, honest, fitted.validation, fitted.labels.subspan(1000), {});
  ASSERT_FALSE(one_class.ok());
  EXPECT_NE(one_class.error().message.find("one class"), std::string::npos);
  EXPECT_FALSE(fitted.Fit({.max_depth = 0}).ok());
  EXPECT_FALSE(fitted.Fit({.learning_rate = 0}).ok());
  const auto trees = fitted.Fit({.n_estimators = 3}).value();
  EXPECT_FALSE(trees.Margin(MatrixView{fitted.train.data, 2, 11}, pool).ok());
  EXPECT_EQ(BoostedTrees::LoadUbj("not trees").error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(BoostedTrees::LoadUbj("").error().code, ErrorCode::kCorrupt);
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(fitted.Fit({}, source.get_token()).error().code, ErrorCode::kCancelled);
}

/// Theft where the code is one of a few that do not lie side by side.
struct Coded {
  static constexpr std::size_t kRows = 1500;
  std::vector<double> codes;
  std::vector<std::int8_t> labels;
  std::vector<std::uint8_t> categorical = {1};
  std::vector<std::size_t> train;
  std::vector<std::size_t> rest;
  std::vector<std::size_t> columns = {0};

  Coded() {
    const std::vector<double> u = Uniforms(2 * kRows, 71);
    for (std::size_t row = 0; row < kRows; ++row) {
      codes.push_back(std::floor(u[2 * row] * 12));
      const bool risky = static_cast<int>(codes.back()) % 3 == 1;
      labels.push_back(u[2 * row + 1] < (risky ? 0.8 : 0.1) ? 1 : 0);
      (row < 1000 ? train : rest).push_back(row);
    }
  }
  Result<BoostedTrees> Fit(bool by_category) const {
    const MatrixView matrix{codes.data(), kRows, 1};
    const std::span<const std::int8_t> all(labels);
    const std::span<const std::uint8_t> kinds =
        by_category ? std::span<const std::uint8_t>(categorical) : std::span<const std::uint8_t>();
    const BoostedTrees::Sample learnt{{matrix, train, columns}, all.first(1000), {}, kinds};
    const BoostedTrees::Sample judged{{matrix, rest, columns}, all.subspan(1000), {}, kinds};
    return BoostedTrees::Fit(learnt, judged,
                             {.max_depth = 1, .n_estimators = 1, .subsample = 1, .colsample_bytree = 1});
  }
};

TEST(BoostedTrees, ASplitTakesCategoriesThatDoNotLieSideBySide) {
  ThreadPool pool(2);
  const Coded data;
  const BoostedTrees by_category = data.Fit(true).value();
  const BoostedTrees by_number = data.Fit(false).value();
  std::vector<double> each(12);
  std::iota(each.begin(), each.end(), 0.0);
  const std::vector<double> margins = by_category.Margin(MatrixView{each.data(), 12, 1}, pool).value();
  // One split of one tree tells the four risky codes from all others; no cut of their order does.
  for (std::size_t code = 0; code < 12; ++code) EXPECT_EQ(margins[code], margins[code % 3 == 1 ? 1 : 0]) << code;
  EXPECT_GT(margins[1], margins[0]);
  const auto auc = [&](const BoostedTrees& trees) {
    return RocAuc(trees.Margin(MatrixView{data.codes.data(), Coded::kRows, 1}, pool).value(), data.labels);
  };
  EXPECT_GT(auc(by_category), auc(by_number) + 0.1);
}

TEST(BoostedTrees, CategoriesReadBackExplainAndMayBeUnknown) {
  ThreadPool pool(2);
  const Coded data;
  const BoostedTrees trees = data.Fit(true).value();
  const BoostedTrees back = BoostedTrees::LoadUbj(trees.SaveUbj().value()).value();
  const std::vector<double> rows = {0, 1, 4, 11, NAN};
  const MatrixView matrix{rows.data(), rows.size(), 1};
  const std::vector<double> margins = trees.Margin(matrix, pool).value();
  EXPECT_EQ(back.Margin(matrix, pool).value(), margins);
  EXPECT_TRUE(std::isfinite(margins[4]));
  const ContributionMatrix shap = trees.Contributions(matrix, pool).value();
  for (std::size_t i = 0; i < rows.size(); ++i) EXPECT_NEAR(shap.Row(i)[0] + shap.Row(i)[1], margins[i], 1e-6);
}

}  // namespace
}  // namespace meterhound::detectors
