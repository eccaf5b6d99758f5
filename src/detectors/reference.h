// Reference distributions: what features and scores looked like when the model was fitted, kept for drift checks later.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/json.h"
#include "base/run_context.h"

namespace meterhound::detectors {

/// Bin i holds values in (edges[i - 1], edges[i]]; the first and last bins are open, so counts has edges + 1 numbers.
struct ReferenceDistribution {
  std::string name;
  FeatureGroup group = FeatureGroup::kBehaviour;
  std::size_t rows = 0;
  std::size_t missing = 0;        ///< NaN; infinities fall into the outer bins
  std::vector<double> quantiles;  ///< of finite values at kReferenceQuantiles; empty without any
  std::vector<double> edges;      ///< distinct inner deciles, ascending
  std::vector<std::size_t> counts;
};
inline constexpr double kReferenceQuantiles[] = {0, .01, .05, .25, .5, .75, .95, .99, 1};

ReferenceDistribution DescribeValues(std::string name, std::vector<double> values);
/// One for each of the given columns over the given rows.
Result<std::vector<ReferenceDistribution>> DescribeColumns(const FeatureTable& table, std::span<const std::size_t> rows,
                                                           std::span<const std::size_t> columns,
                                                           const RunContext& context);

Json ToJson(const std::vector<ReferenceDistribution>& distributions);
Result<std::vector<ReferenceDistribution>> ReferenceFromJson(const Json& json, std::string_view where);

}  // namespace meterhound::detectors
