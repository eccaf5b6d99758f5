// Every leak is planted once and seen to be caught; a clean town has none.
#include "pipeline/leak_check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "numerics/random.h"
#include "pipeline/shuffled_labels.h"
#include "pipeline/training.h"

namespace meterhound::pipeline {
namespace {

constexpr std::size_t kConsumers = 400;
constexpr std::size_t kDays = 60;

double Day(int year, int month, int day) {
  return static_cast<double>(DaysFromCivil({year, month, day})) * kSecondsPerDay;
}

/// Daily readings of 2020; thieves use less after the first half. Ids and order say nothing.
Panel Town() {
  numerics::Random random(11);
  Panel panel;
  panel.source = "town";
  auto timeline = std::make_shared<Timeline>();
  timeline->cadence = Cadence::kDaily;
  for (std::size_t day = 0; day < kDays; ++day) {
    timeline->times.push_back(Day(2020, 1, 1) + static_cast<double>(day) * kSecondsPerDay);
  }
  SeriesKind kind{.name = "kwh", .unit = "kWh", .timeline = timeline, .values = {}, .missing = {}};
  Attribute district{
      "district", Attribute::Type::kCategorical, FeatureGroup::kAttribute, {}, {"east", "north", "west"}};
  std::vector<std::size_t> numbers(kConsumers);
  std::iota(numbers.begin(), numbers.end(), std::size_t{1000});
  random.Shuffle(numbers);
  for (std::size_t row = 0; row < kConsumers; ++row) {
    panel.ids.push_back("c" + std::to_string(numbers[row]));
    const bool theft = random.Bernoulli(0.3);
    panel.labels.push_back(theft ? 1 : 0);
    const double level = random.Uniform(5, 20);
    for (std::size_t day = 0; day < kDays; ++day) {
      const bool missing = random.Bernoulli(0.05);
      kind.missing.push_back(missing ? 1 : 0);
      kind.values.push_back(missing ? NAN : level * random.Uniform(0.7, 1.3) * (theft && day > 30 ? 0.7 : 1));
    }
    district.values.push_back(static_cast<double>(random.Below(3)));
  }
  panel.kinds = {kind};
  panel.attributes = {district};
  return panel;
}

Attribute Numeric(const std::string& name, const Panel& panel, const std::function<double(std::size_t)>& value) {
  Attribute attribute{name, Attribute::Type::kNumeric, FeatureGroup::kAttribute, {}, {}};
  for (std::size_t row = 0; row < panel.rows(); ++row) attribute.values.push_back(value(row));
  return attribute;
}

Config Quick() {
  Config config;
  config.tsfresh_settings = "minimal";
  config.boosting_rounds = 30;
  config.max_depth = 3;
  config.forest_estimators = 20;
  config.bootstraps = 100;
  config.folds = 2;
  return config;
}

struct Fixture {
  ThreadPool pool{2};
  Progress progress;
  RunContext context{pool, progress, {}};

  Prepared Ready(Panel panel, const Config& config = Quick(), std::optional<double> as_of = std::nullopt) {
    SourceData data;
    data.panel = std::move(panel);
    data.as_of = as_of;
    auto prepared = Prepare(std::move(data), config, context);
    EXPECT_TRUE(prepared.ok()) << prepared.error().ToString();
    return std::move(prepared).value();
  }
};

std::vector<std::string> Found(const detectors::LeakReport& report) {
  std::vector<std::string> found;
  for (const detectors::LeakFinding& finding : report.findings) {
    const char* severities[] = {"note ", "warning ", "failure "};
    found.push_back(severities[static_cast<std::size_t>(finding.severity)] + finding.check + " " + finding.subject);
  }
  return found;
}
using Strings = std::vector<std::string>;

/// Fitting and evaluating refuse, by name.
void ExpectRefused(Fixture& fixture, const Prepared& prepared, const std::string& word,
                   const Config& config = Quick()) {
  const auto expect = [&](const auto& result) {
    ASSERT_FALSE(result.ok());
    EXPECT_NE(result.error().message.find(word), std::string::npos) << result.error().message;
  };
  expect(FitDetector(prepared, config, fixture.context));
  expect(CrossValidate(prepared, config, fixture.context));
}

TEST(LeakCheck, ACleanTownHasNone) {
  Fixture fixture;
  const Prepared prepared = fixture.Ready(Town());
  EXPECT_EQ(Found(prepared.leaks), Strings{});
  std::vector<std::string> checks;
  for (const auto& check : prepared.leaks.checks) checks.push_back(check.name);
  EXPECT_EQ(checks,
            (Strings{"invariance", "fit", "label_order", "order", "identity", "dates", "twins", "single_features"}));
  const auto validation = CrossValidate(prepared, Quick(), fixture.context);
  ASSERT_TRUE(validation.ok()) << validation.error().ToString();
  EXPECT_EQ(validation->evaluation.leaks->checks.back().name, "folds");
  EXPECT_EQ(validation->evaluation.fairness.at(0).attribute, "district");
}

TEST(LeakCheck, NothingDependsOnTheCleaning) {
  Fixture fixture;
  for (const char* policy : {"forward_backward_zero", "none", "seasonal_median"}) {
    Config config = Quick();
    config.clean_policy = policy;
    EXPECT_EQ(Found(fixture.Ready(Town(), config).leaks), Strings{}) << policy;
  }
}

detectors::LeakReport WithExtract(Fixture& fixture, const std::function<void(const Panel&, FeatureTable&)>& spoil) {
  Prepared prepared = fixture.Ready(Town());
  const Extract extract = [&](Panel& some) -> Result<FeatureTable> {
    METERHOUND_ASSIGN_OR_RETURN(FeatureTable table, prepared.plan.Apply(some, fixture.context));
    spoil(some, table);
    return table;
  };
  spoil(prepared.panel, prepared.features);
  const LeakInput input{.panel = prepared.panel,
                        .features = prepared.features,
                        .hashes = prepared.hashes,
                        .as_of = std::nullopt,
                        .today = Day(2030, 1, 1)};
  return CheckLeaks(input, extract, fixture.context).value();
}

TEST(LeakCheck, AnExtractionThatLooksAtPlaceIdOrOthersIsCaught) {
  Fixture fixture;
  const auto expect_caught = [](const detectors::LeakReport& report) {
    ASSERT_FALSE(report.findings.empty());
    EXPECT_EQ(report.findings[0].check, "invariance");
    EXPECT_EQ(report.findings[0].severity, detectors::LeakSeverity::kFailure);
    EXPECT_EQ(report.findings[0].subject, "kwh__sum_values");
  };
  expect_caught(WithExtract(fixture, [](const Panel&, FeatureTable& table) {
    for (std::size_t row = 0; row < table.rows(); ++row) table.Row(row)[0] += 1e-9 * static_cast<double>(row);
  }));
  expect_caught(WithExtract(fixture, [](const Panel& panel, FeatureTable& table) {
    for (std::size_t row = 0; row < table.rows(); ++row)
      table.Row(row)[0] += static_cast<double>(panel.ids[row].size());
  }));
  expect_caught(WithExtract(fixture, [](const Panel&, FeatureTable& table) {
    double mean = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) mean += table.Row(row)[0] / static_cast<double>(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) table.Row(row)[0] -= mean;  // against all others' mean
  }));
}

TEST(LeakCheck, AFingerprintThatLeavesTheOrderOfRowsToDecideIsCaught) {
  Fixture fixture;
  Prepared prepared = fixture.Ready(Town());
  for (std::uint64_t& hash : prepared.hashes) hash %= 64;  // consumers that it cannot tell apart keep the file's order
  const LeakInput input{.panel = prepared.panel,
                        .features = prepared.features,
                        .hashes = prepared.hashes,
                        .as_of = std::nullopt,
                        .today = Day(2030, 1, 1)};
  const Extract extract = [&](Panel& some) { return prepared.plan.Apply(some, fixture.context); };
  const auto found = Found(CheckLeaks(input, extract, fixture.context).value());
  EXPECT_NE(std::find(found.begin(), found.end(), "failure fit "), found.end());
}

TEST(LeakCheck, ARowNumberAmongTheAttributesFails) {
  Fixture fixture;
  Panel panel = Town();
  panel.attributes.push_back(
      Numeric("number", panel, [](std::size_t row) { return 5.0 + 2.0 * static_cast<double>(row); }));
  const Prepared prepared = fixture.Ready(panel);
  EXPECT_EQ(Found(prepared.leaks), Strings{"failure order attribute__number"});
  ExpectRefused(fixture, prepared, "attribute__number");
  // Where nothing is learnt from attributes it may stay.
  Config without = Quick();
  without.without = "attributes";
  EXPECT_EQ(Found(fixture.Ready(panel, without).leaks), Strings{});
}

TEST(LeakCheck, AnIdUnderAnotherNameFails) {
  Fixture fixture;
  Panel panel = Town();
  panel.attributes.push_back(Numeric("account", panel, [&](std::size_t row) {
    return std::sqrt(std::stod(panel.ids[row].substr(1)));  // neither equal nor linear
  }));
  EXPECT_EQ(Found(fixture.Ready(panel).leaks), Strings{"failure order attribute__account"});

  Panel named = Town();
  Attribute meter{"meter", Attribute::Type::kCategorical, FeatureGroup::kAttribute, {}, {}};
  std::vector<std::size_t> order(kConsumers);
  std::iota(order.begin(), order.end(), std::size_t{0});
  numerics::Random(3).Shuffle(order);
  for (std::size_t row = 0; row < kConsumers; ++row) {
    meter.values.push_back(static_cast<double>(order[row]));
    meter.categories.push_back("m" + std::to_string(10000 + row));
  }
  named.attributes.push_back(meter);
  EXPECT_EQ(Found(fixture.Ready(named).leaks), Strings{"failure identity meter"});
}

TEST(LeakCheck, ReadingsThatCountTheRowsFailAndASortedFileIsOnlyNoted) {
  Fixture fixture;
  Panel panel = Town();
  for (std::size_t row = 0; row < kConsumers; ++row) {
    for (std::size_t day = 0; day < kDays; ++day) {
      panel.kinds[0].values[row * kDays + day] = static_cast<double>(row);
      panel.kinds[0].missing[row * kDays + day] = 0;
    }
  }
  const auto counted = Found(fixture.Ready(panel).leaks);
  EXPECT_NE(std::find(counted.begin(), counted.end(), "failure order kwh__mean"), counted.end());

  Panel town = Town();
  const Prepared plain = fixture.Ready(town);
  const auto mean =
      static_cast<std::size_t>(std::find_if(plain.features.columns.begin(), plain.features.columns.end(),
                                            [](const FeatureColumn& column) { return column.name == "kwh__mean"; }) -
                               plain.features.columns.begin());
  std::vector<std::size_t> by_mean(kConsumers);
  std::iota(by_mean.begin(), by_mean.end(), std::size_t{0});
  std::sort(by_mean.begin(), by_mean.end(),
            [&](std::size_t a, std::size_t b) { return plain.features.Row(a)[mean] < plain.features.Row(b)[mean]; });
  const Prepared sorted = fixture.Ready(town.Select(by_mean));
  EXPECT_EQ(sorted.leaks.Count(detectors::LeakSeverity::kFailure), 0U);
  const auto noted = Found(sorted.leaks);
  EXPECT_NE(std::find(noted.begin(), noted.end(), "warning order kwh__mean"), noted.end());
}

TEST(LeakCheck, AFileSortedByLabelIsNoted) {
  Fixture fixture;
  const Panel town = Town();
  std::vector<std::size_t> thieves_last;
  for (const std::int8_t label : {std::int8_t{0}, std::int8_t{1}}) {
    for (std::size_t row = 0; row < kConsumers; ++row) {
      if (town.labels[row] == label) thieves_last.push_back(row);
    }
  }
  EXPECT_EQ(Found(fixture.Ready(town.Select(thieves_last)).leaks),
            Strings{"note label_order the row's place in the file"});
  // In blocks, so that place does not rise with the label: SGCC's form.
  std::rotate(thieves_last.begin(), thieves_last.begin() + 150, thieves_last.end());
  EXPECT_EQ(Found(fixture.Ready(town.Select(thieves_last)).leaks),
            Strings{"note label_order the row's place in the file"});
}

TEST(LeakCheck, AFeatureThatIsTheLabelWithNoiseIsNamedAndFailsWhenStrict) {
  Fixture fixture;
  Panel panel = Town();
  numerics::Random random(9);
  panel.attributes.push_back(
      Numeric("remark", panel, [&](std::size_t row) { return panel.labels[row] + 0.3 * random.Normal(); }));
  const Prepared prepared = fixture.Ready(panel);
  EXPECT_EQ(Found(prepared.leaks), Strings{"warning single_features attribute__remark"});
  EXPECT_TRUE(CrossValidate(prepared, Quick(), fixture.context).ok());
  Config strict = Quick();
  strict.leak_warnings = "fail";
  ExpectRefused(fixture, prepared, "attribute__remark", strict);
}

TEST(LeakCheck, ReadingsAfterTheDayAskedForFail) {
  Fixture fixture;
  const Prepared prepared = fixture.Ready(Town(), Quick(), Day(2020, 2, 1));
  EXPECT_EQ(Found(prepared.leaks), Strings{"failure dates "});
  ExpectRefused(fixture, prepared, "2020-02-01");
  EXPECT_EQ(Found(fixture.Ready(Town(), Quick(), Day(2020, 2, 29)).leaks), Strings{});  // the last day
}

TEST(LeakCheck, ReadingsOfTheFutureAreQuestioned) {
  Fixture fixture;
  Panel panel = Town();
  auto later = std::make_shared<Timeline>(*panel.kinds[0].timeline);
  for (double& time : later->times) time += 400 * 365.25 * kSecondsPerDay;
  panel.kinds[0].timeline = later;
  EXPECT_EQ(Found(fixture.Ready(panel).leaks), Strings{"warning dates "});
}

TEST(LeakCheck, ReadingsFromAfterTheInspectionAreQuestioned) {
  Fixture fixture;
  Panel panel = Town();
  panel.label_times.assign(kConsumers, Day(2020, 3, 15));
  EXPECT_EQ(Found(fixture.Ready(panel).leaks), Strings{});
  panel.label_times.assign(kConsumers, Day(2020, 2, 1));
  EXPECT_EQ(Found(fixture.Ready(panel).leaks), Strings{"warning label_dates "});
  for (std::size_t row = 0; row < kConsumers; ++row) {
    panel.label_times[row] = panel.labels[row] == 1 ? Day(2020, 3, 15) : NAN;
  }
  EXPECT_EQ(Found(fixture.Ready(panel).leaks), Strings{"warning label_dates "});
}

TEST(LeakCheck, TheSameReadingsUnderAnotherDistrictFail) {
  Fixture fixture;
  std::vector<std::size_t> rows(kConsumers);
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  for (std::size_t row = 0; row < 40; ++row) rows.push_back(row);
  Panel twice = Town().Select(rows);
  for (std::size_t row = kConsumers; row < rows.size(); ++row) twice.ids[row] += "x";
  // The same in every respect: they share a fold, and nothing leaks.
  EXPECT_EQ(Found(fixture.Ready(twice).leaks), Strings{});
  for (std::size_t row = kConsumers; row < rows.size(); ++row) {
    double& district = twice.attributes[0].values[row];
    district = district == 0 ? 1 : 0;
  }
  const Prepared prepared = fixture.Ready(twice);
  ASSERT_EQ(prepared.leaks.findings.size(), 1U);
  EXPECT_EQ(prepared.leaks.findings[0].check, "twins");
  EXPECT_EQ(prepared.leaks.findings[0].severity, detectors::LeakSeverity::kFailure);
  ExpectRefused(fixture, prepared, "twins");
}

TEST(LeakCheck, ShuffledLabelsAreWorthNothing) {
  Fixture fixture;
  const Prepared prepared = fixture.Ready(Town());
  detectors::LeakReport report;
  ASSERT_TRUE(CheckShuffledLabels(prepared, Quick(), fixture.context, report).ok());
  ASSERT_EQ(report.checks.size(), 1U);
  EXPECT_EQ(Found(report), Strings{});
}

}  // namespace
}  // namespace meterhound::pipeline
