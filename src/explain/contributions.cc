// Ordering SHAP values.
#include "explain/contributions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

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
                                     .value = values[column],
                                     .category = {},
                                     .log_odds = shap[column],
                                     .group = columns[column].group});
  }
  return explanation;
}

}  // namespace meterhound::explain
