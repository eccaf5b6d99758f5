// The whole detector: what may change its bytes, what may not, and what each part has seen.
#include "detectors/hybrid.h"

#include <gtest/gtest.h>

#include <bit>
#include <map>

#include "detectors/cross_validation.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

HybridOptions Quick() {
  HybridOptions options;
  options.trees.n_estimators = 40;
  options.trees.max_depth = 3;
  options.forest.n_estimators = 30;
  return options;
}

HybridDetector FitOn(const Labelled& data, const HybridOptions& options, Context& context) {
  return HybridDetector::Fit(data.table, data.labels, data.hashes, options, context.run).value();
}

std::string Bytes(const HybridDetector& detector) {
  Bundle bundle;
  EXPECT_TRUE(detector.Serialize(bundle).ok());
  return bundle.Encode();
}

TEST(Hybrid, RowOrderAndThreadsChangeNoByte) {
  const Labelled data = MakeLabelled(900, 1);
  Context one(1);
  Context four(4);
  const std::string bytes = Bytes(FitOn(data, Quick(), one));
  EXPECT_EQ(bytes, Bytes(FitOn(data, Quick(), four)));
  EXPECT_EQ(bytes, Bytes(FitOn(data.Permuted(ShuffledOrder(900, 5)), Quick(), four)));
  HybridOptions resampled = Quick();
  resampled.resampling = Resampling::kSmoteTomek;
  const std::string grown = Bytes(FitOn(data, resampled, one));
  EXPECT_NE(bytes, grown);
  EXPECT_EQ(grown, Bytes(FitOn(data.Permuted(ShuffledOrder(900, 6)), resampled, four)));
}

TEST(Hybrid, ARowAloneScoresAsInTheBatchAndAfterLoading) {
  const Labelled data = MakeLabelled(700, 2);
  Context context(3);
  const HybridDetector fitted = FitOn(data, Quick(), context);
  Bundle bundle;
  ASSERT_TRUE(fitted.Serialize(bundle).ok());
  const HybridDetector loaded = HybridDetector::Load(Bundle::Decode(bundle.Encode(), "m").value()).value();
  const auto batch = fitted.Score(data.table, context.run).value();
  for (std::size_t row = 0; row < 700; row += 37) {
    const std::vector<std::size_t> alone = {row};
    const RowScore score = loaded.Score(data.table.SelectRows(alone), context.run).value()[0];
    EXPECT_EQ(std::bit_cast<std::uint64_t>(score.probability), std::bit_cast<std::uint64_t>(batch[row].probability));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(score.margin), std::bit_cast<std::uint64_t>(batch[row].margin));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(score.anomaly_score),
              std::bit_cast<std::uint64_t>(batch[row].anomaly_score));
    EXPECT_EQ(score.tier, batch[row].tier);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(score.low), std::bit_cast<std::uint64_t>(batch[row].low));
    EXPECT_EQ(std::bit_cast<std::uint64_t>(score.high), std::bit_cast<std::uint64_t>(batch[row].high));
    EXPECT_LE(score.low, score.probability);
    EXPECT_GE(score.high, score.probability);
  }
}

TEST(Hybrid, ContributionsSumToTheMargin) {
  const Labelled data = MakeLabelled(600, 3);
  Context context;
  HybridOptions options = Quick();
  options.bags = 3;
  const HybridDetector detector = FitOn(data, options, context);
  const std::vector<std::size_t> rows = {0, 17, 599, 300};
  const ContributionMatrix shap = detector.Contributions(data.table, rows, context.run).value();
  const auto scores = detector.Score(data.table, rows, context.run).value();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    double sum = 0;
    for (const double value : shap.Row(i)) sum += value;
    EXPECT_NEAR(sum, scores[i].margin, 1e-5);
  }
  EXPECT_EQ(detector.ModelColumns().back().name, kNoveltyColumn);
}

TEST(Hybrid, ExcludedGroupsAreNotNeeded) {
  const Labelled data = MakeLabelled(600, 4);
  Context context;
  HybridOptions options = Quick();
  options.excluded_groups = {FeatureGroup::kInspection};
  const HybridDetector detector = FitOn(data, options, context);
  for (const FeatureColumn& column : detector.ModelColumns()) EXPECT_NE(column.group, FeatureGroup::kInspection);
  const FeatureGroup kept[] = {FeatureGroup::kBehaviour, FeatureGroup::kCoverage, FeatureGroup::kAttribute};
  const FeatureTable without = data.table.SelectColumns(data.table.ColumnsOf(kept));
  const auto all = detector.Score(data.table, context.run).value();
  const auto fewer = detector.Score(without, context.run).value();
  for (std::size_t row = 0; row < all.size(); ++row) EXPECT_EQ(all[row].probability, fewer[row].probability);
}

TEST(Hybrid, OtherColumnsAreNamed) {
  const Labelled data = MakeLabelled(400, 5);
  Context context;
  const HybridDetector detector = FitOn(data, Quick(), context);
  FeatureTable renamed = data.table;
  renamed.columns[4].name = "kwh__other";
  const auto scored = detector.Score(renamed, context.run);
  ASSERT_FALSE(scored.ok());
  EXPECT_NE(scored.error().message.find("kwh__f4"), std::string::npos) << scored.error().message;
}

TEST(Hybrid, TooFewOfAClassIsSaid) {
  Labelled data = MakeLabelled(200, 6);
  std::fill(data.labels.begin(), data.labels.end(), std::int8_t{0});
  Context context;
  EXPECT_FALSE(HybridDetector::Fit(data.table, data.labels, data.hashes, Quick(), context.run).ok());
}

CrossValidationOptions QuickValidation() {
  CrossValidationOptions options;
  options.detector = Quick();
  options.metrics.bootstraps = 300;
  return options;
}

TEST(CrossValidation, NobodyIsJudgedByADetectorThatSawThem) {
  Labelled data = MakeLabelled(800, 7);
  for (std::size_t row = 0; row < 800; row += 9) data.labels[row] = kUnlabelled;
  Context context(4);
  const CrossValidation result =
      CrossValidate(data.table, data.labels, data.hashes, QuickValidation(), context.run).value();
  ASSERT_EQ(result.fold_detectors.size(), 5U);
  for (std::size_t fold = 0; fold < 5; ++fold) {
    // Fitting on the other folds alone gives this detector again: its own fold had no part in it.
    std::vector<std::size_t> others;
    std::vector<std::size_t> own;
    for (std::size_t row = 0; row < 800; ++row) {
      (data.labels[row] != kUnlabelled && result.fold_of[row] == fold ? own : others).push_back(row);
    }
    HybridOptions options = result.fold_detectors[fold].Options();
    const HybridDetector again =
        HybridDetector::Fit(data.table, others, data.labels, data.hashes, options, context.run).value();
    EXPECT_EQ(Bytes(again), Bytes(result.fold_detectors[fold]));
    const auto scores = result.fold_detectors[fold].Score(data.table, own, context.run).value();
    for (std::size_t i = 0; i < own.size(); ++i) {
      EXPECT_EQ(scores[i].probability, result.predictions[0].probability[own[i]]);
    }
  }
  for (std::size_t row = 0; row < 800; row += 9) EXPECT_TRUE(std::isnan(result.predictions[0].probability[row]));
}

TEST(CrossValidation, FindsTheSignalAndShowsWhatItRestsOn) {
  const Labelled data = MakeLabelled(1500, 8);
  Context context(4);
  const Evaluation evaluation =
      CrossValidate(data.table, data.labels, data.hashes, QuickValidation(), context.run)->evaluation;
  std::vector<std::string> views;
  for (const EvaluatedView& view : evaluation.views) views.push_back(view.name);
  EXPECT_EQ(views, (std::vector<std::string>{"all", "prospective", "behaviour", "coverage"}));
  const double all = evaluation.views[0].pooled.roc_auc.value;
  EXPECT_GT(all, 0.85);
  EXPECT_GT(all, evaluation.views[1].pooled.roc_auc.value);
  EXPECT_GT(evaluation.views[2].pooled.roc_auc.value, evaluation.views[3].pooled.roc_auc.value);
}

TEST(CrossValidation, FourViewsAlwaysAndOneFitForTheSameColumns) {
  Labelled data = MakeLabelled(600, 10);
  Context context(4);
  for (FeatureColumn& column : data.table.columns) {
    if (column.group != FeatureGroup::kBehaviour) column.group = FeatureGroup::kAttribute;
  }
  CrossValidationOptions options = QuickValidation();
  const CrossValidation result = CrossValidate(data.table, data.labels, data.hashes, options, context.run).value();
  const std::vector<EvaluatedView>& views = result.evaluation.views;
  ASSERT_EQ(views.size(), 4U);
  EXPECT_EQ(views[1].name, kProspectiveView);
  EXPECT_EQ(views[1].pooled.roc_auc.value, views[0].pooled.roc_auc.value);  // no inspection column to do without
  EXPECT_EQ(result.predictions[1].view, kProspectiveView);
  EXPECT_EQ(result.evaluation.Headline().name, "all");
  EXPECT_EQ(views[3].features, 0U);
  EXPECT_EQ(views[3].pooled.roc_auc.value, 0.5);  // nothing known, nothing told
}

TEST(CrossValidation, WithoutAGroupNoViewHasIt) {
  const Labelled data = MakeLabelled(900, 11);
  Context context(4);
  CrossValidationOptions options = QuickValidation();
  const CrossValidation with = CrossValidate(data.table, data.labels, data.hashes, options, context.run).value();
  EXPECT_EQ(with.evaluation.Headline().name, kProspectiveView);
  options.detector.excluded_groups = {FeatureGroup::kInspection};
  const CrossValidation without = CrossValidate(data.table, data.labels, data.hashes, options, context.run).value();
  EXPECT_EQ(without.evaluation.Headline().name, "all");
  EXPECT_EQ(without.evaluation.without, options.detector.excluded_groups);
  // What is left is what was prospective, in every figure.
  EXPECT_EQ(without.evaluation.views[0].features, with.evaluation.views[1].features);
  EXPECT_EQ(without.evaluation.views[0].pooled.pr_auc.value, with.evaluation.views[1].pooled.pr_auc.value);
  EXPECT_EQ(without.evaluation.views[2].pooled.pr_auc.value, with.evaluation.views[2].pooled.pr_auc.value);
  for (const FeatureColumn& column : without.fold_detectors[0].ModelColumns()) {
    EXPECT_NE(column.group, FeatureGroup::kInspection);
  }
  using enum FeatureGroup;
  options.detector.excluded_groups = {kBehaviour, kCoverage, kAttribute, kInspection};
  const auto none = CrossValidate(data.table, data.labels, data.hashes, options, context.run);
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("behaviour, coverage, attributes, inspection"), std::string::npos);
}

TEST(CrossValidation, RowsJudgedByADetectorThatSawThemAreCaught) {
  const Labelled once = MakeLabelled(500, 12);
  Context context(4);
  const HybridDetector detector = FitOn(once, Quick(), context);
  const std::vector<std::size_t> rows = {3, 4};
  EXPECT_FALSE(RequireUnseen(detector, rows, once.hashes).ok());
  const Labelled others = MakeLabelled(500, 13);
  EXPECT_TRUE(RequireUnseen(detector, rows, others.hashes).ok());

  // Some rows stand in the file twice. Drawn folds keep the two together; given folds that part them are refused.
  std::vector<std::size_t> order(500);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t row = 0; row < 50; ++row) order.push_back(row);
  const Labelled twice = once.Permuted(order);
  CrossValidationOptions options = QuickValidation();
  EXPECT_TRUE(CrossValidate(twice.table, twice.labels, twice.hashes, options, context.run).ok());
  for (std::size_t row = 0; row < 550; ++row) options.fold_of.push_back(static_cast<std::uint32_t>(row % 5));
  options.fold_of[500] = 1;  // row 0 again, which lies in fold 0
  const auto parted = CrossValidate(twice.table, twice.labels, twice.hashes, options, context.run);
  ASSERT_FALSE(parted.ok());
  EXPECT_NE(parted.error().message.find("test rows reached fitting"), std::string::npos) << parted.error().message;
  options.fold_of.clear();
  for (std::size_t row = 0; row < 550; ++row) {
    options.fold_of.push_back(static_cast<std::uint32_t>(twice.hashes[row] % 5));
  }
  const auto together = CrossValidate(twice.table, twice.labels, twice.hashes, options, context.run);
  ASSERT_TRUE(together.ok()) << together.error().ToString();
  EXPECT_EQ(together->fold_of, options.fold_of);
}

TEST(CrossValidation, ShuffledLabelsAreWorthNothing) {
  constexpr int kShuffles = 6;
  Context context(4);
  std::map<std::string, double> mean;
  for (int shuffle = 0; shuffle < kShuffles; ++shuffle) {
    Labelled data = MakeLabelled(1200, 9);
    numerics::Random(static_cast<std::uint64_t>(shuffle)).Shuffle(data.labels);
    CrossValidationOptions options = QuickValidation();
    options.metrics.bootstraps = 0;
    const CrossValidation result = CrossValidate(data.table, data.labels, data.hashes, options, context.run).value();
    for (const EvaluatedView& view : result.evaluation.views) {
      mean[view.name] += view.pooled.roc_auc.value / kShuffles;
    }
  }
  // The standard error of one AUC is about 0.019 here (some 250 thefts): the mean of six stays within 2.5 of its own.
  for (const auto& [view, auc] : mean) EXPECT_NEAR(auc, 0.5, 0.02) << view;
}

}  // namespace
}  // namespace meterhound::detectors
