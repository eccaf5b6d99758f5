// Differences of means, and differences of differences.
#include "monitor/segment_drift.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace meterhound::monitor {
namespace {

/// Two samples of one measure; when consumers are paired, `before` is empty and `after` holds each one's own change.
struct Measure {
  Moments before;
  Moments after;
};

struct Segment {
  std::string name;
  std::size_t consumers = 0;
  Measure level = {};
  Measure missing = {};
};

/// For each current consumer the row that he has in the reference, if it has him.
std::vector<std::ptrdiff_t> Pairs(const Baseline& baseline, const Usage& current) {
  if (!baseline.usage) return {};
  std::unordered_map<std::string_view, std::size_t> rows;
  for (std::size_t row = 0; row < baseline.usage->ids.size(); ++row) rows.emplace(baseline.usage->ids[row], row);
  std::vector<std::ptrdiff_t> pairs(current.ids.size(), -1);
  std::size_t found = 0;
  for (std::size_t row = 0; row < pairs.size(); ++row) {
    const auto at = rows.find(current.ids[row]);
    if (at == rows.end()) continue;
    pairs[row] = static_cast<std::ptrdiff_t>(at->second);
    ++found;
  }
  if (2 * found < pairs.size()) pairs.clear();
  return pairs;
}

/// Moments of the current consumers of a segment, or of their own changes.
Moments After(const std::vector<double>& current, const std::vector<double>* reference,
              const std::vector<std::ptrdiff_t>& pairs, const std::vector<std::size_t>& rows) {
  std::vector<double> values;
  for (const std::size_t row : rows) {
    if (pairs.empty()) {
      values.push_back(current[row]);
    } else if (pairs[row] >= 0) {
      values.push_back(current[row] - (*reference)[static_cast<std::size_t>(pairs[row])]);
    }
  }
  return MomentsOf(std::move(values));
}

class Comparison {
 public:
  Comparison(const Baseline& baseline, const Usage& current)
      : baseline_(baseline), current_(current), pairs_(Pairs(baseline, current)) {}

  bool paired() const { return !pairs_.empty(); }

  Segment Describe(const SegmentUsage& before, const std::vector<std::size_t>& rows) const {
    const std::vector<double>* levels = paired() ? &baseline_.usage->level : nullptr;
    const std::vector<double>* gaps = paired() ? &baseline_.usage->missing : nullptr;
    Segment to{.name = before.name, .consumers = rows.size()};
    to.level = {paired() ? Moments{} : before.level, After(current_.level, levels, pairs_, rows)};
    to.missing = {paired() ? Moments{} : before.missing, After(current_.missing, gaps, pairs_, rows)};
    return to;
  }

 private:
  const Baseline& baseline_;
  const Usage& current_;
  std::vector<std::ptrdiff_t> pairs_;
};

// An empty `before` stands for no change: its mean is nought, for certain.
Moments Certain(const Moments& before) { return before.n == 0 ? Moments{.n = 2} : before; }

MeanChange Alone(const Measure& measure) { return ChangeOfMeans(Certain(measure.before), measure.after); }

MeanChange Against(const Measure& measure, const Measure& rest) {
  return DifferenceOfChanges(Certain(measure.before), measure.after, Certain(rest.before), rest.after);
}

Measure Pool(const Measure& a, const Measure& b) {
  return {monitor::Pool(a.before, b.before), monitor::Pool(a.after, b.after)};
}

std::vector<std::size_t> AllRows(const Usage& usage) {
  std::vector<std::size_t> rows(usage.ids.size());
  for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = row;
  return rows;
}

std::vector<Segment> LargeSegments(const Baseline& baseline, const Usage& current, std::size_t least) {
  const Comparison comparison(baseline, current);
  std::vector<std::vector<std::size_t>> rows(current.segments.size() + 1);
  for (std::size_t row = 0; row < current.segment_of.size(); ++row) rows[current.segment_of[row]].push_back(row);
  std::vector<Segment> segments;
  for (const SegmentUsage& before : baseline.segments) {
    const auto at = std::find(current.segments.begin(), current.segments.end(), before.name);
    if (at == current.segments.end() || before.level.n < least) continue;
    const Segment segment = comparison.Describe(before, rows[static_cast<std::size_t>(at - current.segments.begin())]);
    if (segment.level.after.n >= least) segments.push_back(segment);
  }
  return segments;
}

SegmentDrift Judge(const Segment& segment, const std::vector<Segment>& segments, const std::vector<bool>& left_out,
                   const DriftOptions& options) {
  Measure level;
  Measure missing;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (left_out[i] || &segments[i] == &segment) continue;
    level = Pool(level, segments[i].level);
    missing = Pool(missing, segments[i].missing);
  }
  const auto tests = static_cast<double>(2 * segments.size());
  SegmentDrift to{.name = segment.name, .consumers = segment.consumers};
  const MeanChange step = Against(segment.level, level);
  to.level.change = std::expm1(step.change);
  to.level.paired = segment.level.before.n == 0;
  to.level.p = std::min(1.0, step.p * tests);
  to.level.drifted = to.level.p <= kSegmentsShare && std::fabs(to.level.change) >= options.least_level_change;
  const MeanChange gaps = Against(segment.missing, missing);
  to.missing_change = gaps.change;
  to.missing_p = std::min(1.0, gaps.p * tests);
  to.missing_drifted = to.missing_p <= kSegmentsShare && std::fabs(gaps.change) >= options.least_rate_change;
  return to;
}

// How far a segment stands out, in units of what would alarm.
double Distance(const SegmentDrift& drift, const DriftOptions& options) {
  return std::fmax(std::fabs(std::log1p(drift.level.change)) / std::log1p(options.least_level_change),
                   std::fabs(drift.missing_change) / options.least_rate_change);
}

}  // namespace

LevelDrift CompareLevel(const Baseline& baseline, const Usage& current, const DriftOptions& options) {
  const Comparison comparison(baseline, current);
  const Segment all = comparison.Describe(*baseline.all, AllRows(current));
  const MeanChange change = Alone(all.level);
  LevelDrift to{.change = std::expm1(change.change), .p = change.p, .paired = comparison.paired()};
  const bool enough = std::min(baseline.all->level.n, all.level.after.n) >= options.least_segment;
  to.drifted = enough && to.p <= kLevelShare && std::fabs(to.change) >= options.least_level_change;
  return to;
}

RateDrift CompareMissingReadings(const Baseline& baseline, const Usage& current, const DriftOptions& options) {
  const Moments after = MomentsOf(current.missing);
  const Moments& before = baseline.all->missing;
  RateDrift to{.reference = before.mean, .current = after.mean, .n_reference = before.n, .n_current = after.n};
  to.p = ChangeOfMeans(before, after).p;
  to.drifted = std::min(before.n, after.n) >= options.least_segment && to.p <= kMissingReadingsShare &&
               std::fabs(to.current - to.reference) >= options.least_rate_change;
  return to;
}

std::vector<SegmentDrift> CompareSegments(const Baseline& baseline, const Usage& current, const DriftOptions& options) {
  const std::vector<Segment> segments = LargeSegments(baseline, current, options.least_segment);
  std::vector<bool> found(segments.size(), false);
  std::vector<SegmentDrift> drifts;
  if (segments.size() < 2) return drifts;
  const auto further = [&](const SegmentDrift& a, const SegmentDrift& b) {
    if (a.drifted() != b.drifted()) return a.drifted();
    return Distance(a, options) > Distance(b, options);
  };
  while (drifts.size() + 1 < segments.size()) {
    std::optional<SegmentDrift> furthest;
    std::size_t at = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
      if (found[i]) continue;
      const SegmentDrift drift = Judge(segments[i], segments, found, options);
      if (furthest && !further(drift, *furthest)) continue;
      furthest = drift;
      at = i;
    }
    if (!furthest->drifted()) break;
    drifts.push_back(*furthest);
    found[at] = true;
  }
  std::vector<SegmentDrift> others;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (!found[i]) others.push_back(Judge(segments[i], segments, found, options));
  }
  std::stable_sort(others.begin(), others.end(), further);
  drifts.insert(drifts.end(), others.begin(), others.end());
  return drifts;
}

}  // namespace meterhound::monitor
