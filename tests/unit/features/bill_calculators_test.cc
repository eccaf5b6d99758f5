// What the calculators for bills promise on any series at all; theft_golden_test.cc holds their values.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

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

std::vector<double> Compute(const Calculator& calculator, const Bills& bills) {
  const auto grid = DefaultGridOf(calculator);
  const auto kernel = calculator.bind(grid);
  EXPECT_TRUE(kernel.ok()) << calculator.name;
  SeriesContext context;
  context.Reset(bills.View());
  std::vector<double> out(grid.size(), -12345);
  (*kernel)(context, out);
  return out;
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
