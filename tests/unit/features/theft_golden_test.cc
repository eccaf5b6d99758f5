// Every calculator that tsfresh lacks against its golden: an oracle in Python and what it says of series of every
// cadence.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "base/file.h"
#include "base/json.h"
#include "features/series_context.h"
#include "features/settings.h"

namespace meterhound::features {
namespace {

std::string GoldenPath(const std::string& name) { return METERHOUND_SOURCE_DIR "/tests/goldens/theft/" + name; }

struct Readings {
  std::string name;
  Cadence cadence = Cadence::kSteps;
  std::vector<double> values;
  std::vector<std::uint8_t> missing;
  std::vector<double> times;
  SeriesView View() const { return {values, missing, times, cadence}; }
};

Cadence CadenceOf(const std::string& name) {
  for (int i = 0; i <= static_cast<int>(Cadence::kIrregular); ++i) {
    if (name == CadenceName(static_cast<Cadence>(i))) return static_cast<Cadence>(i);
  }
  ADD_FAILURE() << "no cadence " << name;
  return Cadence::kSteps;
}

// Gaps are filled with what must not count.
std::vector<Readings> AllReadings() {
  const std::string path = GoldenPath("series.json");
  const Json series = ParseJson(ReadFile(path).value(), path).value();
  std::vector<Readings> all;
  for (const Json& json : series) {
    Readings one{json["name"], CadenceOf(json["cadence"]), {}, {}, {}};
    for (const Json& value : json["values"]) {
      const auto i = static_cast<double>(one.values.size());
      one.missing.push_back(value.is_null() ? 1 : 0);
      one.values.push_back(value.is_null() ? 1e6 : value.get<double>());
      one.times.push_back(json.contains("times") ? json["times"][one.values.size() - 1].get<double>()
                                                 : json["from"].get<double>() + i * json["every"].get<double>());
    }
    all.push_back(std::move(one));
  }
  return all;
}

// Column -> series -> value.
using Golden = std::map<std::string, std::map<std::string, double>>;

std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ';');) cells.push_back(cell);
  return cells;
}

Golden ReadGolden(const std::string& calculator) {
  Golden golden;
  const auto text = ReadFile(GoldenPath(calculator + ".py"));
  if (!text.ok()) return golden;
  std::istringstream lines(*text);
  std::string line;
  while (std::getline(lines, line) && line != "GOLDEN = \"\"\"") continue;
  std::getline(lines, line);
  const std::vector<std::string> names = Cells(line);
  while (std::getline(lines, line) && line != "\"\"\"") {
    const std::vector<std::string> cells = Cells(line);
    for (std::size_t i = 1; i < cells.size(); ++i) golden[cells[0]][names[i]] = std::strtod(cells[i].c_str(), nullptr);
  }
  return golden;
}

std::vector<const Calculator*> OwnCalculators() {
  std::vector<const Calculator*> own;
  for (const Calculator* calculator : AllCalculators()) {
    if ((calculator->presets & (kMinimal | kEfficient | kComprehensive | kIndexBased | kTimeBased)) == 0)
      own.push_back(calculator);
  }
  return own;
}

std::vector<double> Compute(const Calculator& calculator, const Readings& readings) {
  const auto grid = DefaultGridOf(calculator);
  const auto kernel = calculator.bind(grid);
  EXPECT_TRUE(kernel.ok()) << calculator.name;
  SeriesContext context;
  context.Reset(readings.View());
  std::vector<double> out(grid.size(), -12345);
  (*kernel)(context, out);
  return out;
}

bool Agree(double ours, double theirs) {
  if (std::isnan(theirs)) return std::isnan(ours);
  return ours == theirs || std::fabs(ours - theirs) <= 1e-9 * std::fabs(theirs) + 1e-11;
}

class TheftGolden : public ::testing::TestWithParam<const Calculator*> {};

TEST_P(TheftGolden, EqualsItsOracle) {
  const Calculator& calculator = *GetParam();
  const Golden golden = ReadGolden(std::string(calculator.name));
  ASSERT_FALSE(golden.empty()) << "no golden for " << calculator.name << "; see docs/adding-a-calculator.md";
  const auto grid = DefaultGridOf(calculator);
  ASSERT_EQ(golden.size(), grid.size());
  for (const Readings& readings : AllReadings()) {
    const auto ours = Compute(calculator, readings);
    for (std::size_t i = 0; i < grid.size(); ++i) {
      const std::string column = "value__" + std::string(calculator.name) + ColumnSuffix(calculator, grid[i]);
      const auto row = golden.find(column);
      ASSERT_NE(row, golden.end()) << column << " is not in the golden";
      const auto theirs = row->second.find(readings.name);
      ASSERT_NE(theirs, row->second.end()) << "the golden lacks " << readings.name;
      EXPECT_TRUE(Agree(ours[i], theirs->second))
          << column << " of " << readings.name << ": " << ours[i] << " against " << theirs->second;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Calculators, TheftGolden, ::testing::ValuesIn(OwnCalculators()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST(TheftGoldens, AllHaveACalculator) {
  std::set<std::string> own;
  for (const Calculator* calculator : OwnCalculators()) own.insert(std::string(calculator->name));
  for (const auto& entry : std::filesystem::directory_iterator(GoldenPath(""))) {
    EXPECT_TRUE(entry.path().extension() != ".py" || own.contains(entry.path().stem())) << entry.path();
  }
}

TEST(TheftCalculators, LookAtTheMaskAloneWhenTheySpeakOfCoverage) {
  for (const Readings& readings : AllReadings()) {
    Readings other = readings;
    for (double& value : other.values) value = 1 - 2 * value;
    for (const Calculator* calculator : OwnCalculators()) {
      if (calculator->group != FeatureGroup::kCoverage) continue;
      const auto a = Compute(*calculator, readings);
      const auto b = Compute(*calculator, other);
      for (std::size_t i = 0; i < a.size(); ++i) EXPECT_TRUE(a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i])));
    }
  }
}

}  // namespace
}  // namespace meterhound::features
