// Columns that give something away are told from those that do not.
#include "detectors/leaks.h"

#include <gtest/gtest.h>

#include "detectors/evaluation.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

std::vector<double> Places(std::size_t count) {
  std::vector<double> to(count);
  std::iota(to.begin(), to.end(), 0.0);
  return to;
}

template <typename F>
std::vector<double> Mapped(std::vector<double> values, F f) {
  for (double& value : values) value = f(value);
  return values;
}

TEST(Leaks, ColumnsThatFollowAnOrderAreTold) {
  const std::vector<double> places = Places(400);
  const auto shift = [](double x) { return 7 - 3 * x; };
  const auto curve = [](double x) { return std::exp(x / 60); };
  const auto steps = [](double x) { return std::floor(x / 4); };
  EXPECT_EQ(FollowsOrder(Mapped(places, shift), places), Follows::kStrictly);
  EXPECT_TRUE(CountsAlong(Mapped(places, shift), places));
  EXPECT_EQ(FollowsOrder(Mapped(places, curve), places), Follows::kStrictly);
  EXPECT_FALSE(CountsAlong(Mapped(places, curve), places));
  EXPECT_EQ(FollowsOrder(Mapped(places, steps), places), Follows::kNearly);
  const std::vector<double> noise = Uniforms(400, 1);
  std::vector<double> blurred = places;
  for (std::size_t i = 0; i < 400; ++i) blurred[i] += 4 * noise[i];
  EXPECT_EQ(FollowsOrder(blurred, places), Follows::kNearly);
  EXPECT_EQ(FollowsOrder(noise, places), Follows::kNot);
  EXPECT_EQ(FollowsOrder(std::vector<double>(400, 3.0), places), Follows::kNot);
}

TEST(Leaks, GapsDoNotHideAnOrderAndFewRowsDoNotMakeOne) {
  std::vector<double> holed = Places(400);
  for (std::size_t i = 0; i < 400; i += 3) holed[i] = NAN;
  EXPECT_EQ(FollowsOrder(holed, Places(400)), Follows::kStrictly);
  EXPECT_EQ(FollowsOrder(Places(20), Places(20)), Follows::kNot);
  EXPECT_EQ(FollowsOrder(std::vector<double>(400, NAN), Places(400)), Follows::kNot);
}

std::vector<FeatureAuc> Aucs(const Labelled& data) {
  Context context;
  return SingleFeatureAucs(data.table, data.labels, data.hashes, context.run).value();
}

TEST(Leaks, AFeaturesAucIsItsOwnAndMissingCounts) {
  Labelled data = MakeLabelled(900, 3);
  const std::size_t width = data.table.width();
  for (std::size_t row = 0; row < 900; ++row) {
    data.table.values[row * width + 7] = data.labels[row] == 1 ? NAN : 1.0;  // the gap is the label
  }
  const std::vector<FeatureAuc> aucs = Aucs(data);
  ASSERT_EQ(aucs.size(), width);
  std::vector<double> column;
  for (std::size_t row = 0; row < 900; ++row) column.push_back(data.table.values[row * width + 8]);
  EXPECT_DOUBLE_EQ(aucs[8].auc, RocAuc(column, data.labels));
  EXPECT_EQ(aucs[8].group, FeatureGroup::kInspection);
  EXPECT_DOUBLE_EQ(std::max(aucs[7].auc, 1 - aucs[7].auc), 1.0);
  EXPECT_GT(aucs[7].missing, 0.05);
  EXPECT_DOUBLE_EQ(aucs[3].auc, 0.5);  // constant
  const std::vector<FeatureAuc> permuted = Aucs(data.Permuted(ShuffledOrder(900, 2)));
  for (std::size_t i = 0; i < width; ++i) EXPECT_EQ(permuted[i].auc, aucs[i].auc) << aucs[i].name;
}

TEST(Leaks, CategoriesCountByTheirShareOfTheftNotByTheirCode) {
  Labelled data = MakeLabelled(2000, 5);
  const std::size_t width = data.table.width();
  data.table.columns[5].categorical = true;   // codes 0-9, the label in whether the code is odd
  data.table.columns[9].categorical = true;   // nothing
  data.table.columns[11].categorical = true;  // everybody's own
  for (std::size_t row = 0; row < 2000; ++row) {
    const double code = std::floor(Uniforms(1, row)[0] * 5) * 2;
    data.table.values[row * width + 5] = code + data.labels[row];
    data.table.values[row * width + 9] = code;
    data.table.values[row * width + 11] = static_cast<double>(row);
  }
  const std::vector<FeatureAuc> aucs = Aucs(data);
  EXPECT_DOUBLE_EQ(aucs[5].auc, 1.0);
  EXPECT_NEAR(aucs[9].auc, 0.5, 0.05);
  EXPECT_NEAR(aucs[11].auc, 0.5, 0.05);
}

TEST(Leaks, TheReportReadsBack) {
  LeakReport report;
  report.checks = {{"order", "no feature follows"}, {"dates", "none later"}};
  report.findings = {{"order", LeakSeverity::kFailure, "attribute__row", "it follows", 0},
                     {"order", LeakSeverity::kWarning, "value__mean", "it follows", 2},
                     {"label_order", LeakSeverity::kNote, "the ids", "they give the label away", 0.7}};
  EXPECT_EQ(report.Count(LeakSeverity::kFailure), 1U);
  const Json json = ToJson(report);
  EXPECT_FALSE(json["passed"].get<bool>());
  EXPECT_EQ(json["checks"][0]["findings"], 2);
  EXPECT_EQ(json["checks"][1]["findings"], 0);
  const auto back = LeakReportFromJson(ParseJson(DumpJson(json), "x").value());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(DumpJson(ToJson(*back)), DumpJson(json));
  EXPECT_FALSE(LeakReportFromJson(Json{{"checks", 3}}).ok());
}

}  // namespace
}  // namespace meterhound::detectors
