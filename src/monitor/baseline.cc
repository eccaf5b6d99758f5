// What is kept of a reference, and how a snapshot grows.
#include "monitor/baseline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meterhound::monitor {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Evenly spaced order statistics: the same whatever the order of rows.
std::vector<double> Thin(const std::vector<double>& sorted, std::size_t most) {
  if (sorted.size() <= most) return sorted;
  std::vector<double> kept(most);
  for (std::size_t i = 0; i < most; ++i) kept[i] = sorted[(2 * i + 1) * sorted.size() / (2 * most)];
  return kept;
}

Moments MomentsWhere(const std::vector<double>& values, const std::vector<std::size_t>& segment_of,
                     std::size_t segment) {
  std::vector<double> chosen;
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (segment_of[row] == segment) chosen.push_back(values[row]);
  }
  return MomentsOf(std::move(chosen));
}

void DescribeUsers(const Usage& usage, Baseline& baseline) {
  baseline.usage_scale = usage.scale;
  baseline.segmented_by = usage.segmented_by;
  baseline.all = SegmentUsage{"", MomentsOf(usage.level), MomentsOf(usage.missing)};
  for (std::size_t segment = 0; segment < usage.segments.size(); ++segment) {
    baseline.segments.push_back({usage.segments[segment], MomentsWhere(usage.level, usage.segment_of, segment),
                                 MomentsWhere(usage.missing, usage.segment_of, segment)});
  }
}

Status CheckSame(const Usage& to, const Usage& more) {
  if (to.segmented_by == more.segmented_by && to.segments == more.segments && to.scale == more.scale) return {};
  return InvalidInput("the snapshots' segments differ, expected the same for both");
}

void AppendUsage(Usage& to, const Usage& more) {
  to.ids.insert(to.ids.end(), more.ids.begin(), more.ids.end());
  to.level.insert(to.level.end(), more.level.begin(), more.level.end());
  to.missing.insert(to.missing.end(), more.missing.begin(), more.missing.end());
  to.segment_of.insert(to.segment_of.end(), more.segment_of.begin(), more.segment_of.end());
}

}  // namespace

Window WindowOf(const Panel& panel) {
  Window window{.first = kNaN, .last = kNaN, .longest = 0};
  for (const SeriesKind& kind : panel.kinds) {
    for (std::size_t row = 0; row < panel.rows(); ++row) {
      window.longest = std::max(window.longest, kind.timeline->Length(row));
    }
    if (!HasCalendar(kind.timeline->cadence)) continue;
    for (const double time : kind.timeline->times) {
      window.first = std::fmin(window.first, time);
      window.last = std::fmax(window.last, time);
    }
  }
  return window;
}

std::size_t Snapshot::rows() const {
  return std::max({features.rows(), scores.size(), labels.size(), usage ? usage->ids.size() : 0});
}

Status Append(Snapshot& to, const Snapshot& more) {
  if (to.rows() == 0) {
    to = more;
    return {};
  }
  if (to.features.columns != more.features.columns || to.scores.empty() != more.scores.empty() ||
      to.labels.empty() != more.labels.empty() || to.usage.has_value() != more.usage.has_value()) {
    return InvalidInput("the snapshots' columns differ, expected the same features, scores and labels in both");
  }
  if (to.usage) METERHOUND_RETURN_IF_ERROR(CheckSame(*to.usage, *more.usage));
  to.features.ids.insert(to.features.ids.end(), more.features.ids.begin(), more.features.ids.end());
  to.features.values.insert(to.features.values.end(), more.features.values.begin(), more.features.values.end());
  to.features.neighbours.reset();
  to.scores.insert(to.scores.end(), more.scores.begin(), more.scores.end());
  to.labels.insert(to.labels.end(), more.labels.begin(), more.labels.end());
  if (to.usage) AppendUsage(*to.usage, *more.usage);
  if (to.window && more.window) {
    to.window = Window{.first = std::fmin(to.window->first, more.window->first),
                       .last = std::fmax(to.window->last, more.window->last),
                       .longest = std::max(to.window->longest, more.window->longest)};
  }
  return {};
}

bool ColumnBaseline::operator==(const ColumnBaseline&) const = default;

ColumnBaseline DescribeColumn(FeatureColumn column, std::vector<double> values, std::size_t most) {
  ColumnBaseline to{.column = std::move(column), .rows = values.size()};
  std::erase_if(values, [](double value) { return std::isnan(value); });
  to.missing = to.rows - values.size();
  std::sort(values.begin(), values.end());
  to.bins = to.column.categorical ? CategoryBins(values) : QuantileBins(values);
  to.counts = CountBins(to.bins, values);
  to.counts.back() = to.missing;
  if (!to.column.categorical) to.sample = Thin(values, most);
  return to;
}

Result<Baseline> MakeBaseline(const Snapshot& reference, const RunContext& context, std::size_t kept) {
  const FeatureTable& table = reference.features;
  Baseline baseline{.rows = reference.rows(), .window = reference.window};
  baseline.rounded = kept != static_cast<std::size_t>(-1);
  baseline.columns.resize(table.width());
  context.pool.ParallelFor(
      table.width(), 8,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          std::vector<double> values(table.rows());
          for (std::size_t row = 0; row < values.size(); ++row) {
            const double value = table.values[row * table.width() + i];
            values[row] = baseline.rounded ? static_cast<double>(static_cast<float>(value)) : value;
          }
          baseline.columns[i] = DescribeColumn(table.columns[i], std::move(values), kept);
        }
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  if (!reference.scores.empty()) {
    baseline.score = DescribeColumn({.name = "score", .group = FeatureGroup::kBehaviour}, reference.scores, kept);
  }
  for (const std::int8_t label : reference.labels) {
    baseline.labelled += label == kUnlabelled ? 0 : 1;
    baseline.thefts += label == 1 ? 1 : 0;
  }
  if (reference.usage) {
    DescribeUsers(*reference.usage, baseline);
    baseline.usage = reference.usage;
  }
  return baseline;
}

}  // namespace meterhound::monitor
