// The calculators for bills against numpy, scipy and pandas, and their promises on any series at all.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/file.h"
#include "base/json.h"
#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/random.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Bills {
  std::vector<double> values;
  std::vector<std::uint8_t> missing;
  std::vector<double> times;
  SeriesView View() const { return {values, missing, times, Cadence::kIrregular}; }
};

std::vector<const Calculator*> BillCalculators() {
  std::vector<const Calculator*> found;
  for (const Calculator* calculator : AllCalculators()) {
    if (calculator->name.starts_with("bill_")) found.push_back(calculator);
  }
  return found;
}

std::vector<Parameters> GridOf(const Calculator& calculator) {
  return calculator.default_grid != nullptr ? calculator.default_grid() : std::vector<Parameters>(1);
}

std::vector<double> Compute(const Calculator& calculator, const Bills& bills) {
  const auto grid = GridOf(calculator);
  const auto kernel = calculator.bind(grid);
  EXPECT_TRUE(kernel.ok()) << calculator.name;
  SeriesContext context;
  context.Reset(bills.View());
  std::vector<double> out(grid.size(), -12345);
  (*kernel)(context, out);
  return out;
}

Json Goldens() {
  const auto text = ReadFile(std::string(METERHOUND_SOURCE_DIR) + "/tests/goldens/bill_calculators.json");
  EXPECT_TRUE(text.ok());
  auto json = ParseJson(*text, "bill_calculators.json");
  EXPECT_TRUE(json.ok());
  return *json;
}

Bills BillsOf(const Json& golden) {
  Bills bills;
  bills.values = golden["values"].get<std::vector<double>>();
  bills.missing = golden["missing"].get<std::vector<std::uint8_t>>();
  for (const Json& day : golden["days"]) bills.times.push_back(day.get<double>() * kSecondsPerDay);
  // What a gap was filled with must not count.
  for (std::size_t i = 0; i < bills.values.size(); ++i) {
    if (bills.missing[i]) bills.values[i] = 1e6;
  }
  return bills;
}

TEST(BillCalculators, AgreeWithThePeers) {
  const auto calculators = BillCalculators();
  ASSERT_GE(calculators.size(), 24u);
  for (const Json& golden : Goldens()) {
    const Bills bills = BillsOf(golden);
    const bool none_read = golden["kind"] == "none_read";
    for (const Calculator* calculator : calculators) {
      ASSERT_TRUE(golden["expected"].contains(calculator->name)) << calculator->name << " has no golden";
      const Json& expected = golden["expected"][std::string(calculator->name)];
      const auto grid = GridOf(*calculator);
      const auto found = Compute(*calculator, bills);
      for (std::size_t i = 0; i < grid.size(); ++i) {
        const std::string suffix = ParameterSuffix(grid[i]);
        const std::string key = suffix.empty() ? "" : suffix.substr(2);
        const std::string what = golden["kind"].get<std::string>() + " " + std::string(calculator->name) + " " + key;
        if (none_read && calculator->group != FeatureGroup::kCoverage) {
          EXPECT_TRUE(std::isnan(found[i])) << what;
          continue;
        }
        ASSERT_TRUE(expected.contains(key)) << what;
        if (expected[key].is_null()) {
          EXPECT_TRUE(std::isnan(found[i])) << what << " found " << found[i];
        } else {
          const double wanted = expected[key].get<double>();
          EXPECT_NEAR(found[i], wanted, 1e-9 * std::max(1.0, std::abs(wanted))) << what;
        }
      }
    }
  }
}

TEST(BillCalculators, AreTotalOnAnySeries) {
  numerics::Random random(3);
  for (int round = 0; round < 300; ++round) {
    Bills bills;
    const std::size_t count = round < 3 ? static_cast<std::size_t>(round) : random.Below(30);
    double time = random.Uniform(-3e9, 4e9);
    for (std::size_t i = 0; i < count; ++i) {
      const bool missing = random.Bernoulli(0.2);
      const double odd[] = {0, -1, 1e300, 999673, 0.1, 1e-300};
      bills.values.push_back(missing ? (random.Bernoulli(0.5) ? kNaN : 0) : odd[random.Below(6)]);
      bills.missing.push_back(missing ? 1 : 0);
      bills.times.push_back(time);
      time += random.Bernoulli(0.2) ? 0 : random.Uniform(0, 2e7);
    }
    for (const Calculator* calculator : BillCalculators()) {
      for (const double value : Compute(*calculator, bills)) EXPECT_NE(value, -12345) << calculator->name;
    }
  }
}

TEST(BillCalculators, LookAtTheMaskAloneWhenTheySpeakOfCoverage) {
  for (const Json& golden : Goldens()) {
    const Bills bills = BillsOf(golden);
    Bills other = bills;
    for (double& value : other.values) value = 1 - 2 * value;
    for (const Calculator* calculator : BillCalculators()) {
      if (calculator->group != FeatureGroup::kCoverage) continue;
      const auto a = Compute(*calculator, bills);
      const auto b = Compute(*calculator, other);
      for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
    }
  }
}

TEST(BillCalculators, RefuseWrongParametersByName) {
  const Calculator* last = FindCalculator("bill_last_value");
  ASSERT_NE(last, nullptr);
  const std::vector<Parameters> wrong = {{{"k", std::int64_t{-1}}}};
  EXPECT_NE(last->bind(wrong).error().message.find("'k' from 0"), std::string::npos);
  const std::vector<Parameters> lacking = {{}};
  EXPECT_FALSE(last->bind(lacking).ok());
  const Calculator* statistic = FindCalculator("bill_statistic");
  ASSERT_NE(statistic, nullptr);
  const std::vector<Parameters> unknown = {{{"attr", std::string("mode")}}};
  EXPECT_NE(statistic->bind(unknown).error().message.find("quantile_10"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::features
