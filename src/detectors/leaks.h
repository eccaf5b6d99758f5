// Leaks: columns that give the label, the consumer or the file's order away, and what a search for such leaks found.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/json.h"
#include "base/run_context.h"

namespace meterhound::detectors {

enum class LeakSeverity : std::uint8_t {
  kNote,     ///< a trap of the data that no model here falls into
  kWarning,  ///< to be explained before the figures are believed
  kFailure,  ///< the figures would be worth nothing
};

struct LeakFinding {
  std::string check;  ///< the check that found it: "single_features"
  LeakSeverity severity = LeakSeverity::kWarning;
  std::string subject;  ///< a column, an attribute, an id; may be empty
  std::string message;  ///< what was found and what to do, one sentence or two
  double number = 0;    ///< the figure behind it
};

/// What one column tells of the label all by itself.
struct FeatureAuc {
  std::string name;
  FeatureGroup group = FeatureGroup::kBehaviour;
  double auc = 0;      ///< NaN without both classes; missing values stand together at the end that separates better
  double missing = 0;  ///< share of the consumers looked at
};

struct LeakReport {
  struct Check {
    std::string name;     ///< "order"
    std::string promise;  ///< what holds when nothing was found: "no feature follows the order of rows or ids"
  };
  std::vector<Check> checks;  ///< those that could be made
  std::vector<LeakFinding> findings;
  std::vector<FeatureAuc> features;  ///< every column of the table, in its order

  std::size_t Count(LeakSeverity severity) const;
};

/// A single feature this good is a question, not an answer (.95, or .05 the other way round).
inline constexpr double kQuestionableAuc = 0.95;

/// `{passed, checks: [{name, promise, findings}], findings: [{check, severity, subject, message, number}]}`; the
/// features are left out, they have a file of their own.
Json ToJson(const LeakReport& report);
Result<LeakReport> LeakReportFromJson(const Json& json);

/// The area under ROC of every column alone over the labelled rows, at most kRowsPerClass of each class, chosen by
/// hash. Categories have no order: each counts as the share of theft that it has in the other half of the rows.
Result<std::vector<FeatureAuc>> SingleFeatureAucs(const FeatureTable& table, std::span<const std::int8_t> labels,
                                                  std::span<const std::uint64_t> hashes, const RunContext& context);
inline constexpr std::size_t kRowsPerClass = 10'000;

/// An order of the rows that nothing may follow: their places in the file, or their ids.
struct RowOrder {
  std::string name;            ///< "the row's place in the file"
  std::vector<double> values;  ///< one a row
};

/// How a column goes along with an order.
enum class Follows : std::uint8_t {
  kNot,
  kNearly,   ///< rank correlation beyond .999 either way, or without a break but with ties
  kStrictly  ///< every step of the order is a step of the column, or of its negative
};
/// Over the rows where the column is known. kNot with fewer than 50 of them.
Follows FollowsOrder(std::span<const double> column, std::span<const double> order);
/// True when the column is a + b times the order, to rounding: a counter or an id under another name.
bool CountsAlong(std::span<const double> column, std::span<const double> order);

}  // namespace meterhound::detectors
