// Every tsfresh calculator against tsfresh itself, on series of all lengths and shapes, within its own tolerance. A
// golden without a calculator fails as a calculator without a golden does.
#include <gtest/gtest.h>

#include <filesystem>

#include "support/tsfresh_goldens.h"

namespace meterhound::features {
namespace {

class Parity : public ::testing::TestWithParam<const Calculator*> {};

TEST_P(Parity, EqualsTsfresh) {
  for (const testing::ColumnVerdict& verdict : testing::JudgeCalculator(*GetParam())) {
    EXPECT_GT(verdict.values, 0U) << verdict.column.name;
    for (const std::string& words : verdict.apart) ADD_FAILURE() << words;
  }
}

INSTANTIATE_TEST_SUITE_P(Calculators, Parity, ::testing::ValuesIn(testing::TsfreshCalculators()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST(Parity, EveryGoldenHasItsCalculator) {
  std::vector<std::string> with_golden;
  for (const auto& file : std::filesystem::directory_iterator(testing::GoldenPath(""))) {
    if (file.path().extension() == ".csv") with_golden.push_back(file.path().stem());
  }
  std::sort(with_golden.begin(), with_golden.end());
  std::vector<std::string> calculators;
  for (const Calculator* calculator : testing::TsfreshCalculators()) calculators.emplace_back(calculator->name);
  std::sort(calculators.begin(), calculators.end());
  EXPECT_EQ(with_golden, calculators);
}

TEST(Parity, WhatIsWiderHasItsReason) {
  const auto settings = FeatureSettings::FromPreset("comprehensive+index_based").value();
  for (const testing::JudgedColumn& column : testing::JudgedColumns(settings, "value")) {
    const Tolerance& tolerance = column.tolerance;
    EXPECT_LE(tolerance.error, 1e-4) << column.name;
    if (tolerance.error > Tolerance{}.error || tolerance.unit != Unit::kValue) {
      EXPECT_GT(tolerance.reason.size(), 20U) << column.name;
    }
  }
}

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
