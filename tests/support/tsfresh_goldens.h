// Judges calculators against the goldens of tsfresh in tests/goldens/tsfresh: a file a calculator, a row a column of
// the feature table, a value a series of series.txt.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "features/extractor.h"
#include "support/feature_panels.h"
#include "support/parity.h"

namespace meterhound::features::testing {

/// tsfresh's values of one calculator.
struct Golden {
  std::vector<std::string> series;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> values;  ///< [series][column]
};

inline Golden ReadGolden(const std::string& calculator) {
  const auto text = ReadFile(GoldenPath(calculator + ".csv"));
  Golden golden;
  if (!text.ok()) {
    ADD_FAILURE() << "no golden for " << calculator << "; run oracles/make_tsfresh_goldens.py";
    return golden;
  }
  std::istringstream lines(*text);
  std::string line;
  std::string cell;
  std::getline(lines, line);
  std::istringstream header(line);
  std::getline(header, cell, ';');
  while (std::getline(header, cell, ';')) golden.series.push_back(cell);
  golden.values.resize(golden.series.size());
  while (std::getline(lines, line)) {
    std::istringstream cells(line);
    std::getline(cells, cell, ';');
    golden.columns.push_back(cell);
    for (auto& row : golden.values) {
      if (!std::getline(cells, cell, ';')) ADD_FAILURE() << calculator << ".csv: short line: " << line;
      row.push_back(std::strtod(cell.c_str(), nullptr));
    }
  }
  return golden;
}

/// Those of tsfresh's settings, in its order.
inline std::vector<const Calculator*> TsfreshCalculators() {
  std::vector<const Calculator*> all;
  for (const Calculator* calculator : AllCalculators()) {
    if ((calculator->presets & (kComprehensive | kIndexBased)) != 0) all.push_back(calculator);
  }
  std::sort(all.begin(), all.end(), [](const auto* a, const auto* b) { return a->position < b->position; });
  return all;
}

/// What became of one column over all series.
struct ColumnVerdict {
  JudgedColumn column;
  std::size_t values = 0;
  std::size_t same_bits = 0;
  double worst = 0;
  std::string worst_on;            ///< the series; empty where all values are the same
  std::vector<std::string> apart;  ///< what lies outside the tolerance, in words
};

/// Extracts the calculator's default grid from every golden series; one verdict a column, in the grid's order.
inline std::vector<ColumnVerdict> JudgeCalculator(const Calculator& calculator) {
  const std::string name(calculator.name);
  const Golden golden = ReadGolden(name);
  const auto settings = FeatureSettings::FromJson({{name, nullptr}}).value();
  const std::vector<JudgedColumn> columns = JudgedColumns(settings, "value");
  std::vector<ColumnVerdict> verdicts;
  for (const JudgedColumn& column : columns) verdicts.push_back({.column = column});
  std::vector<std::string> names;
  for (const JudgedColumn& column : columns) names.push_back(column.name);
  EXPECT_EQ(golden.columns, names) << "columns of the golden, and ours";
  if (golden.columns != names) return verdicts;

  const std::vector<NamedSeries> series = GoldenSeries();
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}};
  Context context;
  const FeatureTable table = Extractor::Create(settings, kinds).value().Extract(PanelOf(series), context.run).value();
  EXPECT_EQ(golden.series, table.ids) << "series of the golden, and of series.txt";
  if (golden.series != table.ids) return verdicts;
  for (std::size_t row = 0; row < series.size(); ++row) {
    const SeriesJudge judge(columns, series[row].values, golden.values[row]);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      ColumnVerdict& verdict = verdicts[c];
      const double ours = table.Row(row)[c];
      const double error = judge.Error(c, ours);
      ++verdict.values;
      verdict.same_bits += error == 0 ? 1 : 0;
      if (error > verdict.worst) {
        verdict.worst = error;
        verdict.worst_on = series[row].name;
      }
      if (!judge.Agrees(c, ours)) {
        std::ostringstream words;
        words.precision(17);
        words << columns[c].name << " of " << series[row].name << ": " << ours << " against " << golden.values[row][c]
              << ", error " << error;
        verdict.apart.push_back(words.str());
      }
    }
  }
  return verdicts;
}

}  // namespace meterhound::features::testing
