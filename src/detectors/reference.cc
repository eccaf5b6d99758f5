// Quantiles, missing counts and decile histograms.
#include "detectors/reference.h"

#include <algorithm>
#include <cmath>

namespace meterhound::detectors {
namespace {

constexpr std::size_t kBins = 10;

/// numpy.quantile; `sorted` is not empty.
double Quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double part = place - static_cast<double>(below);
  return sorted[below] * (1 - part) + sorted[above] * part;
}

}  // namespace

ReferenceDistribution DescribeValues(std::string name, std::vector<double> values) {
  ReferenceDistribution to;
  to.name = std::move(name);
  to.rows = values.size();
  std::erase_if(values, [](double value) { return std::isnan(value); });
  to.missing = to.rows - values.size();
  std::sort(values.begin(), values.end());
  const auto first = std::find_if(values.begin(), values.end(), [](double value) { return value != -INFINITY; });
  const auto last = std::find(first, values.end(), static_cast<double>(INFINITY));
  const std::vector<double> finite(first, last);
  if (!finite.empty()) {
    for (const double share : kReferenceQuantiles) to.quantiles.push_back(Quantile(finite, share));
    for (std::size_t bin = 1; bin < kBins; ++bin) {
      const double edge = Quantile(finite, static_cast<double>(bin) / kBins);
      if (to.edges.empty() || edge > to.edges.back()) to.edges.push_back(edge);
    }
  }
  std::size_t counted = 0;
  for (const double edge : to.edges) {
    const auto up_to = static_cast<std::size_t>(std::upper_bound(values.begin(), values.end(), edge) - values.begin());
    to.counts.push_back(up_to - counted);
    counted = up_to;
  }
  to.counts.push_back(values.size() - counted);
  return to;
}

Result<std::vector<ReferenceDistribution>> DescribeColumns(const FeatureTable& table, std::span<const std::size_t> rows,
                                                           std::span<const std::size_t> columns,
                                                           const RunContext& context) {
  std::vector<ReferenceDistribution> to(columns.size());
  context.pool.ParallelFor(
      columns.size(), 4,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> values(rows.size());
        for (std::size_t i = begin; i < end; ++i) {
          const FeatureColumn& column = table.columns[columns[i]];
          for (std::size_t k = 0; k < rows.size(); ++k) values[k] = table.values[rows[k] * table.width() + columns[i]];
          to[i] = DescribeValues(column.name, values);
          to[i].group = column.group;
        }
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return to;
}

Json ToJson(const std::vector<ReferenceDistribution>& distributions) {
  Json json = {{"quantile_shares", kReferenceQuantiles}, {"columns", Json::array()}};
  for (const ReferenceDistribution& from : distributions) {
    json["columns"].push_back({{"name", from.name},
                               {"group", FeatureGroupName(from.group)},
                               {"rows", from.rows},
                               {"missing", from.missing},
                               {"quantiles", from.quantiles},
                               {"edges", from.edges},
                               {"counts", from.counts}});
  }
  return json;
}

Result<std::vector<ReferenceDistribution>> ReferenceFromJson(const Json& json, std::string_view where) {
  std::vector<ReferenceDistribution> to;
  try {
    for (const Json& from : json.at("columns")) {
      ReferenceDistribution one;
      one.name = from.at("name").get<std::string>();
      METERHOUND_ASSIGN_OR_RETURN(one.group, ParseFeatureGroup(from.at("group").get<std::string>()));
      one.rows = from.at("rows").get<std::size_t>();
      one.missing = from.at("missing").get<std::size_t>();
      one.quantiles = from.at("quantiles").get<std::vector<double>>();
      one.edges = from.at("edges").get<std::vector<double>>();
      one.counts = from.at("counts").get<std::vector<std::size_t>>();
      if (one.counts.size() != one.edges.size() + 1 || !std::is_sorted(one.edges.begin(), one.edges.end()) ||
          (!one.quantiles.empty() && one.quantiles.size() != std::size(kReferenceQuantiles))) {
        return Corrupt("the reference distribution of `" + one.name + "` does not fit together", std::string(where));
      }
      to.push_back(std::move(one));
    }
  } catch (const Json::exception& error) {
    return Corrupt(std::string("the reference distributions are damaged: ") + error.what(), std::string(where));
  }
  return to;
}

}  // namespace meterhound::detectors
