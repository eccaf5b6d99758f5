// Metrics against scikit-learn, their intervals' invariances, and evaluation.json.
#include "detectors/evaluation.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

struct Case {
  std::vector<double> probability;
  std::vector<std::int8_t> label;
};

Case MetricCase(const Json& golden) {
  const auto rows = golden["rows"].get<std::size_t>();
  const auto levels = golden["levels"].get<double>();
  const std::vector<double> u = Uniforms(rows, 11);
  const std::vector<double> v = Uniforms(rows, 12);
  Case to;
  for (std::size_t i = 0; i < rows; ++i) {
    double p = u[i] * u[i];
    if (levels > 0) p = (std::floor(p * levels) + 0.5) / levels;
    to.probability.push_back(p);
    to.label.push_back(v[i] < 0.02 + 0.5 * std::pow(p, 1.5) ? 1 : 0);
  }
  return to;
}

TEST(Evaluation, EqualsScikitLearn) {
  ThreadPool pool(2);
  for (const Json& golden : Golden("metrics.json")) {
    SCOPED_TRACE(golden["name"].get<std::string>());
    const Case data = MetricCase(golden);
    ASSERT_EQ(std::count(data.label.begin(), data.label.end(), 1), golden["thefts"].get<long>());
    const Metrics metrics = ComputeMetrics(data.probability, data.label, {.bootstraps = 0}, pool);
    const auto same = [&](const char* key, double value) {
      if (golden.contains(key)) {
        EXPECT_NEAR(value, golden[key].get<double>(), 1e-12) << key;
      }
    };
    same("roc_auc", metrics.roc_auc.value);
    same("pr_auc", metrics.pr_auc.value);
    same("brier", metrics.brier.value);
    same("ece", metrics.ece.value);
    same("map_at_100", metrics.map_at_100.value);
    same("map_at_200", metrics.map_at_200.value);
    same("precision_at_0.01", metrics.at_share[0].precision.value);
    same("recall_at_0.01", metrics.at_share[0].recall.value);
    same("precision_at_0.05", metrics.at_share[1].precision.value);
    same("recall_at_0.05", metrics.at_share[1].recall.value);
    same("precision_at_0.1", metrics.at_share[2].precision.value);
    same("recall_at_0.1", metrics.at_share[2].recall.value);
    EXPECT_NEAR(metrics.calibration_slope.value, golden["calibration_slope"].get<double>(), 1e-5);
    EXPECT_NEAR(RocAuc(data.probability, data.label), golden["roc_auc"].get<double>(), 1e-12);
    EXPECT_NEAR(AveragePrecision(data.probability, data.label), golden["pr_auc"].get<double>(), 1e-12);
  }
}

TEST(Evaluation, TiesCountAsTheMeanOverTheirOrders) {
  // Three tied consumers, one theft, ahead of the rest: its expected rank precision is (1 + 1/2 + 1/3) / 3.
  const std::vector<double> p = {0.9, 0.9, 0.9, 0.1, 0.1};
  const std::vector<std::int8_t> y = {1, 0, 0, 0, 0};
  ThreadPool pool(1);
  const Metrics metrics = ComputeMetrics(p, y, {.bootstraps = 0}, pool);
  EXPECT_NEAR(metrics.map_at_100.value, (1 + 1.0 / 2 + 1.0 / 3) / 3, 1e-12);
  EXPECT_NEAR(metrics.at_share[0].precision.value, 1.0 / 3, 1e-12);  // one visit among the three
  EXPECT_NEAR(metrics.at_share[0].recall.value, 1.0 / 3, 1e-12);
}

void ExpectSame(const Metrics& a, const Metrics& b) {
  Evaluation first;
  first.views.push_back({"all", 1, a, {}, {}});
  Evaluation second;
  second.views.push_back({"all", 1, b, {}, {}});
  EXPECT_EQ(DumpJson(ToJson(first)), DumpJson(ToJson(second)));
}

TEST(Evaluation, NeitherThreadsNorRowOrderChangeABit) {
  const Case data = MetricCase(Golden("metrics.json")[1]);
  const auto order = ShuffledOrder(data.label.size(), 5);
  Case shuffled;
  for (const std::size_t row : order) {
    shuffled.probability.push_back(data.probability[row]);
    shuffled.label.push_back(data.label[row]);
  }
  ThreadPool one(1);
  ThreadPool four(4);
  const MetricOptions options{.bootstraps = 50};
  const Metrics first = ComputeMetrics(data.probability, data.label, options, one);
  ExpectSame(first, ComputeMetrics(data.probability, data.label, options, four));
  ExpectSame(first, ComputeMetrics(shuffled.probability, shuffled.label, options, four));
}

TEST(Evaluation, IntervalsHoldTheValueAndNarrowWithMoreConsumers) {
  ThreadPool pool(2);
  const Case data = MetricCase(Golden("metrics.json")[0]);
  const Metrics metrics = ComputeMetrics(data.probability, data.label, {.bootstraps = 300}, pool);
  for (const Interval& one :
       {metrics.roc_auc, metrics.pr_auc, metrics.brier, metrics.at_share[2].precision, metrics.calibration_slope}) {
    EXPECT_LT(one.low, one.value);
    EXPECT_GT(one.high, one.value);
  }
  // Hanley & McNeil (1982): the standard error of the area under the curve.
  const double auc = metrics.roc_auc.value;
  const double thefts = Golden("metrics.json")[0]["thefts"].get<double>();
  const double honest = 2000 - thefts;
  const double q1 = auc / (2 - auc);
  const double q2 = 2 * auc * auc / (1 + auc);
  const double error = std::sqrt((auc * (1 - auc) + (thefts - 1) * (q1 - auc * auc) + (honest - 1) * (q2 - auc * auc)) /
                                 (thefts * honest));
  EXPECT_NEAR((metrics.roc_auc.high - metrics.roc_auc.low) / (2 * 1.96 * error), 1, 0.25);
}

TEST(Evaluation, CurvesAgreeWithTheirAreas) {
  ThreadPool pool(1);
  const Case data = MetricCase(Golden("metrics.json")[0]);
  const Metrics metrics = ComputeMetrics(data.probability, data.label, {.bootstraps = 20}, pool);
  ASSERT_LE(metrics.roc.size(), 200U);
  double area = 0;
  for (std::size_t i = 1; i < metrics.roc.size(); ++i) {
    EXPECT_GE(metrics.roc[i].y, metrics.roc[i - 1].y);
    area += (metrics.roc[i].x - metrics.roc[i - 1].x) * (metrics.roc[i].y + metrics.roc[i - 1].y) / 2;
  }
  EXPECT_NEAR(area, metrics.roc_auc.value, 0.005);
  EXPECT_EQ(metrics.roc.back().y, 1);
  double precision = 0;
  for (const CurvePoint& point : metrics.precision_recall)
    precision += point.y / static_cast<double>(metrics.precision_recall.size());
  EXPECT_NEAR(precision, metrics.pr_auc.value, 0.01);
  EXPECT_NEAR(metrics.hit_rate.back().y, 294.0 / 2000, 1e-12);
  std::size_t counted = 0;
  for (const ReliabilityBin& bin : metrics.reliability) counted += bin.consumers;
  EXPECT_EQ(counted, 2000U);
}

TEST(Evaluation, PairedDifferenceKnowsEqualAndBetter) {
  ThreadPool pool(2);
  const Case data = MetricCase(Golden("metrics.json")[0]);
  const ScoringDifference none =
      CompareScorings(data.probability, data.probability, data.label, {.bootstraps = 100}, pool);
  EXPECT_EQ(none.roc_auc.low, 0);
  EXPECT_EQ(none.roc_auc.high, 0);
  EXPECT_EQ(none.roc_auc_better, 0);
  std::vector<double> better = data.probability;
  for (std::size_t i = 0; i < better.size(); ++i) better[i] += data.label[i] == 1 ? 0.1 : 0;
  const ScoringDifference more = CompareScorings(data.probability, better, data.label, {.bootstraps = 100}, pool);
  EXPECT_GT(more.roc_auc.low, 0);
  EXPECT_GT(more.pr_auc.low, 0);
  EXPECT_EQ(more.roc_auc_better, 1);
}

// Worked out by hand. First: thefts at ranks 1 and 3 of 5, second: at 1 and 2. A bootstrap draws k thefts of the two
// that stand behind an honest consumer in the first, k ~ Bin(2, 1/2), and h times that honest one, h ~ Bin(3, 1/3); it
// loses k h / 6 of the area: nothing in 47 % of draws, 1 in .9 %, 2/3 in the next 5.6 %.
TEST(Evaluation, PairedDifferenceAsWorkedOutByHand) {
  ThreadPool pool(3);
  const std::vector<std::int8_t> label = {1, 0, 1, 0, 0};
  const std::vector<double> first = {0.9, 0.8, 0.7, 0.2, 0.1};
  const std::vector<double> second = {0.9, 0.1, 0.8, 0.2, 0.3};
  const ScoringDifference found = CompareScorings(first, second, label, {.bootstraps = 20000}, pool);
  EXPECT_NEAR(found.roc_auc.value, 1.0 / 6, 1e-12);
  EXPECT_EQ(found.roc_auc.low, 0);
  EXPECT_NEAR(found.roc_auc.high, 2.0 / 3, 1e-12);
  EXPECT_NEAR(found.roc_auc_better, 1 - (1 - 0.75 * 19.0 / 27), 0.02);
  EXPECT_NEAR(found.pr_auc.value, 1.0 / 6, 1e-12);
  EXPECT_NEAR(found.precision_at_1.value, 0, 1e-12);
  EXPECT_NEAR(found.brier.value, -0.12, 1e-12);
  EXPECT_NEAR(found.ece.value, -0.12, 1e-12);
}

TEST(Evaluation, WeightsCountInThePairedDifferenceAsInTheMetrics) {
  ThreadPool pool(2);
  const Case data = MetricCase(Golden("metrics.json")[0]);
  const std::vector<double> other = Uniforms(data.label.size(), 7);
  std::vector<double> weights = Uniforms(data.label.size(), 8);
  for (double& weight : weights) weight = 1 + 4 * weight;
  const MetricOptions options{.bootstraps = 50};
  const ScoringDifference found = CompareScorings(data.probability, other, data.label, options, pool, weights);
  const Metrics one = ComputeMetrics(data.probability, data.label, options, pool, weights);
  const Metrics two = ComputeMetrics(other, data.label, options, pool, weights);
  EXPECT_NEAR(found.roc_auc.value, two.roc_auc.value - one.roc_auc.value, 1e-12);
  EXPECT_NEAR(found.pr_auc.value, two.pr_auc.value - one.pr_auc.value, 1e-12);
  EXPECT_NEAR(found.precision_at_1.value, two.at_share.front().precision.value - one.at_share.front().precision.value,
              1e-12);
  EXPECT_NEAR(found.brier.value, two.brier.value - one.brier.value, 1e-12);
  EXPECT_NEAR(found.ece.value, two.ece.value - one.ece.value, 1e-12);
}

TEST(Evaluation, SeveralScoringsGiveTheMeanOfTheirMetrics) {
  ThreadPool pool(2);
  const Case data = MetricCase(Golden("metrics.json")[0]);
  std::vector<double> other = Uniforms(data.label.size(), 99);
  const std::vector<double> both[] = {data.probability, other};
  const Metrics mean = ComputeMetrics(both, data.label, {.bootstraps = 20}, pool);
  EXPECT_NEAR(mean.roc_auc.value, (RocAuc(data.probability, data.label) + RocAuc(other, data.label)) / 2, 1e-12);
}

TEST(Evaluation, OneClassIsUndefinedNotACrash) {
  ThreadPool pool(1);
  const std::vector<double> p = {0.1, 0.2};
  const std::vector<std::int8_t> y = {0, 0};
  EXPECT_TRUE(std::isnan(ComputeMetrics(p, y, {.bootstraps = 5}, pool).roc_auc.value));
  EXPECT_TRUE(std::isnan(RocAuc(p, y)));
  EXPECT_TRUE(std::isnan(RocAuc({}, {})));
}

TEST(Evaluation, AucIsTheShareOfPairsInOrder) {
  EXPECT_TRUE(rc::check("RocAuc counts pairs", [] {
    const auto rows = *rc::gen::container<std::vector<std::pair<int, bool>>>(
        rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::arbitrary<bool>()));
    std::vector<double> score;
    std::vector<std::int8_t> label;
    for (const auto& [s, y] : rows) {
      score.push_back(s);
      label.push_back(y ? 1 : 0);
    }
    double pairs = 0;
    double inside = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t j = 0; j < rows.size(); ++j) {
        if (label[i] != 1 || label[j] != 0) continue;
        ++pairs;
        inside += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
      }
    }
    RC_PRE(pairs > 0);
    RC_ASSERT(std::abs(RocAuc(score, label) - inside / pairs) < 1e-12);
  }));
}

TEST(Evaluation, JsonReadsBack) {
  ThreadPool pool(1);
  const Case data = MetricCase(Golden("metrics.json")[0]);
  Evaluation evaluation;
  evaluation.views.push_back(
      {"all", 12, ComputeMetrics(data.probability, data.label, {.bootstraps = 10}, pool), {.8, .7}, {.4, .3}});
  evaluation.views.push_back(
      {"coverage",
       2,
       ComputeMetrics(!data.label.empty() ? Uniforms(2000, 3) : data.probability, data.label, {.bootstraps = 10}, pool),
       {.5},
       {.1}});
  evaluation.consumers = 2000;
  evaluation.thefts = 294;
  evaluation.theft_share = 0.147;
  evaluation.inspected_only = true;
  evaluation.effective = 812.5;
  evaluation.folds = 5;
  evaluation.seeds = {1, 2};
  evaluation.bootstraps = 10;
  evaluation.seconds = {{"cross_validation", 1.5}};
  evaluation.without = {FeatureGroup::kInspection};
  const std::vector<std::string> districts = {"east", "west"};
  const std::vector<double> codes = Uniforms(data.label.size(), 5);
  std::vector<double> district;
  for (const double code : codes) district.push_back(code < 0.5 ? 0 : 1);
  evaluation.fairness = {ComputeFairness("district", district, districts, data.probability, data.label)};
  evaluation.leaks = LeakReport{{{"order", "no feature follows"}}, {}, {}};
  const Json json = ToJson(evaluation);
  for (const char* key : {"roc_auc", "pr_auc", "map_at_100", "brier", "ece", "calibration_slope"}) {
    for (const char* part : {"value", "low", "high"}) EXPECT_TRUE(json[key][part].is_number()) << key;
  }
  EXPECT_TRUE(json["precision_at"]["1%"]["value"].is_number());
  EXPECT_TRUE(json["lift_at"]["10%"]["high"].is_number());
  EXPECT_TRUE(json["baseline_coverage"]["roc_auc"]["value"].is_number());
  EXPECT_EQ(json["base_rate"].get<double>(), 0.147);
  const auto back = EvaluationFromJson(ParseJson(DumpJson(json), "evaluation.json").value());
  ASSERT_TRUE(back.ok()) << back.error().ToString();
  EXPECT_EQ(DumpJson(ToJson(*back)), DumpJson(json));

  Json broken = json;
  broken["views"][0].erase("pr_auc");
  const auto refused = EvaluationFromJson(broken);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("pr_auc"), std::string::npos);
}

TEST(Evaluation, TheHeadlineIsWhatNoInspectionCanHaveWritten) {
  Evaluation evaluation;
  EvaluatedView all{.name = "all", .features = 10};
  all.pooled.roc_auc.value = 0.9;
  EvaluatedView prospective{.name = kProspectiveView, .features = 7};
  prospective.pooled.roc_auc.value = 0.8;
  evaluation.views = {all, prospective};
  EXPECT_EQ(evaluation.Headline().name, kProspectiveView);
  EXPECT_EQ(ToJson(evaluation)["roc_auc"]["value"], 0.8);
  EXPECT_EQ(ToJson(evaluation)["headline"], kProspectiveView);
  evaluation.views[1].features = 10;  // nothing that an inspection may change
  EXPECT_EQ(evaluation.Headline().name, "all");
}

}  // namespace
}  // namespace meterhound::detectors
