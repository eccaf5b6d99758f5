// docs/parity.md: written from the verdicts on the goldens (`make parity`), and held to name every column and no other.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "base/file.h"
#include "support/tsfresh_goldens.h"

namespace meterhound::features {
namespace {

using testing::ColumnVerdict;

constexpr std::string_view kNotes =
    "## What is wider than 1e-9, and why\n";  // from here on the page is written by hand
constexpr std::string_view kRow = "| `value__";

std::string Page() { return std::string(METERHOUND_SOURCE_DIR) + "/docs/parity.md"; }

std::string Rounded(double error) {
  char text[32];
  std::snprintf(text, sizeof text, error == 0 ? "0" : "%.0e", error);
  return text;
}

std::string WithUnit(double error, Unit unit) {
  const std::string_view name = UnitName(unit);
  return Rounded(error) + (error == 0 || name.empty() || unit == Unit::kOne ? "" : " " + std::string(name));
}

// Markdown takes the bars of max|x| for those of a table.
std::string Cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

std::string ErrorCells(const ColumnVerdict& verdict) {
  const Tolerance& tolerance = verdict.column.tolerance;
  return Cell(WithUnit(verdict.worst, tolerance.unit)) + " | " + verdict.worst_on + " | " +
         (tolerance.error == 0 ? "exact" : Cell(WithUnit(tolerance.error, tolerance.unit)));
}

using Verdicts = std::map<std::string, std::vector<ColumnVerdict>>;

// Of a calculator the column that comes nearest to its tolerance.
const ColumnVerdict& Nearest(const std::vector<ColumnVerdict>& verdicts) {
  return *std::max_element(verdicts.begin(), verdicts.end(), [](const ColumnVerdict& a, const ColumnVerdict& b) {
    return a.worst / std::max(a.column.tolerance.error, 1e-300) < b.worst / std::max(b.column.tolerance.error, 1e-300);
  });
}

std::string PageText(const Verdicts& by_calculator) {
  std::string calculators =
      "| calculator | columns | same bits | worst error | on | tolerance |\n|---|---|---|---|---|---|\n";
  std::string columns;
  std::size_t width = 0;
  std::size_t values = 0;
  std::size_t same = 0;
  for (const Calculator* calculator : testing::TsfreshCalculators()) {
    const std::string name(calculator->name);
    const auto& verdicts = by_calculator.at(name);
    std::size_t own_values = 0;
    std::size_t own_same = 0;
    columns +=
        "<details><summary>" + name + "</summary>\n\n| column | worst error | on | tolerance |\n|---|---|---|---|\n";
    for (const ColumnVerdict& verdict : verdicts) {
      own_values += verdict.values;
      own_same += verdict.same_bits;
      columns += "| `" + verdict.column.name + "` | " + ErrorCells(verdict) + " |\n";
    }
    columns += "\n</details>\n";
    char share[16];
    std::snprintf(share, sizeof share, "%.0f %%",
                  std::floor(100.0 * static_cast<double>(own_same) / static_cast<double>(own_values)));
    calculators += "| " + name + " | " + std::to_string(verdicts.size()) + " | " + share + " | " +
                   ErrorCells(Nearest(verdicts)) + " |\n";
    width += verdicts.size();
    values += own_values;
    same += own_same;
  }
  return "# Parity with tsfresh\n\n"
         "Written by `make parity` from a run of the parity test, down to the notes at the end: each of the " +
         std::to_string(width) +
         " columns of tsfresh 0.21.2's comprehensive\nand index-based settings on each of the " +
         std::to_string(testing::GoldenSeries().size()) +
         " golden series (1 to 17,520 readings; `oracles/make_tsfresh_goldens.py`), no value left out.\n\n" +
         std::to_string(values) + " values, of which " + std::to_string(same) +
         " are tsfresh's to the last bit and all lie within their calculator's tolerance. An error is the\n"
         "distance from tsfresh's value over the larger of the two or over the unit beside it, whichever is larger. "
         "*on*: the series with the\nworst error. Digits differ between processors, as tsfresh's own do.\n\n" +
         "Of a calculator with several columns the one nearest to its tolerance is shown.\n\n" + calculators +
         "\n## Column by column\n\n" + columns + "\n";
}

TEST(ParityPage, NamesEveryColumnAndNoOther) {
  Verdicts verdicts;
  std::multiset<std::string> columns;
  for (const Calculator* calculator : testing::TsfreshCalculators()) {
    auto& own = verdicts[std::string(calculator->name)] = testing::JudgeCalculator(*calculator);
    for (const ColumnVerdict& verdict : own) columns.insert(verdict.column.name);
  }
  ASSERT_EQ(columns.size(), 788U);
  std::string page = ReadFile(Page()).value();
  if (std::getenv("METERHOUND_PARITY_PAGE") != nullptr) {
    const std::size_t notes = page.find(kNotes);
    ASSERT_NE(notes, std::string::npos) << "docs/parity.md lost its notes";
    page = PageText(verdicts) + page.substr(notes);
    ASSERT_TRUE(WriteFile(Page(), page).ok());
  }
  std::multiset<std::string> named;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kRow)) named.insert(line.substr(3, line.find("` |") - 3));
  }
  EXPECT_EQ(named, columns) << "run make parity";
  EXPECT_NE(page.find("on each of the " + std::to_string(testing::GoldenSeries().size()) + " golden series"),
            std::string::npos)
      << "run make parity";
}

}  // namespace
}  // namespace meterhound::features
