// The rule: every column tested, tests corrected together, small and unsure changes let pass.
#include "monitor/drift.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "base/numbers.h"
#include "monitor/segment_drift.h"
#include "numerics/kolmogorov_smirnov.h"

namespace meterhound::monitor {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kFewRows = 100;
constexpr double kNormalIqr = 1.349;  // of the standard normal distribution
constexpr std::size_t kNamed = 3;     // features in a sentence

double Quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  if (sorted[below] == sorted[above]) return sorted[below];  // infinities have no difference
  return sorted[below] + (sorted[above] - sorted[below]) * (place - static_cast<double>(below));
}

double Shift(const std::vector<double>& reference, const std::vector<double>& current) {
  if (reference.empty() || current.empty()) return kNaN;
  const double spread = (Quantile(reference, .75) - Quantile(reference, .25)) / kNormalIqr;
  const double shift = (Quantile(current, .5) - Quantile(reference, .5)) / spread;
  return std::isfinite(shift) ? shift : kNaN;
}

std::size_t BinsInUse(const std::vector<std::size_t>& reference, const std::vector<std::size_t>& current) {
  std::size_t used = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) used += reference[i] + current[i] > 0 ? 1 : 0;
  return used;
}

/// Everything about one column but what needs the others. @param tail chance that this one PSI reaches its bar.
ColumnDrift CompareColumn(const ColumnBaseline& before, std::vector<double> values, double threshold, double tail) {
  ColumnDrift to{.column = before.column, .ks = kNaN, .p = kNaN, .shift = kNaN, .missing_p = kNaN};
  const std::vector<std::size_t> counts = CountBins(before.bins, values);
  const std::size_t rows = values.size();
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  to.psi = before.rows > 0 && rows > 0 ? Psi(Shares(before.counts), Shares(counts)) : 0;
  to.psi_bar = std::max(threshold, PsiByChance(BinsInUse(before.counts, counts), before.rows, rows, tail));
  const std::size_t present = before.rows - before.missing;
  if (present > 0 && !values.empty()) {
    if (before.sample.empty()) {
      to.p = ChiSquareOfCounts(std::span(before.counts).first(before.bins.count()),
                               std::span(counts).first(before.bins.count()));
    } else {
      const auto test = numerics::TwoSampleKolmogorovSmirnov(before.sample, values);
      to.ks = test.statistic;
      to.p = test.p;
      to.shift = Shift(before.sample, values);
    }
  }
  if (before.rows > 0 && rows > 0) {
    to.missing_reference = static_cast<double>(before.missing) / static_cast<double>(before.rows);
    to.missing_current = static_cast<double>(counts.back()) / static_cast<double>(rows);
    to.missing_p = TwoProportions(before.missing, before.rows, counts.back(), rows);
  }
  return to;
}

std::vector<double> ColumnValues(const FeatureTable& table, std::size_t column, bool rounded) {
  std::vector<double> values(table.rows());
  for (std::size_t row = 0; row < values.size(); ++row) {
    const double value = table.values[row * table.width() + column];
    values[row] = rounded ? static_cast<double>(static_cast<float>(value)) : value;
  }
  return values;
}

std::string Counted(std::size_t count, const char* one, const char* many) {
  return WithThousands(count) + " " + (count == 1 ? one : many);
}

/// Columns that both sides have: position in the baseline, position in the table.
std::vector<std::pair<std::size_t, std::size_t>> Common(const Baseline& baseline, const FeatureTable& table,
                                                        DriftReport& report) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < table.width(); ++i) places.emplace(table.columns[i].name, i);
  std::vector<std::pair<std::size_t, std::size_t>> common;
  for (std::size_t i = 0; i < baseline.columns.size(); ++i) {
    const auto found = places.find(baseline.columns[i].column.name);
    if (found != places.end()) common.emplace_back(i, found->second);
  }
  if (const std::size_t gone = baseline.columns.size() - common.size()) {
    report.notes.push_back(Counted(gone, "feature is", "features are") + " in the reference alone.");
  }
  if (const std::size_t fresh = table.width() - common.size()) {
    report.notes.push_back(Counted(fresh, "feature is", "features are") + " in the current window alone.");
  }
  return common;
}

Status CompareColumns(const Baseline& baseline, const FeatureTable& table, const DriftOptions& options,
                      const RunContext& context, DriftReport& report) {
  const auto common = Common(baseline, table, report);
  report.columns.resize(common.size());
  const double tail = kFeaturesShare / static_cast<double>(std::max<std::size_t>(common.size(), 1));
  context.pool.ParallelFor(
      common.size(), 4,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          report.columns[i] =
              CompareColumn(baseline.columns[common[i].first], ColumnValues(table, common[i].second, baseline.rounded),
                            options.psi_threshold, tail);
        }
      },
      context.stop);
  return context.CheckStopped();
}

bool IsBound(const std::string& name, const DriftOptions& options) {
  return std::any_of(options.calendar_bound.begin(), options.calendar_bound.end(),
                     [&](const std::string& piece) { return name.find(piece) != std::string::npos; });
}

// Corrects over the columns that are bound to the calendar, or over the others.
void Adjust(bool bound, DriftReport& report) {
  std::vector<double> p;
  std::vector<double> missing_p;
  for (const ColumnDrift& column : report.columns) {
    p.push_back(column.calendar_bound == bound ? column.p : kNaN);
    missing_p.push_back(column.calendar_bound == bound ? column.missing_p : kNaN);
  }
  const std::vector<double> adjusted = BenjaminiHochberg(p);
  const std::vector<double> missing_adjusted = BenjaminiHochberg(missing_p);
  for (std::size_t i = 0; i < report.columns.size(); ++i) {
    if (report.columns[i].calendar_bound != bound) continue;
    report.columns[i].p_adjusted = adjusted[i];
    report.columns[i].missing_p_adjusted = missing_adjusted[i];
  }
}

// Says which columns moved surely and far.
void JudgeColumns(const DriftOptions& options, DriftReport& report) {
  for (ColumnDrift& column : report.columns) column.calendar_bound = IsBound(column.column.name, options);
  Adjust(false, report);
  Adjust(true, report);
  std::size_t bound = 0;
  for (ColumnDrift& column : report.columns) {
    const bool moved = column.p_adjusted <= kFeaturesShare && column.psi >= column.psi_bar;
    bound += column.calendar_bound && moved ? 1 : 0;
    if (column.calendar_bound) continue;
    column.drifted = moved;
    column.missing_drifted = column.missing_p_adjusted <= kMissingValuesShare &&
                             std::fabs(column.missing_current - column.missing_reference) >= options.least_gap_change;
  }
  if (bound > 0) {
    report.notes.push_back(Counted(bound, "feature that says", "features that say") +
                           " when in the window something happened moved, too; weather alone does that, so it raises "
                           "no alarm.");
  }
}

std::vector<GroupDrift> GroupsOf(const std::vector<ColumnDrift>& columns) {
  std::vector<GroupDrift> groups;
  for (std::uint8_t index = 0; index <= static_cast<std::uint8_t>(FeatureGroup::kNovelty); ++index) {
    GroupDrift to{.group = static_cast<FeatureGroup>(index)};
    std::vector<double> psi;
    for (const ColumnDrift& column : columns) {
      if (column.column.group != to.group) continue;
      psi.push_back(column.psi);
      to.drifted += column.drifted || column.missing_drifted ? 1 : 0;
    }
    if (psi.empty()) continue;
    std::sort(psi.begin(), psi.end());
    to.features = psi.size();
    to.psi_median = Quantile(psi, .5);
    to.psi_max = psi.back();
    groups.push_back(to);
  }
  return groups;
}

std::optional<RateDrift> CompareLabels(const Baseline& baseline, const std::vector<std::int8_t>& labels,
                                       const DriftOptions& options) {
  RateDrift to{.n_reference = baseline.labelled};
  std::size_t thefts = 0;
  for (const std::int8_t label : labels) {
    to.n_current += label == kUnlabelled ? 0 : 1;
    thefts += label == 1 ? 1 : 0;
  }
  if (to.n_reference == 0 || to.n_current == 0) return std::nullopt;
  to.reference = static_cast<double>(baseline.thefts) / static_cast<double>(to.n_reference);
  to.current = static_cast<double>(thefts) / static_cast<double>(to.n_current);
  to.p = TwoProportions(baseline.thefts, to.n_reference, thefts, to.n_current);
  const double high = std::max(to.reference, to.current);
  const double low = std::min(to.reference, to.current);
  to.drifted =
      to.p <= kLabelShare && (high - low >= options.least_rate_change || high >= options.least_label_ratio * low);
  return to;
}

void CompareUsage(const Baseline& baseline, const Usage& current, const DriftOptions& options, DriftReport& report) {
  report.missing_readings = CompareMissingReadings(baseline, current, options);
  report.level = CompareLevel(baseline, current, options);
  if (baseline.segmented_by.empty() || baseline.segmented_by != current.segmented_by) return;
  report.segmented_by = baseline.segmented_by;
  report.segments = CompareSegments(baseline, current, options);
}

void NoteLimits(const Baseline& baseline, const Snapshot& current, DriftReport& report) {
  if (std::min(report.reference_rows, report.current_rows) < kFewRows) {
    report.notes.push_back("Fewer than " + std::to_string(kFewRows) + " consumers: only large changes can be seen.");
  }
  if (!baseline.window || !current.window) return;
  const auto before = static_cast<double>(baseline.window->longest);
  const auto after = static_cast<double>(current.window->longest);
  if (std::max(before, after) > 1.1 * std::min(before, after)) {
    report.notes.push_back("The reference holds " + WithThousands(baseline.window->longest) +
                           " readings a consumer and the current window " + WithThousands(current.window->longest) +
                           "; features that depend on how many there are differ for that alone.");
  }
}

std::string Moved(const ColumnDrift& column) {
  return column.column.name + " (PSI " + Significant(column.psi) + ", bar " + Significant(column.psi_bar) + ")";
}

std::string FromTo(double before, double after) { return Percent(before) + " to " + Percent(after); }

std::string Step(double change) { return Percent(std::fabs(change)) + (change < 0 ? " lower" : " higher"); }

/// Columns of a kind, named in the order of importance.
struct NamedColumns {
  std::size_t count = 0;
  std::string names;

  void Add(const std::string& name) {
    if (++count <= kNamed) names += (names.empty() ? "" : ", ") + name;
  }
};

void ExplainColumns(DriftReport& report) {
  NamedColumns moved;
  NamedColumns coverage;
  NamedColumns emptied;
  for (const std::size_t at : report.ByImportance()) {
    const ColumnDrift& column = report.columns[at];
    const bool speaks_of_gaps = column.column.group == FeatureGroup::kCoverage;
    if (column.drifted) (speaks_of_gaps ? coverage : moved).Add(Moved(column));
    if (column.missing_drifted) {
      emptied.Add(column.column.name + " (" + FromTo(column.missing_reference, column.missing_current) + ")");
    }
  }
  const auto have = [](std::size_t count) { return Counted(count, "feature has", "features have"); };
  if (moved.count > 0) {
    report.kinds.push_back(DriftKind::kCovariate);
    report.reasons.push_back(have(moved.count) + " moved, furthest " + moved.names + ".");
  }
  if (coverage.count > 0) {
    report.kinds.push_back(DriftKind::kMissingness);
    report.reasons.push_back(have(coverage.count) + " moved that speak of which readings exist, furthest " +
                             coverage.names + ".");
  }
  if (emptied.count > 0) {
    report.kinds.push_back(DriftKind::kMissingness);
    report.reasons.push_back("The share of consumers without a value has changed in " +
                             Counted(emptied.count, "feature", "features") + ": " + emptied.names + ".");
  }
}

void ExplainUsage(DriftReport& report) {
  if (report.level && report.level->drifted) {
    report.kinds.push_back(DriftKind::kCovariate);
    report.reasons.push_back("Typical consumption is " + Step(report.level->change) + ".");
  }
  if (report.missing_readings && report.missing_readings->drifted) {
    report.kinds.push_back(DriftKind::kMissingness);
    report.reasons.push_back("The share of readings missing went from " +
                             FromTo(report.missing_readings->reference, report.missing_readings->current) + ".");
  }
  for (const SegmentDrift& segment : report.segments) {
    const std::string where = report.segmented_by + " " + segment.name;
    if (segment.level.drifted) {
      report.kinds.push_back(DriftKind::kCovariate);
      report.reasons.push_back("In " + where + " consumption is " + Step(segment.level.change) +
                               " than the rest of the town would lead to expect.");
    }
    if (segment.missing_drifted) {
      report.kinds.push_back(DriftKind::kMissingness);
      report.reasons.push_back("In " + where + " " + Decimal(100 * std::fabs(segment.missing_change), 1) +
                               (segment.missing_change > 0 ? " % more" : " % fewer") +
                               " of the readings are missing than in the rest of the town.");
    }
  }
}

void Conclude(DriftReport& report) {
  ExplainColumns(report);
  ExplainUsage(report);
  if (report.score && report.score->drifted) {
    report.kinds.push_back(DriftKind::kScore);
    report.reasons.push_back("The probabilities of theft have moved: " + Moved(*report.score) + ".");
  }
  if (report.label && report.label->drifted) {
    report.kinds.push_back(DriftKind::kLabel);
    report.reasons.push_back("The share of thefts among labelled consumers went from " +
                             FromTo(report.label->reference, report.label->current) + ".");
  }
  std::sort(report.kinds.begin(), report.kinds.end());
  report.kinds.erase(std::unique(report.kinds.begin(), report.kinds.end()), report.kinds.end());
  report.drift = !report.kinds.empty();
}

}  // namespace

const char* DriftKindName(DriftKind kind) {
  constexpr const char* kNames[] = {"covariate", "missingness", "score", "label"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool DriftReport::Has(DriftKind kind) const { return std::find(kinds.begin(), kinds.end(), kind) != kinds.end(); }

std::vector<std::size_t> DriftReport::ByImportance() const {
  std::vector<std::size_t> order(columns.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto moved = [&](std::size_t i) { return columns[i].drifted || columns[i].missing_drifted; };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (moved(a) != moved(b)) return moved(a);
    return columns[a].psi > columns[b].psi;
  });
  return order;
}

Result<DriftReport> CompareWithBaseline(const Baseline& baseline, const Snapshot& current, const DriftOptions& options,
                                        const RunContext& context) {
  DriftReport report{.reference_rows = baseline.rows,
                     .current_rows = current.rows(),
                     .psi_threshold = options.psi_threshold,
                     .reference_window = baseline.window,
                     .current_window = current.window};
  METERHOUND_RETURN_IF_ERROR(CompareColumns(baseline, current.features, options, context, report));
  JudgeColumns(options, report);
  report.groups = GroupsOf(report.columns);
  if (baseline.score && !current.scores.empty()) {
    report.score = CompareColumn(*baseline.score, current.scores, options.psi_threshold, kScoreShare);
    report.score->p_adjusted = report.score->p;
    report.score->missing_p_adjusted = report.score->missing_p;
    report.score->drifted = report.score->p <= kScoreShare && report.score->psi >= report.score->psi_bar;
  }
  report.label = CompareLabels(baseline, current.labels, options);
  if (baseline.all && current.usage) CompareUsage(baseline, *current.usage, options, report);
  if (report.columns.empty() && !report.score && !report.level) {
    return InvalidInput("found no feature of the reference among the " + std::to_string(current.features.width()) +
                        " current ones, and no score in both; expected the same features");
  }
  NoteLimits(baseline, current, report);
  Conclude(report);
  return report;
}

}  // namespace meterhound::monitor
