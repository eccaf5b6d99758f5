// Judges a table of our features against tsfresh's of the same readings, by the tolerances of the calculators' files.
//
//   parity_judge READINGS.csv OURS.csv THEIRS.csv [OTHER.csv]
//
// Every column of THEIRS must be one of OURS, in the same order, and every row too. OTHER is tsfresh's table once more,
// from a run with other instructions: where tsfresh itself is further apart than the tolerance, the value is undecided.
// Prints a JSON document: values compared, `apart` and `undecided` ones, and of each calculator the worst error.
#include <iostream>
#include <memory>
#include <unordered_map>

#include "base/json.h"
#include "base/numbers.h"
#include "base/run_context.h"
#include "features/settings.h"
#include "pipeline/feature_files.h"
#include "pipeline/sources.h"
#include "support/feature_panels.h"
#include "support/parity.h"

namespace meterhound {
namespace {

using features::testing::JudgedColumn;
using features::testing::SeriesJudge;

std::unordered_map<std::string, std::size_t> Places(std::span<const std::string> names) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < names.size(); ++i) places.emplace(names[i], i);
  return places;
}

std::vector<std::string> Names(const FeatureTable& table) {
  std::vector<std::string> names;
  for (const FeatureColumn& column : table.columns) names.push_back(column.name);
  return names;
}

// `table` with these rows and columns, in this order; an error names what it lacks.
Result<FeatureTable> Arranged(const FeatureTable& table, std::span<const std::string> ids,
                              std::span<const std::string> columns) {
  const auto select = [](const auto& places, std::span<const std::string> names) -> Result<std::vector<std::size_t>> {
    std::vector<std::size_t> selected;
    for (const std::string& name : names) {
      const auto found = places.find(name);
      if (found == places.end()) return InvalidInput("no " + name + " among ours");
      selected.push_back(found->second);
    }
    return selected;
  };
  METERHOUND_ASSIGN_OR_RETURN(const auto rows, select(Places(table.ids), ids));
  METERHOUND_ASSIGN_OR_RETURN(const auto selected, select(Places(Names(table)), columns));
  if (!std::is_sorted(selected.begin(), selected.end()))
    return InvalidInput("columns are in another order than theirs");
  return table.SelectRows(rows).SelectColumns(selected);
}

struct Tables {
  FeatureTable ours;
  FeatureTable theirs;
  FeatureTable other;  // may have no columns
};

class Judge {
 public:
  Judge(std::vector<JudgedColumn> columns, const Tables& tables)
      : columns_(std::move(columns)), tables_(tables), others_(Places(Names(tables.other))) {}

  void Row(std::size_t row, std::span<const double> values) {
    const std::span<const double> ours = tables_.ours.Row(row);
    const std::span<const double> theirs = tables_.theirs.Row(row);
    const SeriesJudge judge(columns_, values, theirs);
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const double error = judge.Error(c, ours[c]);
      ++values_;
      same_ += error == 0 ? 1 : 0;
      const bool agrees = judge.Agrees(c, ours[c]);
      const double other = Other(row, c);
      const bool undecided = !agrees && !judge.Agrees(c, other);
      if (agrees) KeepWorst(c, row, error);
      if (!agrees) {
        (undecided ? undecided_ : apart_)
            .push_back({{"column", columns_[c].name},
                        {"id", tables_.theirs.ids[row]},
                        {"ours", FormatDouble(ours[c])},
                        {"theirs", FormatDouble(theirs[c])},
                        {"other", FormatDouble(other)},
                        {"error", FormatDouble(error)},
                        {"tolerance", columns_[c].tolerance.error},
                        {"unit", features::UnitName(columns_[c].tolerance.unit)}});
      }
    }
  }

  Json Verdict() const {
    return {{"values", values_}, {"same", same_}, {"apart", apart_}, {"undecided", undecided_}, {"worst", worst_}};
  }

 private:
  double Other(std::size_t row, std::size_t column) const {
    const auto found = others_.find(columns_[column].name);
    return found == others_.end() ? tables_.theirs.Row(row)[column] : tables_.other.Row(row)[found->second];
  }

  void KeepWorst(std::size_t column, std::size_t row, double error) {
    Json& worst = worst_[std::string(columns_[column].calculator->name)];
    if (worst.is_null() || error > worst["error"].get<double>()) {
      worst = {{"error", error}, {"column", columns_[column].name}, {"id", tables_.theirs.ids[row]}};
    }
  }

  std::vector<JudgedColumn> columns_;
  const Tables& tables_;
  std::unordered_map<std::string, std::size_t> others_;
  std::size_t values_ = 0;
  std::size_t same_ = 0;
  Json apart_ = Json::array();
  Json undecided_ = Json::array();
  Json worst_ = Json::object();
};

Result<Json> Run(std::span<const std::string> files) {
  const features::testing::Context context;
  METERHOUND_ASSIGN_OR_RETURN(const auto source, pipeline::ReadSource({.file = files[0]}, context.run));
  Tables tables;
  METERHOUND_ASSIGN_OR_RETURN(const FeatureTable ours, pipeline::ReadFeatureCsv(files[1], context.run));
  METERHOUND_ASSIGN_OR_RETURN(tables.theirs, pipeline::ReadFeatureCsv(files[2], context.run));
  METERHOUND_ASSIGN_OR_RETURN(tables.ours, Arranged(ours, tables.theirs.ids, Names(tables.theirs)));
  if (files.size() > 3) {
    METERHOUND_ASSIGN_OR_RETURN(const FeatureTable other, pipeline::ReadFeatureCsv(files[3], context.run));
    METERHOUND_ASSIGN_OR_RETURN(tables.other, Arranged(other, tables.theirs.ids, Names(other)));
  }
  const std::vector<std::string> names = Names(tables.theirs);
  METERHOUND_ASSIGN_OR_RETURN(const auto settings, features::FeatureSettings::FromColumns(names));
  auto columns = features::testing::JudgedColumns(settings, "value");
  const auto same_name = [](const JudgedColumn& column, const std::string& name) { return column.name == name; };
  if (!std::equal(columns.begin(), columns.end(), names.begin(), names.end(), same_name)) {
    return InvalidInput("columns come in another order than their calculators'", files[2]);
  }
  Judge judge(std::move(columns), tables);
  const auto places = Places(source.panel.ids);
  for (std::size_t row = 0; row < tables.theirs.rows(); ++row) {
    const auto found = places.find(tables.theirs.ids[row]);
    if (found == places.end()) return InvalidInput("no readings of " + tables.theirs.ids[row]);
    judge.Row(row, source.panel.View(0, found->second).values);
  }
  return judge.Verdict();
}

}  // namespace
}  // namespace meterhound

int main(int count, char** words) {
  const std::vector<std::string> files(words + 1, words + count);
  if (files.size() < 3 || files.size() > 4) {
    std::cerr << "usage: parity_judge READINGS.csv OURS.csv THEIRS.csv [OTHER.csv]\n";
    return 2;
  }
  const auto verdict = meterhound::Run(files);
  if (!verdict.ok()) {
    std::cerr << "parity_judge: " << verdict.error().ToString() << "\n";
    return 2;
  }
  std::cout << verdict->dump(1) << "\n";
}
