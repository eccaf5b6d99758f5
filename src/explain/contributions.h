// Contributions: which features moved one prediction, by how much, in words.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"

namespace meterhound::explain {

struct Contribution {
  std::string feature;  ///< the column's name
  std::string title;    ///< plain words, e.g. "longest run of zeros"
  double value = 0;     ///< the feature's value for this consumer (NaN = undefined)
  std::string shown;    ///< the value as a reader expects it: a number, a date, "undefined"
  double log_odds = 0;  ///< SHAP value: how far it moved the margin
  FeatureGroup group = FeatureGroup::kBehaviour;
};

struct Explanation {
  double base_log_odds = 0;  ///< expected margin; base + all contributions = the margin
  double margin = 0;
  std::vector<Contribution> strongest;  ///< by |log_odds|, at most the number asked for
  double rest_log_odds = 0;             ///< sum of those not listed
};

/// Plain English for a column name; falls back to a readable form of the name itself.
std::string FeatureTitle(const std::string& column_name);

/// A feature's value for readers: dates where the feature counts days since 1970, else three digits.
std::string FeatureValueText(const std::string& column_name, double value);

/// @param shap one value a column and, last, the bias (as XGBoost's pred_contribs). @param values the row's features.
Explanation Explain(std::span<const double> shap, std::span<const double> values,
                    std::span<const FeatureColumn> columns, std::size_t at_most);

}  // namespace meterhound::explain
