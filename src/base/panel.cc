// Views into, selections from and fingerprints of a panel.
#include "base/panel.h"

#include <algorithm>
#include <map>

#include "base/hashing.h"

namespace meterhound {
namespace {

constexpr const char* kGroupNames[] = {"behaviour", "coverage", "attributes", "inspection", "novelty"};

std::shared_ptr<const Timeline> SelectTimeline(const Timeline& from, const std::vector<std::size_t>& rows) {
  auto to = std::make_shared<Timeline>();
  to->shared = from.shared;
  to->cadence = from.cadence;
  if (from.shared) {
    to->times = from.times;
    return to;
  }
  to->offsets.push_back(0);
  for (const std::size_t row : rows) {
    const auto begin = from.times.begin() + static_cast<std::ptrdiff_t>(from.Offset(row));
    to->times.insert(to->times.end(), begin, begin + static_cast<std::ptrdiff_t>(from.Length(row)));
    to->offsets.push_back(to->times.size());
  }
  return to;
}

template <typename T>
std::vector<T> SelectRows(const std::vector<T>& from, const std::vector<std::size_t>& rows) {
  std::vector<T> to;
  to.reserve(rows.size());
  for (const std::size_t row : rows) to.push_back(from[row]);
  return to;
}

}  // namespace

const char* FeatureGroupName(FeatureGroup group) { return kGroupNames[static_cast<std::size_t>(group)]; }

Result<FeatureGroup> ParseFeatureGroup(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kGroupNames); ++i) {
    if (name == kGroupNames[i]) return static_cast<FeatureGroup>(i);
  }
  return InvalidInput("'" + std::string(name) +
                      "' is not a feature group; expected behaviour, coverage, attributes, inspection or novelty");
}

bool Panel::HasLabels() const {
  return std::any_of(labels.begin(), labels.end(), [](std::int8_t label) { return label != kUnlabelled; });
}

SeriesView Panel::View(std::size_t kind, std::size_t row) const {
  const SeriesKind& series = kinds[kind];
  const Timeline& timeline = *series.timeline;
  const std::size_t offset = timeline.Offset(row);
  const std::size_t length = timeline.Length(row);
  return {.values = {series.values.data() + offset, length},
          .missing = {series.missing.data() + offset, length},
          .times = {timeline.times.data() + (timeline.shared ? 0 : offset), length},
          .cadence = timeline.cadence};
}

Panel Panel::Select(const std::vector<std::size_t>& rows) const {
  Panel to;
  to.source = source;
  to.ids = SelectRows(ids, rows);
  to.labels = SelectRows(labels, rows);
  if (!label_times.empty()) to.label_times = SelectRows(label_times, rows);
  for (const Attribute& attribute : attributes) {
    Attribute copy = attribute;
    copy.values = SelectRows(attribute.values, rows);
    to.attributes.push_back(std::move(copy));
  }
  std::map<const Timeline*, std::shared_ptr<const Timeline>> timelines;
  for (const SeriesKind& kind : kinds) {
    auto& timeline = timelines[kind.timeline.get()];
    if (!timeline) timeline = SelectTimeline(*kind.timeline, rows);
    SeriesKind copy{
        .name = kind.name, .unit = kind.unit, .group = kind.group, .timeline = timeline, .values = {}, .missing = {}};
    for (const std::size_t row : rows) {
      const auto offset = static_cast<std::ptrdiff_t>(kind.timeline->Offset(row));
      const auto length = static_cast<std::ptrdiff_t>(kind.timeline->Length(row));
      copy.values.insert(copy.values.end(), kind.values.begin() + offset, kind.values.begin() + offset + length);
      copy.missing.insert(copy.missing.end(), kind.missing.begin() + offset, kind.missing.begin() + offset + length);
    }
    to.kinds.push_back(std::move(copy));
  }
  return to;
}

std::uint64_t Panel::ContentHash(std::size_t row) const {
  Hasher64 hasher;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    const SeriesView view = View(kind, row);
    hasher.Add(view.values.size());
    hasher.AddBytes(view.missing.data(), view.missing.size());
    hasher.AddBytes(view.times.data(), view.times.size_bytes());
    // A missing value's stand-in is not part of what was read.
    for (std::size_t i = 0; i < view.size(); ++i) {
      if (!view.missing[i]) hasher.Add(view.values[i]);
    }
  }
  for (const Attribute& attribute : attributes) {
    const double value = attribute.values[row];
    if (attribute.type == Attribute::Type::kCategorical && value == value) {
      hasher.AddText(attribute.categories[static_cast<std::size_t>(value)]);
    } else {
      hasher.Add(value);
    }
  }
  return hasher.Finish();
}

Status Panel::Validate() const {
  const auto broken = [this](const std::string& what) { return Error{ErrorCode::kInternal, what, source}; };
  if (labels.size() != rows()) return broken("labels and ids differ in number");
  if (!label_times.empty() && label_times.size() != rows()) return broken("labels and their dates differ in number");
  for (const Attribute& attribute : attributes) {
    if (attribute.values.size() != rows())
      return broken("attribute " + attribute.name + " has the wrong number of rows");
  }
  for (const SeriesKind& kind : kinds) {
    if (!kind.timeline) return broken("kind " + kind.name + " has no timeline");
    const Timeline& timeline = *kind.timeline;
    const std::size_t total = timeline.shared ? rows() * timeline.times.size() : timeline.times.size();
    if (kind.values.size() != total || kind.missing.size() != total) {
      return broken("kind " + kind.name + " does not fit its timeline");
    }
    if (!timeline.shared && (timeline.offsets.size() != rows() + 1 || timeline.offsets.back() != total)) {
      return broken("kind " + kind.name + " has offsets that do not fit");
    }
    for (std::size_t row = 0; row < (timeline.shared ? std::min<std::size_t>(1, rows()) : rows()); ++row) {
      const std::span<const double> times{timeline.times.data() + (timeline.shared ? 0 : timeline.offsets[row]),
                                          timeline.Length(row)};
      if (!std::is_sorted(times.begin(), times.end())) return broken("kind " + kind.name + " has times out of order");
    }
  }
  return {};
}

}  // namespace meterhound
