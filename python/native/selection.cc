// The matrix is copied into a feature table once.
#include "selection.h"

#include "features/relevance.h"
#include "waiting.h"

namespace meterhound::python {
namespace nb = nanobind;
namespace {

FeatureTable ToTable(const Matrix& matrix, const std::vector<std::string>& names) {
  FeatureTable table;
  for (std::size_t row = 0; row < matrix.shape(0); ++row) table.ids.push_back(std::to_string(row));
  for (const std::string& name : names) table.columns.push_back({name});
  table.values.assign(matrix.data(), matrix.data() + matrix.size());
  return table;
}

}  // namespace

nb::list RelevanceOf(const Matrix& matrix, const std::vector<std::string>& names, const Vector& target,
                     bool classification, double fdr_level, bool independent, bool kolmogorov_smirnov,
                     std::size_t threads, nb::object report) {
  if (names.size() != matrix.shape(1)) throw nb::value_error("expected one name a column");
  const features::RelevanceOptions options{
      .task = classification ? features::Task::kClassification : features::Task::kRegression,
      .fdr_level = fdr_level,
      .independent = independent,
      .kolmogorov_smirnov = kolmogorov_smirnov};
  const auto found =
      RunWaitingFor<std::vector<features::Relevance>>(threads, std::move(report), [&](const RunContext& context) {
        return features::RelevanceTable(ToTable(matrix, names), {target.data(), target.size()}, options, context);
      });
  std::vector<const features::Relevance*> by_column(names.size());
  for (const features::Relevance& relevance : found) by_column[relevance.column] = &relevance;
  nb::list rows;
  for (const features::Relevance* relevance : by_column) {
    rows.append(nb::make_tuple(features::FeatureTypeName(relevance->type), relevance->p_value, relevance->relevant));
  }
  return rows;
}

}  // namespace meterhound::python
