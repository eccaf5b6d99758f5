// Every tsfresh calculator against tsfresh itself, on series of all lengths and shapes. A missing golden fails.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "features/calculator.h"
#include "features/extractor.h"
#include "support/feature_panels.h"

namespace meterhound::features {
namespace {

using testing::Context;

std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ';');) cells.push_back(cell);
  return cells;
}

struct Golden {
  std::vector<std::string> features;
  std::vector<std::vector<double>> values;  // [feature][series]

  const std::vector<double>* Of(const std::string& feature) const {
    const auto found = std::find(features.begin(), features.end(), feature);
    return found == features.end() ? nullptr : &values[static_cast<std::size_t>(found - features.begin())];
  }
};

Golden ReadGolden(const std::string& calculator) {
  const auto text = ReadFile(testing::GoldenPath(calculator + ".csv"));
  EXPECT_TRUE(text.ok()) << "no golden for " << calculator << "; run oracles/make_tsfresh_goldens.py";
  Golden golden;
  if (!text.ok()) return golden;
  std::istringstream lines(*text);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = Split(line);
    golden.features.push_back(cells[0]);
    auto& row = golden.values.emplace_back();
    for (std::size_t i = 1; i < cells.size(); ++i) row.push_back(std::strtod(cells[i].c_str(), nullptr));
  }
  return golden;
}

std::vector<const Calculator*> TsfreshCalculators() {
  std::vector<const Calculator*> all;
  for (const Calculator* calculator : AllCalculators()) {
    if ((calculator->presets & (kComprehensive | kIndexBased)) != 0) all.push_back(calculator);
  }
  return all;
}

// Both sides add in another order, so they agree to rounding: relative to the value, or, where a calculator subtracts
// large numbers, to the largest value it gives on that series.
bool Agree(double ours, double theirs, double largest) {
  if (std::isnan(theirs)) return std::isnan(ours);
  if (ours == theirs) return true;
  return std::fabs(ours - theirs) <= 1e-8 * std::max(std::fabs(ours), std::fabs(theirs)) + 1e-10 * largest;
}

// An angle means something only where its coefficient is more than rounding, and 360 degrees are none.
bool AnglesAgree(double ours, double theirs, double absolute, double sum) {
  if (absolute <= 1e-10 * sum) return !std::isnan(ours);
  if (std::isnan(theirs)) return std::isnan(ours);
  return std::fabs(std::remainder(ours - theirs, 360)) <= 1e-6;
}

class Parity : public ::testing::TestWithParam<const Calculator*> {};

TEST_P(Parity, EqualsTsfresh) {
  const Calculator& calculator = *GetParam();
  const Golden golden = ReadGolden(std::string(calculator.name));
  const auto series = testing::GoldenSeries();
  Context context;
  Json settings;
  settings[std::string(calculator.name)] = nullptr;
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}};
  const auto extractor = Extractor::Create(FeatureSettings::FromJson(settings).value(), kinds).value();
  const FeatureTable table = extractor.Extract(testing::PanelOf(series), context.run).value();
  ASSERT_EQ(table.width(), golden.features.size());
  for (std::size_t row = 0; row < series.size(); ++row) {
    double largest = 0;
    for (const auto& values : golden.values) {
      if (std::isfinite(values[row])) largest = std::max(largest, std::fabs(values[row]));
    }
    double sum = 0;
    for (const double value : series[row].values) sum += std::fabs(value);
    for (std::size_t column = 0; column < table.width(); ++column) {
      const std::string& name = table.columns[column].name;
      const auto* theirs = golden.Of(name);
      ASSERT_NE(theirs, nullptr) << name << " is not one of tsfresh's features";
      const double ours = table.Row(row)[column];
      const std::size_t angle = name.find("\"angle\"");
      if (angle != std::string::npos) {
        const auto* absolute = golden.Of(std::string(name).replace(angle, 7, "\"abs\""));
        ASSERT_NE(absolute, nullptr);
        EXPECT_TRUE(AnglesAgree(ours, (*theirs)[row], (*absolute)[row], sum))
            << name << " of " << series[row].name << ": " << ours << " against " << (*theirs)[row];
        continue;
      }
      EXPECT_TRUE(Agree(ours, (*theirs)[row], largest))
          << name << " of " << series[row].name << ": " << ours << " against " << (*theirs)[row];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Calculators, Parity, ::testing::ValuesIn(TsfreshCalculators()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST(Parity, PresetsHoldAsManyFeaturesAsTsfreshs) {
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}};
  const auto width = [&](const char* preset) {
    return Extractor::Create(FeatureSettings::FromPreset(preset).value(), kinds).value().columns().size();
  };
  EXPECT_EQ(width("minimal"), 10U);
  // tsfresh's 782 and 788 less linear_trend_timewise's 5, which it skips unless the index holds dates.
  EXPECT_EQ(width("efficient"), 777U);
  EXPECT_EQ(width("comprehensive"), 783U);
  EXPECT_EQ(width("index_based"), 8U);
}

}  // namespace
}  // namespace meterhound::features
