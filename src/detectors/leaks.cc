// One column at a time against the labels and against orders.
#include "detectors/leaks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "detectors/evaluation.h"

namespace meterhound::detectors {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kEnoughToFollow = 50;
constexpr double kNearlyTheSame = 0.999;

constexpr const char* kSeverityNames[] = {"note", "warning", "failure"};

/// At most kRowsPerClass rows of each class, those with the smallest hashes: the same whatever the order of rows.
std::vector<std::size_t> ChooseRows(std::span<const std::int8_t> labels, std::span<const std::uint64_t> hashes) {
  std::vector<std::size_t> chosen;
  for (const std::int8_t label : {std::int8_t{0}, std::int8_t{1}}) {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < labels.size(); ++row) {
      if (labels[row] == label) rows.push_back(row);
    }
    std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return hashes[a] < hashes[b]; });
    rows.resize(std::min(rows.size(), kRowsPerClass));
    chosen.insert(chosen.end(), rows.begin(), rows.end());
  }
  return chosen;
}

/// Each category becomes the share of theft among the rows of the other half that have it.
void SharesOfOtherHalf(std::vector<double>& values, std::span<const std::int8_t> labels,
                       std::span<const std::uint64_t> hashes) {
  std::map<double, std::pair<double, double>> counts[2];  // thefts and rows
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    auto& [thefts, rows] = counts[hashes[i] & 1][values[i]];
    thefts += labels[i] == 1 ? 1 : 0;
    rows += 1;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& other = counts[1 - (hashes[i] & 1)];
    const auto found = std::isnan(values[i]) ? other.end() : other.find(values[i]);
    values[i] = found == other.end() ? kNaN : found->second.first / found->second.second;
  }
}

double AucWithMissing(std::vector<double> values, std::span<const std::int8_t> labels) {
  double most = 0.5;
  for (const double stand_in : {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()}) {
    std::vector<double> filled = values;
    for (double& value : filled) value = std::isnan(value) ? stand_in : value;
    const double auc = RocAuc(filled, labels);
    if (std::isnan(auc)) return auc;
    if (std::fabs(auc - 0.5) > std::fabs(most - 0.5)) most = auc;
  }
  return most;
}

std::vector<double> Ranks(std::span<const double> values) {
  std::vector<std::size_t> by_value(values.size());
  std::iota(by_value.begin(), by_value.end(), std::size_t{0});
  std::sort(by_value.begin(), by_value.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < by_value.size();) {
    std::size_t end = begin + 1;
    while (end < by_value.size() && values[by_value[end]] == values[by_value[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks[by_value[i]] = static_cast<double>(begin + end - 1) / 2;
    begin = end;
  }
  return ranks;
}

/// Pearson's; 0 when one of them is constant.
double Correlation(std::span<const double> a, std::span<const double> b) {
  const double n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

/// The rows where both are known.
struct Pairs {
  Pairs(std::span<const double> column, std::span<const double> order) {
    for (std::size_t i = 0; i < column.size(); ++i) {
      if (!std::isfinite(column[i]) || std::isnan(order[i])) continue;
      values.push_back(column[i]);
      along.push_back(order[i]);
    }
  }
  std::vector<double> values;
  std::vector<double> along;
};

}  // namespace

std::size_t LeakReport::Count(LeakSeverity severity) const {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [&](const LeakFinding& finding) { return finding.severity == severity; }));
}

Json ToJson(const LeakReport& report) {
  const bool passed = report.Count(LeakSeverity::kFailure) + report.Count(LeakSeverity::kWarning) == 0;
  Json json = {{"passed", passed}, {"checks", Json::array()}, {"findings", Json::array()}};
  for (const LeakReport::Check& check : report.checks) {
    const auto found = std::count_if(report.findings.begin(), report.findings.end(),
                                     [&](const LeakFinding& finding) { return finding.check == check.name; });
    json["checks"].push_back({{"name", check.name}, {"promise", check.promise}, {"findings", found}});
  }
  for (const LeakFinding& finding : report.findings) {
    json["findings"].push_back({{"check", finding.check},
                                {"severity", kSeverityNames[static_cast<std::size_t>(finding.severity)]},
                                {"subject", finding.subject},
                                {"message", finding.message},
                                {"number", finding.number}});
  }
  return json;
}

Result<LeakReport> LeakReportFromJson(const Json& json) {
  LeakReport report;
  try {
    for (const Json& check : json.at("checks")) {
      report.checks.push_back({check.at("name").get<std::string>(), check.at("promise").get<std::string>()});
    }
    for (const Json& from : json.at("findings")) {
      const auto severity = from.at("severity").get<std::string>();
      const auto* const place = std::find(std::begin(kSeverityNames), std::end(kSeverityNames), severity);
      if (place == std::end(kSeverityNames)) return InvalidInput("the leak check knows no severity '" + severity + "'");
      report.findings.push_back({.check = from.at("check").get<std::string>(),
                                 .severity = static_cast<LeakSeverity>(place - std::begin(kSeverityNames)),
                                 .subject = from.at("subject").get<std::string>(),
                                 .message = from.at("message").get<std::string>(),
                                 .number = from.at("number").is_null() ? kNaN : from.at("number").get<double>()});
    }
  } catch (const Json::exception& error) {
    return InvalidInput(std::string("the leak check is not as expected: ") + error.what());
  }
  return report;
}

Result<std::vector<FeatureAuc>> SingleFeatureAucs(const FeatureTable& table, std::span<const std::int8_t> labels,
                                                  std::span<const std::uint64_t> hashes, const RunContext& context) {
  const std::vector<std::size_t> rows = ChooseRows(labels, hashes);
  std::vector<std::int8_t> label;
  std::vector<std::uint64_t> hash;
  for (const std::size_t row : rows) {
    label.push_back(labels[row]);
    hash.push_back(hashes[row]);
  }
  std::vector<FeatureAuc> to(table.width());
  context.pool.ParallelFor(
      table.width(), 4,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> values(rows.size());
        for (std::size_t column = begin; column < end; ++column) {
          for (std::size_t i = 0; i < rows.size(); ++i) values[i] = table.values[rows[i] * table.width() + column];
          const auto missing = std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); });
          if (table.columns[column].categorical) SharesOfOtherHalf(values, label, hash);
          to[column] = {.name = table.columns[column].name,
                        .group = table.columns[column].group,
                        .auc = AucWithMissing(values, label),
                        .missing = rows.empty() ? 0 : static_cast<double>(missing) / static_cast<double>(rows.size())};
        }
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return to;
}

Follows FollowsOrder(std::span<const double> column, std::span<const double> order) {
  const Pairs pairs(column, order);
  if (pairs.values.size() < kEnoughToFollow) return Follows::kNot;
  const std::vector<double> ranks = Ranks(pairs.values);
  const std::vector<double> places = Ranks(pairs.along);
  const double correlation = Correlation(ranks, places);
  if (std::fabs(correlation) < kNearlyTheSame) return Follows::kNot;
  // Without ties in the order, equal or mirrored ranks mean that every step of one is a step of the other.
  const double last = static_cast<double>(ranks.size() - 1);
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i] != (correlation > 0 ? places[i] : last - places[i])) return Follows::kNearly;
  }
  return Follows::kStrictly;
}

bool CountsAlong(std::span<const double> column, std::span<const double> order) {
  if (FollowsOrder(column, order) != Follows::kStrictly) return false;
  const Pairs pairs(column, order);
  const auto [low, high] = std::minmax_element(pairs.along.begin(), pairs.along.end());
  const double first = pairs.values[static_cast<std::size_t>(low - pairs.along.begin())];
  const double slope = (pairs.values[static_cast<std::size_t>(high - pairs.along.begin())] - first) / (*high - *low);
  const double tolerance = 1e-6 * std::fabs(slope) * (*high - *low);
  for (std::size_t i = 0; i < pairs.values.size(); ++i) {
    if (std::fabs(pairs.values[i] - first - slope * (pairs.along[i] - *low)) > tolerance) return false;
  }
  return true;
}

}  // namespace meterhound::detectors
