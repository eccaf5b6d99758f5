// Contributions: which features moved one prediction, by how much.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"

namespace meterhound::explain {

struct Contribution {
  std::string feature;   ///< the column's name
  double value = 0;      ///< the feature's value for this consumer (NaN = undefined)
  std::string category;  ///< what a code in the consumers' table stands for; empty for all else
  double log_odds = 0;   ///< SHAP value: how far it moved the margin
  FeatureGroup group = FeatureGroup::kBehaviour;
};

struct Explanation {
  double base_log_odds = 0;  ///< expected margin; base + all contributions = the margin
  double margin = 0;
  std::vector<Contribution> strongest;  ///< by |log_odds|, at most the number asked for
  double rest_log_odds = 0;             ///< sum of those not listed
};

/// @param shap one value a column and, last, the bias (as XGBoost's pred_contribs). @param values the row's features.
Explanation Explain(std::span<const double> shap, std::span<const double> values,
                    std::span<const FeatureColumn> columns, std::size_t at_most);

}  // namespace meterhound::explain
