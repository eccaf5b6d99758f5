// Relevance tables against tsfresh's, and what is refused.
#include "features/relevance.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/file.h"
#include "base/json.h"
#include "support/feature_panels.h"

namespace meterhound::features {
namespace {

using testing::Context;

Json Golden() {
  const auto text = ReadFile(METERHOUND_SOURCE_DIR "/tests/goldens/selection.json");
  EXPECT_TRUE(text.ok()) << "no golden; run oracles/make_selection_goldens.py";
  return ParseJson(*text, "selection.json").value();
}

FeatureTable TableOf(const Json& golden) {
  FeatureTable table;
  for (const Json& name : golden["columns"]) table.columns.push_back({name.get<std::string>()});
  for (const Json& row : golden["rows"]) {
    table.ids.push_back(std::to_string(table.rows()));
    for (const Json& value : row) table.values.push_back(value.get<double>());
  }
  return table;
}

RelevanceOptions OptionsOf(const Json& one) {
  RelevanceOptions options;
  options.task = one["task"] == "regression" ? Task::kRegression : Task::kClassification;
  options.fdr_level = one.value("fdr_level", 0.05);
  options.independent = one.value("independent", false);
  options.kolmogorov_smirnov = one.value("test", "mann") == "smir";
  options.multiclass = one.value("multiclass", false);
  options.n_significant = one.value("n_significant", std::size_t{1});
  return options;
}

TEST(Relevance, EqualsTsfresh) {
  const Json golden = Golden();
  const FeatureTable table = TableOf(golden);
  Context context;
  for (const Json& one : golden["cases"]) {
    const auto target = golden["targets"][one["target"].get<std::string>()].get<std::vector<double>>();
    const auto relevances = RelevanceTable(table, target, OptionsOf(one), context.run).value();
    ASSERT_EQ(relevances.size(), table.width());
    for (const Relevance& relevance : relevances) {
      const std::string& name = table.columns[relevance.column].name;
      const Json& theirs = one["relevance"][name];
      const std::string what = name + " in " + Json{{"target", one["target"]}, {"task", one["task"]}}.dump();
      EXPECT_EQ(FeatureTypeName(relevance.type), theirs[0].get<std::string>()) << what;
      EXPECT_EQ(relevance.relevant, theirs[2].get<bool>()) << what;
      if (theirs[1].is_null()) {
        EXPECT_TRUE(std::isnan(relevance.p_value)) << what;
      } else {
        EXPECT_NEAR(relevance.p_value / theirs[1].get<double>(), 1, 1e-10) << what;
      }
    }
  }
}

TEST(Relevance, ComesByPValueWithConstantFeaturesLast) {
  const Json golden = Golden();
  Context context;
  const auto target = golden["targets"]["two"].get<std::vector<double>>();
  const auto relevances = RelevanceTable(TableOf(golden), target, {}, context.run).value();
  for (std::size_t i = 2; i < relevances.size(); ++i) {
    EXPECT_LE(relevances[i - 2].p_value, relevances[i - 1].p_value);
  }
  EXPECT_EQ(relevances.back().type, FeatureType::kConstant);
}

TEST(Relevance, RefusesWhatItCannotTest) {
  const Json golden = Golden();
  FeatureTable table = TableOf(golden);
  Context context;
  auto target = golden["targets"]["two"].get<std::vector<double>>();
  const std::vector<double> same(target.size(), 1.0);
  EXPECT_FALSE(RelevanceTable(table, same, {}, context.run).ok());
  EXPECT_FALSE(RelevanceTable(table, std::span(target).first(3), {}, context.run).ok());
  EXPECT_FALSE(RelevanceTable(table, target, {.fdr_level = 1.5}, context.run).ok());
  table.values[table.width() + 1] = std::nan("");
  const auto refused = RelevanceTable(table, target, {}, context.run);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("'line' of '1'"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace meterhound::features
