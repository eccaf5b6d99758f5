// Baseline: what features, scores and labels looked like in the reference, small enough to be kept beside a model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/feature_table.h"
#include "base/run_context.h"
#include "monitor/stability.h"
#include "monitor/usage.h"

namespace meterhound::monitor {

/// From when to when readings were taken; both NaN without a calendar.
struct Window {
  double first = 0;
  double last = 0;
  std::size_t longest = 0;  ///< readings of the longest series
};
Window WindowOf(const Panel& panel);

/// Consumers at one time, as a check compares them. What is not known is left empty.
struct Snapshot {
  FeatureTable features = {};
  std::vector<double> scores = {};       ///< probability of theft, one a row
  std::vector<std::int8_t> labels = {};  ///< one a row
  std::optional<Usage> usage = {};
  std::optional<Window> window = {};

  std::size_t rows() const;
};
/// One snapshot after the other: what a service has scored since its last check. kInvalidInput when the columns differ.
Status Append(Snapshot& to, const Snapshot& more);

/// One column of the reference.
struct ColumnBaseline {
  FeatureColumn column = {};
  std::size_t rows = 0;
  std::size_t missing = 0;
  Bins bins = {};
  std::vector<std::size_t> counts = {};  ///< one a bin, then the missing
  std::vector<double> sample = {};       ///< values in ascending order, evenly spaced if not all; empty for categories

  bool operator==(const ColumnBaseline&) const;
};
/// @param most values kept in `sample`.
ColumnBaseline DescribeColumn(FeatureColumn column, std::vector<double> values,
                              std::size_t most = static_cast<std::size_t>(-1));

struct Baseline {
  static constexpr std::uint32_t kVersion = 1;
  static constexpr std::size_t kKeptValues = 1000;  ///< of a feature when it is stored: 3.4 MB for 800 features

  std::size_t rows = 0;
  std::vector<ColumnBaseline> columns = {};
  std::optional<ColumnBaseline> score = {};
  std::size_t labelled = 0;
  std::size_t thefts = 0;
  std::optional<Window> window = {};
  std::string segmented_by = {};
  double usage_scale = 0;
  std::optional<SegmentUsage> all = {};  ///< of all consumers
  std::vector<SegmentUsage> segments = {};
  std::optional<Usage> usage = {};  ///< consumer by consumer; not stored, so that no id leaves the training data
  bool rounded = false;  ///< values came from a stored baseline as floats; the current ones are rounded alike

  /// A versioned binary form with its checksum; values as 32-bit floats.
  std::string Encode() const;
  /// kCorrupt when damaged, kUnsupported when newer. @param where for errors.
  static Result<Baseline> Decode(std::string_view bytes, std::string_view where);
};

/// @param kept values of a column (Baseline::kKeptValues to store it, all of them to compare files).
Result<Baseline> MakeBaseline(const Snapshot& reference, const RunContext& context,
                              std::size_t kept = static_cast<std::size_t>(-1));

}  // namespace meterhound::monitor
