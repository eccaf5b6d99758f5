// Ordering SHAP values and wording column names.
#include "explain/contributions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/calendar.h"
#include "base/numbers.h"
#include "explain/titles.h"

namespace meterhound::explain {

Explanation Explain(std::span<const double> shap, std::span<const double> values,
                    std::span<const FeatureColumn> columns, std::size_t at_most) {
  Explanation explanation;
  explanation.base_log_odds = shap.back();
  explanation.margin = std::accumulate(shap.begin(), shap.end(), 0.0);
  std::vector<std::size_t> order(columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double x = std::fabs(shap[a]);
    const double y = std::fabs(shap[b]);
    return x != y ? x > y : a < b;
  });
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t column = order[i];
    if (i >= at_most || shap[column] == 0) {
      explanation.rest_log_odds += shap[column];
      continue;
    }
    explanation.strongest.push_back({.feature = columns[column].name,
                                     .title = FeatureTitle(columns[column].name),
                                     .value = values[column],
                                     .shown = FeatureValueText(columns[column].name, values[column]),
                                     .log_odds = shap[column],
                                     .group = columns[column].group});
  }
  return explanation;
}

std::string FeatureTitle(const std::string& column_name) {
  if (column_name == "novelty__isolation_forest") return "how unusual this consumer is among all";
  const std::vector<std::string> parts = SplitColumnName(column_name);
  if (parts.size() < 2) return column_name;
  if (parts[0] == "attribute") return parts[1] + " (consumers' table)";
  std::vector<std::pair<std::string, std::string>> parameters;
  for (std::size_t i = 2; i < parts.size(); ++i) {
    const std::size_t underscore = parts[i].rfind('_');
    if (underscore == std::string::npos) continue;
    std::string value = parts[i].substr(underscore + 1);
    std::erase(value, '"');
    // A text value may hold underscores: cut at the opening quote instead.
    if (const std::size_t quote = parts[i].find("_\""); quote != std::string::npos) {
      value = parts[i].substr(quote + 2, parts[i].size() - quote - 3);
      parameters.emplace_back(parts[i].substr(0, quote), value);
      continue;
    }
    parameters.emplace_back(parts[i].substr(0, underscore), value);
  }
  const std::string title = CalculatorTitle(parts[1], parameters);
  const bool plain_kind = parts[0] == "value" || parts[0] == "kwh";
  return plain_kind ? title : Readable(parts[0]) + ": " + title;
}

std::string FeatureValueText(const std::string& column_name, double value) {
  if (!std::isfinite(value)) return "undefined";
  const bool is_date = column_name.find("__bill_event__attr_\"date\"") != std::string::npos ||
                       column_name.find("__bill_dates__attr_\"first\"") != std::string::npos ||
                       column_name.find("__bill_dates__attr_\"last\"") != std::string::npos;
  return is_date ? FormatDate(value * kSecondsPerDay) : Significant(value);
}

}  // namespace meterhound::explain
