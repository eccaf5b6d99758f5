// Extraction's promises: threads, company, names, settings, attributes and files change nothing they should not.
#include "features/extractor.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>

#include "features/attributes.h"
#include "features/calculator.h"
#include "features/writers.h"
#include "support/feature_panels.h"

namespace meterhound::features {
namespace {

using testing::Context;

Extractor Everything() {
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}};
  const auto settings = FeatureSettings::FromPreset("comprehensive+index_based+theft").value();
  return Extractor::Create(settings, kinds).value();
}

// Two infinities or NaNs of one kind are the same bits; so is everything else that is the same.
void ExpectSameBits(std::span<const double> a, std::span<const double> b, const std::vector<FeatureColumn>& columns) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i]) && std::isnan(b[i])) continue;
    ASSERT_EQ(std::bit_cast<std::uint64_t>(a[i]), std::bit_cast<std::uint64_t>(b[i]))
        << columns[i % columns.size()].name;
  }
}

TEST(Extractor, ThreadsChangeNoBit) {
  const Panel panel = testing::PanelOf(testing::ShortGoldenSeries());
  const Extractor extractor = Everything();
  Context one(1);
  Context four(4);
  const FeatureTable a = extractor.Extract(panel, one.run).value();
  const FeatureTable b = extractor.Extract(panel, four.run).value();
  ExpectSameBits(a.values, b.values, a.columns);
}

// What calculators keep from series to series must not depend on values that compare with nothing.
TEST(Extractor, WhatCameBeforeChangesNoBitNotEvenWithNaN) {
  numerics::Random random(5);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const double some[] = {0, 1, 2, kInfinity, -kInfinity, std::numeric_limits<double>::quiet_NaN()};
  std::vector<testing::NamedSeries> series(60, {"made", {}});
  for (std::size_t i = 0; i < series.size(); ++i) {
    for (int k = 0; k < 40; ++k) series[i].values.push_back(some[random.Below(i % 2 == 0 ? 6 : 4)]);
  }
  const Panel panel = testing::PanelOf(series);
  const Extractor extractor = Everything();
  Context context(1);
  const FeatureTable all = extractor.Extract(panel, context.run).value();
  for (std::size_t row = panel.rows(); row-- > 0;) {
    const FeatureTable alone = extractor.Extract(panel.Select({row}), context.run).value();
    ExpectSameBits(alone.values, all.Row(row), all.columns);
  }
}

TEST(Extractor, AConsumerAloneGetsTheSameBits) {
  const Panel panel = testing::PanelOf(testing::ShortGoldenSeries());
  const Extractor extractor = Everything();
  Context context(3);
  const FeatureTable all = extractor.Extract(panel, context.run).value();
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const FeatureTable alone = extractor.Extract(panel.Select({row}), context.run).value();
    ExpectSameBits(alone.values, all.Row(row), all.columns);
  }
}

TEST(Extractor, AnEmptySeriesIsUndefinedThroughout) {
  Context context;
  const FeatureTable table = Everything().Extract(testing::PanelOf({{"nothing", {}}}), context.run).value();
  for (const double value : table.values) EXPECT_TRUE(std::isnan(value));
}

TEST(Extractor, StopsWhenAsked) {
  Context context;
  std::stop_source source;
  source.request_stop();
  context.run.stop = source.get_token();
  const auto table = Everything().Extract(testing::PanelOf(testing::ShortGoldenSeries()), context.run);
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, ErrorCode::kCancelled);
}

TEST(Settings, ReadBackToTheSameColumns) {
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}, {"gas", FeatureGroup::kBehaviour}};
  for (const std::string& preset : PresetNames()) {
    const auto settings = FeatureSettings::FromPreset(preset).value();
    const auto again = FeatureSettings::FromJson(settings.ToJson()).value();
    EXPECT_EQ(Extractor::Create(settings, kinds).value().columns(), Extractor::Create(again, kinds).value().columns())
        << preset;
  }
}

TEST(Settings, UnknownNamesAreAnsweredWithTheNearest) {
  const auto preset = FeatureSettings::FromPreset("eficient");
  ASSERT_FALSE(preset.ok());
  EXPECT_NE(preset.error().message.find("efficient"), std::string::npos);
  const auto calculator = FeatureSettings::FromJson(Json{{"longest_strike_abov_mean", nullptr}});
  ASSERT_FALSE(calculator.ok());
  EXPECT_NE(calculator.error().message.find("longest_strike_above_mean"), std::string::npos);
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}};
  const auto wrong = FeatureSettings::FromJson(Json{{"autocorrelation", Json::array({Json{{"lagg", 3}}})}});
  const bool refused = !wrong.ok() || !Extractor::Create(*wrong, kinds).ok();
  EXPECT_TRUE(refused);
}

TEST(Calculators, AreNamedOnceAndSorted) {
  const auto all = AllCalculators();
  ASSERT_GE(all.size(), 95U);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1]->name, all[i]->name);
  for (const Calculator* calculator : all) {
    EXPECT_FALSE(calculator->doc.empty()) << calculator->name;
    EXPECT_EQ(FindCalculator(calculator->name), calculator);
  }
}

// Any calculator, any series: numbers come out, none of them left unwritten, and a mask that hides all gives no crash.
TEST(Calculators, AreTotal) {
  numerics::Random random(11);
  std::vector<testing::NamedSeries> hard = {
      {"one", {1}}, {"equal", {3, 3, 3, 3}}, {"huge", {1e300, -1e300, 1e300}}, {"tiny", {1e-320, 0}}, {"two", {1, -1}}};
  for (std::size_t length = 3; length < 130; length = length * 3 / 2) {
    testing::NamedSeries made{"made", {}};
    for (std::size_t i = 0; i < length; ++i) made.values.push_back(random.Bernoulli(0.3) ? 0 : random.Normal() * 1e3);
    hard.push_back(made);
  }
  Panel panel = testing::PanelOf(hard);
  Context context;
  const Extractor extractor = Everything();
  ASSERT_TRUE(extractor.Extract(panel, context.run).ok());
  std::fill(panel.kinds[0].missing.begin(), panel.kinds[0].missing.end(), std::uint8_t{1});
  ASSERT_TRUE(extractor.Extract(panel, context.run).ok());
}

Panel WithAttributes(const std::vector<std::string>& categories, const std::vector<double>& codes) {
  std::vector<testing::NamedSeries> series;
  for (std::size_t i = 0; i < codes.size(); ++i) series.push_back({"c" + std::to_string(i), {1, 2}});
  Panel panel = testing::PanelOf(series);
  panel.attributes.push_back(
      {.name = "district", .type = Attribute::Type::kCategorical, .values = codes, .categories = categories});
  return panel;
}

TEST(Attributes, ACategoryHasItsCodeWhereverItIsMet) {
  const AttributeEncoder fitted = AttributeEncoder::Fit(WithAttributes({"north", "south"}, {0, 1}));
  const AttributeEncoder encoder = AttributeEncoder::FromJson(fitted.ToJson()).value();
  FeatureTable table;
  table.ids = {"a", "b", "c"};
  // In another file "south" comes with another number, and "west" was never seen.
  ASSERT_TRUE(encoder.Append(WithAttributes({"south", "west"}, {0, 1, NAN}), table).ok());
  EXPECT_EQ(table.columns[0].name, "attribute__district");
  EXPECT_EQ(table.values[0], 1);
  EXPECT_TRUE(std::isnan(table.values[1]));
  EXPECT_TRUE(std::isnan(table.values[2]));
  FeatureTable other;
  other.ids = {"a"};
  EXPECT_FALSE(encoder.Append(testing::PanelOf({{"a", {1}}}), other).ok());
}

TEST(Writers, CsvReadsBackToTheSameBits) {
  Context context;
  const FeatureTable table = Everything().Extract(testing::PanelOf(testing::ShortGoldenSeries()), context.run).value();
  const auto path = std::filesystem::temp_directory_path() / "meterhound_writers_test.csv";
  ASSERT_TRUE(WriteFeatures(table, path, context.run).ok());
  std::istringstream lines(ReadFile(path).value());
  std::filesystem::remove(path);
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(line.substr(0, 3), "id,");
  for (std::size_t row = 0; row < table.rows(); ++row) {
    ASSERT_TRUE(std::getline(lines, line));
    std::istringstream cells(line + ",");
    std::string cell;
    std::getline(cells, cell, ',');
    EXPECT_EQ(cell, table.ids[row]);
    for (std::size_t column = 0; column < table.width(); ++column) {
      ASSERT_TRUE(std::getline(cells, cell, ','));
      const double value = table.Row(row)[column];
      if (std::isnan(value)) {
        EXPECT_EQ(cell, "");
      } else {
        EXPECT_EQ(std::strtod(cell.c_str(), nullptr), value) << table.columns[column].name;
      }
    }
  }
}

}  // namespace
}  // namespace meterhound::features
