// Both files are read record by record.
#include "pipeline/feature_files.h"

#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>
#include <unordered_set>

#include "base/numbers.h"
#include "detectors/imputation.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/input.h"

namespace meterhound::pipeline {
namespace {

using readings::CheckWidth;
using readings::CsvReader;
using readings::Quote;
using readings::Trim;

constexpr std::size_t kProgressEvery = 1024;

std::optional<double> ParseFeature(std::string_view field) {
  if (const auto number = ParseDouble(field)) return number;
  if (field == "True") return 1;
  if (field == "False") return 0;
  if (readings::IsMissing(field)) return std::numeric_limits<double>::quiet_NaN();
  return std::nullopt;
}

}  // namespace

Result<FeatureTable> ReadFeatureCsv(const std::filesystem::path& path, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::Input input, readings::Input::Open(path));
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header || csv.fields().size() < 2) {
    return InvalidInput("expected a header with a column of ids and one column a feature", input.name());
  }
  FeatureTable table;
  for (std::size_t i = 1; i < csv.fields().size(); ++i) table.columns.push_back({std::string(csv.fields()[i])});
  std::unordered_set<std::string> seen;
  context.progress.Begin("reading features", 0, "rows");
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) break;
    METERHOUND_RETURN_IF_ERROR(CheckWidth(csv, table.width() + 1));
    const std::string_view id = Trim(csv.fields()[0]);
    if (!seen.emplace(id).second) return InvalidInput("found id " + Quote(id) + " again", csv.Place(0));
    table.ids.emplace_back(id);
    for (std::size_t i = 1; i < csv.fields().size(); ++i) {
      const auto value = ParseFeature(csv.fields()[i]);
      if (!value) return InvalidInput("found " + Quote(csv.fields()[i]) + ", expected a number", csv.Place(i));
      table.values.push_back(*value);
    }
    if (table.rows() % kProgressEvery == 0) {
      context.progress.Advance(kProgressEvery);
      METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    }
  }
  context.progress.End();
  if (table.rows() == 0) return InvalidInput("holds a header and no rows", input.name());
  return table;
}

void Impute(FeatureTable& table) {
  std::vector<std::size_t> rows(table.rows());
  std::vector<std::size_t> columns(table.width());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  std::iota(columns.begin(), columns.end(), std::size_t{0});
  const auto imputation = detectors::Imputation::Learn(table.Matrix(), rows, columns);
  for (std::size_t row = 0; row < table.rows(); ++row) imputation.Fill(table.Row(row).data());
}

Result<Targets> ReadTargets(const std::filesystem::path& path, const std::string& column,
                            const std::vector<std::string>& ids) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::Input input, readings::Input::Open(path));
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header) return InvalidInput("holds no lines; expected ids and targets", input.name());
  const std::size_t width = csv.fields().size();
  const std::size_t id_at = readings::FindColumn(csv.fields(), "", readings::IdNames()).value_or(0);
  static constexpr std::array<std::string_view, 1> kY = {"y"};
  auto target_at = readings::FindColumn(csv.fields(), column, kY);
  if (!target_at && column.empty()) target_at = readings::FindColumn(csv.fields(), "", readings::LabelNames());
  if (!target_at && column.empty() && width == 2) target_at = 1 - id_at;
  if (!target_at) {
    return InvalidInput(
        "found no column " + Quote(column.empty() ? "y" : column) + " for the target; name it with --target-column",
        csv.Place());
  }
  std::unordered_map<std::string, double> by_id;
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) break;
    METERHOUND_RETURN_IF_ERROR(CheckWidth(csv, width));
    const auto value = ParseFeature(Trim(csv.fields()[*target_at]));
    if (!value || !std::isfinite(*value)) {
      return InvalidInput("found " + Quote(csv.fields()[*target_at]) + ", expected a number", csv.Place(*target_at));
    }
    if (!by_id.emplace(Trim(csv.fields()[id_at]), *value).second) {
      return InvalidInput("found id " + Quote(csv.fields()[id_at]) + " again", csv.Place(id_at));
    }
  }
  Targets targets;
  for (const std::string& id : ids) {
    const auto found = by_id.find(id);
    if (found == by_id.end()) return InvalidInput("holds no target for id " + Quote(id), input.name());
    targets.values.push_back(found->second);
    targets.whole = targets.whole && std::floor(found->second) == found->second;
  }
  return targets;
}

}  // namespace meterhound::pipeline
