// Drift: a current set of consumers against a baseline, with a verdict that is wrong at most once in a hundred checks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/run_context.h"
#include "monitor/baseline.h"

namespace meterhound::monitor {

enum class DriftKind : std::uint8_t {
  kCovariate,    ///< features, or the level of consumption
  kMissingness,  ///< what is not there: readings (with the features of group coverage), or values of features
  kScore,        ///< probabilities of theft
  kLabel,        ///< share of thefts among labelled consumers
};
const char* DriftKindName(DriftKind kind);  ///< "covariate", "missingness", "score", "label"

/// Shares of the one chance in a hundred that an unchanged town alarms; they add up to kFalseAlarms.
inline constexpr double kFalseAlarms = 0.01;
inline constexpr double kFeaturesShare = 0.003;
inline constexpr double kMissingValuesShare = 0.001;
inline constexpr double kMissingReadingsShare = 0.001;
inline constexpr double kScoreShare = 0.002;
inline constexpr double kLabelShare = 0.001;
inline constexpr double kLevelShare = 0.001;
inline constexpr double kSegmentsShare = 0.001;

/// Changes smaller than these are named but raise no alarm, however sure.
struct DriftOptions {
  double psi_threshold = 0.2;
  double least_level_change = 0.1;  ///< of the typical consumption, as a share
  double least_rate_change = 0.02;  ///< of the rate of missing readings or of labels
  double least_gap_change = 0.1;    ///< of the share of consumers without a value of a feature
  double least_label_ratio = 1.5;   ///< or the label rate grew or shrank by this factor
  /// Columns with one of these in their names say when in the window something happened. All consumers of a town share
  /// its weather and its outages, so such columns differ between any two windows: they are shown and raise no alarm.
  std::vector<std::string> calendar_bound = {};
  std::size_t least_segment = 20;  ///< consumers that a segment must have to be looked at
};

/// One column, or the score.
struct ColumnDrift {
  FeatureColumn column = {};
  double psi = 0;
  double psi_bar = 0;     ///< what it must reach: the larger of psi_threshold and what chance reaches
  double ks = 0;          ///< NaN without order or values
  double p = 1;           ///< KS, or chi-square over bins; NaN when there is nothing to compare
  double p_adjusted = 1;  ///< Benjamini-Hochberg over columns; those bound to the calendar among themselves
  double shift = 0;       ///< median's move in the reference's spreads (IQR / 1.349); NaN without spread or order
  double missing_reference = 0;  ///< share of consumers without a value
  double missing_current = 0;
  double missing_p = 1;
  double missing_p_adjusted = 1;
  bool calendar_bound = false;  ///< raises no alarm, see DriftOptions
  bool drifted = false;         ///< sure and large
  bool missing_drifted = false;
};

/// A rate before and after.
struct RateDrift {
  double reference = 0;
  double current = 0;
  std::size_t n_reference = 0;
  std::size_t n_current = 0;
  double p = 1;
  bool drifted = false;
};

/// A level before and after; change -0.3: 30 % lower.
struct LevelDrift {
  double change = 0;
  double p = 1;
  bool paired = false;  ///< the same consumers before and after: each against himself
  bool drifted = false;
};

/// A segment against the rest.
struct SegmentDrift {
  std::string name = {};
  std::size_t consumers = 0;
  LevelDrift level = {};      ///< beyond the change of the rest
  double missing_change = 0;  ///< of the share of readings missing, beyond the change of the rest
  double missing_p = 1;
  bool missing_drifted = false;

  bool drifted() const { return level.drifted || missing_drifted; }
};

/// Features of a group together.
struct GroupDrift {
  FeatureGroup group = FeatureGroup::kBehaviour;
  std::size_t features = 0;
  std::size_t drifted = 0;
  double psi_median = 0;
  double psi_max = 0;
};

struct DriftReport {
  bool drift = false;
  std::vector<DriftKind> kinds = {};  ///< which, in the enum's order
  std::size_t reference_rows = 0;
  std::size_t current_rows = 0;
  double psi_threshold = 0.2;
  std::optional<Window> reference_window = {};
  std::optional<Window> current_window = {};
  bool same_season = false;               ///< the reference was cut to the days of the year of the current window
  std::vector<ColumnDrift> columns = {};  ///< in the baseline's order
  std::optional<ColumnDrift> score = {};
  std::optional<RateDrift> label = {};
  std::optional<RateDrift> missing_readings = {};
  std::optional<LevelDrift> level = {};
  std::string segmented_by = {};
  std::vector<SegmentDrift> segments = {};  ///< those large enough, the furthest from the rest first
  std::vector<GroupDrift> groups = {};      ///< in the enum's order, those with features
  std::vector<std::string> notes = {};      ///< what limits the comparison, a sentence each
  std::vector<std::string> reasons = {};    ///< what raised the alarm, a sentence each

  bool Has(DriftKind kind) const;
  /// Positions of columns that drifted (values or missingness), then the others, each by PSI, largest first.
  std::vector<std::size_t> ByImportance() const;
};

/// The rule. A column drifts when its test is sure (adjusted p at most kFeaturesShare) and its PSI reaches both
/// psi_threshold and what chance reaches at these sizes. The town drifts when any column, the score, a rate, the level
/// or a segment does; the shares above bound the chance of each when nothing has changed. Rows' order and threads do
/// not matter. kInvalidInput when no column of the baseline is among the current ones; columns that only one side has
/// are noted.
Result<DriftReport> CompareWithBaseline(const Baseline& baseline, const Snapshot& current, const DriftOptions& options,
                                        const RunContext& context);

/// The document of `meterhound drift --json` (docs/drift.md).
Json ToJson(const DriftReport& report);

}  // namespace meterhound::monitor
