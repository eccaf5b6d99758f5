// Settings from names of columns and from dictionaries.
#include "features/settings.h"

#include <gtest/gtest.h>

#include "features/extractor.h"

namespace meterhound::features {
namespace {

std::vector<std::string> ColumnsOf(const FeatureSettings& settings, const std::vector<KindInfo>& kinds) {
  std::vector<std::string> names;
  const Extractor extractor = Extractor::Create(settings, kinds).value();
  for (const FeatureColumn& column : extractor.columns()) names.push_back(column.name);
  return names;
}

TEST(Settings, EveryColumnLeadsBackToItself) {
  const std::vector<KindInfo> kinds = {{"value"}, {"a__b_\"c\""}};
  const auto settings = FeatureSettings::FromPreset("comprehensive+index_based+theft+bills").value();
  const auto columns = ColumnsOf(settings, kinds);
  EXPECT_GT(columns.size(), 2U * 900U);
  EXPECT_EQ(ColumnsOf(FeatureSettings::FromColumns(columns).value(), kinds), columns);
}

TEST(Settings, OneColumnIsAllThatIsMade) {
  const std::vector<std::string> column = {"elec__cwt_coefficients__coeff_3__w_5__widths_(2, 5, 10, 20)"};
  EXPECT_EQ(ColumnsOf(FeatureSettings::FromColumns(column).value(), {{"value"}, {"elec"}}), column);
}

TEST(Settings, ListsOfNumbersKeepTheirNames) {
  const std::vector<std::string> columns = {"value__query_similarity_count__query_(0.25, 1.0, -3.5)__threshold_1.5",
                                            "value__query_similarity_count__query_(1, 2, 3)__threshold_0.5",
                                            "value__query_similarity_count__query_(1.0,)__threshold_0.5"};
  const auto settings = FeatureSettings::FromColumns(columns).value();
  EXPECT_EQ(ColumnsOf(settings, {{"value"}}), columns);
  EXPECT_EQ(ColumnsOf(FeatureSettings::FromJson(settings.ToJson()).value(), {{"value"}}), columns);
  const std::vector<std::string> fraction = {"value__cwt_coefficients__coeff_3__w_5__widths_(2.5, 5.0)"};
  const std::vector<KindInfo> kinds = {{"value"}};
  EXPECT_FALSE(Extractor::Create(FeatureSettings::FromColumns(fraction).value(), kinds).ok());
}

TEST(Settings, NamesThatNoCalculatorMakesAreRefused) {
  for (const char* name : {"", "mean", "value__meann", "value__mean__", "value__mean__q_0.1", "value__quantile",
                           "value__quantile__p_0.1", "value__quantile__q_", "value__quantile__q_0.10",
                           "value__linear_trend__attr_slope", "value__large_standard_deviation__r_"}) {
    const std::vector<std::string> columns = {"value__mean", name};
    const auto settings = FeatureSettings::FromColumns(columns);
    const std::vector<KindInfo> kinds = {{"value"}};
    EXPECT_FALSE(settings.ok() && Extractor::Create(*settings, kinds).ok()) << name;
  }
}

TEST(Settings, DictionariesReadBackAsTheyWereWritten) {
  for (const char* preset : {"minimal", "efficient", "comprehensive", "theft", "bills"}) {
    const auto settings = FeatureSettings::FromPreset(preset).value();
    EXPECT_EQ(FeatureSettings::FromJson(settings.ToJson()).value().ToJson(), settings.ToJson()) << preset;
  }
}

TEST(Settings, UnknownParametersAreRefusedByName) {
  const auto settings = FeatureSettings::FromJson(Json::parse(R"({"quantile": [{"q": 0.1}, {"Q": 0.1}]})"));
  ASSERT_FALSE(settings.ok());
  EXPECT_NE(settings.error().message.find("'Q'"), std::string::npos) << settings.error().message;
}

TEST(Settings, NumbersThatWouldTakeMemoryOrTimeWithoutEndAreRefused) {
  const std::vector<KindInfo> kinds = {{"value"}};
  for (const char* text :
       {R"({"binned_entropy": [{"max_bins": 1000000000000}]})", R"({"fourier_entropy": [{"bins": 0}]})",
        R"({"friedrich_coefficients": [{"coeff": 0, "m": 101, "r": 30}]})",
        R"({"max_langevin_fixed_point": [{"m": 3, "r": -1}]})",
        R"({"ar_coefficient": [{"coeff": 0, "k": 9223372036854775807}]})",
        R"({"approximate_entropy": [{"m": 101, "r": 0.1}]})", R"({"number_cwt_peaks": [{"n": 101}]})",
        R"({"lempel_ziv_complexity": [{"bins": 1000001}]})",
        R"({"cwt_coefficients": [{"coeff": 0, "w": 10001, "widths": [10001]}]})"}) {
    const auto extractor = Extractor::Create(FeatureSettings::FromJson(Json::parse(text)).value(), kinds);
    ASSERT_FALSE(extractor.ok()) << text;
    EXPECT_NE(extractor.error().message.find(" ... "), std::string::npos) << extractor.error().message;
  }
}

}  // namespace
}  // namespace meterhound::features
