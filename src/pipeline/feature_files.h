// Feature tables and targets from files, for selection.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/run_context.h"

namespace meterhound::pipeline {

/// A table as `extract` writes it to CSV, or pandas: ids in the first column, then one column of numbers a feature;
/// empty is NaN, True and False are 1 and 0. Errors name file:line:column: another number of fields, no number, an id
/// twice.
Result<FeatureTable> ReadFeatureCsv(const std::filesystem::path& path, const RunContext& context);

/// tsfresh's impute: NaN becomes the column's median, +inf its largest and -inf its smallest finite value, 0 where it
/// has none. It depends on the whole table, so a model keeps its own (detectors::Imputation).
void Impute(FeatureTable& table);

/// One target for each id, in their order.
struct Targets {
  std::vector<double> values;
  bool whole = true;  ///< all are whole numbers, as classes are
};

/// From a CSV with a column of ids (see readings::IdNames, or the first one) and one of numbers: `column`, or when that
/// is empty y, a label (see readings::LabelNames), or the only other column. Readings with a label will do. An id
/// without a target is an error that names it.
Result<Targets> ReadTargets(const std::filesystem::path& path, const std::string& column,
                            const std::vector<std::string>& ids);

}  // namespace meterhound::pipeline
