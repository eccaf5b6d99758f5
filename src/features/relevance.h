// Relevance: which features say something about a target, with the false discovery rate under control, as tsfresh's
// select_features (Christ, Kempa-Liehr and Feindt 2016).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/run_context.h"

namespace meterhound::features {

enum class Task : std::uint8_t { kClassification, kRegression };

struct RelevanceOptions {
  Task task = Task::kClassification;
  double fdr_level = 0.05;
  bool independent = false;         ///< true: Benjamini-Hochberg, false: Benjamini-Yekutieli
  bool kolmogorov_smirnov = false;  ///< instead of Mann-Whitney, for real features and classes ("smir")
  bool multiclass = false;          ///< relevant when it tells at least n_significant classes from the others
  std::size_t n_significant = 1;
};

enum class FeatureType : std::uint8_t { kReal, kBinary, kConstant };
const char* FeatureTypeName(FeatureType type);  ///< "real", "binary", "constant"

struct Relevance {
  std::size_t column = 0;  ///< in the table
  FeatureType type = FeatureType::kReal;
  double p_value = 0;  ///< smallest over classes; NaN for a constant feature
  bool relevant = false;
};

/// One entry a column: tested ones by p-value, then the constant ones.
///
/// Classes: each value of the target against the others, Mann-Whitney for real features, Fisher's exact test for those
/// of two values. Numbers: Kendall's tau, Kolmogorov-Smirnov for features of two values.
/// @param target one number a row. Errors: NaN or infinite values (impute first), a target of one value, lengths that
/// differ, fdr_level outside (0, 1).
Result<std::vector<Relevance>> RelevanceTable(const FeatureTable& table, std::span<const double> target,
                                              const RelevanceOptions& options, const RunContext& context);

}  // namespace meterhound::features
