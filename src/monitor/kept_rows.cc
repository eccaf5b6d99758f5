// One row: version, window, usage, label, score, features.
#include "monitor/kept_rows.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "monitor/bytes.h"

namespace meterhound::monitor {
namespace {

constexpr std::uint8_t kVersion = 1;

struct KeptRow {
  Window window;
  double level = 0;
  double missing = 0;
  std::string segment;  ///< empty: unknown
  std::int8_t label = kUnlabelled;
  double score = 0;
  std::vector<double> features;
};

std::string SegmentOf(const Usage& usage, std::size_t row) {
  const std::size_t segment = usage.segment_of[row];
  return segment < usage.segments.size() ? usage.segments[segment] : std::string();
}

// Nothing when the bytes are not those of a row with `width` features.
std::optional<KeptRow> ReadRow(std::string_view bytes, std::size_t width) {
  Reader from(bytes);
  if (from.Byte() != kVersion) return std::nullopt;
  KeptRow row;
  row.window.first = from.Double();
  row.window.last = from.Double();
  row.window.longest = from.Size();
  row.level = from.Double();
  row.missing = from.Double();
  row.segment = from.Text();
  row.label = static_cast<std::int8_t>(from.Byte());
  row.score = from.Double();
  row.features.resize(from.Count(sizeof(float)));
  for (double& value : row.features) value = from.Float();
  if (!from.Done() || row.features.size() != width) return std::nullopt;
  return row;
}

void Add(KeptRow row, Snapshot& to) {
  to.features.ids.emplace_back();
  to.features.values.insert(to.features.values.end(), row.features.begin(), row.features.end());
  to.scores.push_back(row.score);
  to.labels.push_back(row.label);
  to.usage->ids.emplace_back();
  to.usage->level.push_back(row.level);
  to.usage->missing.push_back(row.missing);
  to.window->first = std::fmin(to.window->first, row.window.first);
  to.window->last = std::fmax(to.window->last, row.window.last);
  to.window->longest = std::max(to.window->longest, row.window.longest);
}

}  // namespace

std::string EncodeRow(const Snapshot& snapshot, std::size_t row) {
  Writer to;
  to.Byte(kVersion);
  const Window window = snapshot.window.value_or(Window{.first = std::nan(""), .last = std::nan("")});
  to.Number(window.first);
  to.Number(window.last);
  to.Number(window.longest);
  to.Number(snapshot.usage->level[row]);
  to.Number(snapshot.usage->missing[row]);
  to.Text(SegmentOf(*snapshot.usage, row));
  to.Byte(static_cast<std::uint8_t>(snapshot.labels.empty() ? kUnlabelled : snapshot.labels[row]));
  to.Number(snapshot.scores[row]);
  to.Number(snapshot.features.width());
  for (const double value : snapshot.features.Row(row)) to.Number(static_cast<float>(value));
  return std::move(to).Finish();
}

Result<Snapshot> DecodeRows(std::span<const std::string_view> rows, std::vector<FeatureColumn> columns,
                            const std::string& segmented_by, double scale, const std::string& where) {
  Snapshot snapshot;
  snapshot.features.columns = std::move(columns);
  snapshot.window = Window{.first = std::nan(""), .last = std::nan("")};
  snapshot.usage = Usage{.segmented_by = segmented_by, .scale = scale};
  std::vector<std::string> names;
  for (const std::string_view bytes : rows) {
    std::optional<KeptRow> row = ReadRow(bytes, snapshot.features.width());
    if (!row) return Corrupt("a row kept of what was scored is damaged", where);
    names.push_back(row->segment);
    Add(*std::move(row), snapshot);
  }
  std::set<std::string> known(names.begin(), names.end());
  known.erase("");
  std::vector<std::string>& segments = snapshot.usage->segments;
  segments.assign(known.begin(), known.end());
  for (const std::string& name : names) {
    const auto found = name.empty() ? segments.end() : std::lower_bound(segments.begin(), segments.end(), name);
    snapshot.usage->segment_of.push_back(static_cast<std::size_t>(found - segments.begin()));
  }
  return snapshot;
}

}  // namespace meterhound::monitor
