// Means of what was read, a consumer at a time.
#include "monitor/usage.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace meterhound::monitor {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr const char* kUsualSegment = "district";

bool Divides(const Attribute& attribute) {
  return attribute.type == Attribute::Type::kCategorical && !attribute.categories.empty();
}

Result<const Attribute*> FindSegments(const Panel& panel, const std::string& by) {
  const Attribute* first = nullptr;
  std::string known;
  for (const Attribute& attribute : panel.attributes) {
    if (!Divides(attribute)) continue;
    if (attribute.name == (by.empty() ? kUsualSegment : by)) return &attribute;
    if (first == nullptr) first = &attribute;
    known += (known.empty() ? "'" : ", '") + attribute.name + "'";
  }
  if (by.empty()) return first;
  return InvalidInput(
      "found no categorical attribute '" + by + "'" + (known.empty() ? ", and no other" : ", expected one of " + known),
      panel.source);
}

struct Read {
  double mean = kNaN;
  double missing = 1;
};

Read MeanOfRead(const SeriesView& view) {
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < view.size(); ++i) {
    if (view.missing[i] != 0 || !std::isfinite(view.values[i])) continue;
    sum += view.values[i];
    ++count;
  }
  if (count == 0) return {};
  return {sum / static_cast<double>(count), 1 - static_cast<double>(count) / static_cast<double>(view.size())};
}

double ScaleOf(std::vector<double> means) {
  std::erase_if(means, [](double mean) { return !(mean > 0); });
  if (means.empty()) return 1;
  const auto middle = means.begin() + static_cast<std::ptrdiff_t>(means.size() / 2);
  std::nth_element(means.begin(), middle, means.end());
  return *middle / 10;
}

void DescribeSegments(const Attribute& attribute, Usage& usage) {
  usage.segmented_by = attribute.name;
  usage.segments = attribute.categories;
  for (const double code : attribute.values) {
    usage.segment_of.push_back(std::isnan(code) ? usage.segments.size() : static_cast<std::size_t>(code));
  }
}

}  // namespace

Result<Usage> DescribeUsage(const Panel& panel, const std::string& by, double scale) {
  METERHOUND_ASSIGN_OR_RETURN(const Attribute* segments, FindSegments(panel, by));
  Usage usage{.ids = panel.ids, .scale = scale};
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const Read read = panel.kinds.empty() ? Read{} : MeanOfRead(panel.View(0, row));
    usage.level.push_back(read.mean);
    usage.missing.push_back(read.missing);
  }
  if (!(usage.scale > 0)) usage.scale = ScaleOf(usage.level);
  for (double& level : usage.level) level = std::log(std::max(level, 0.0) + usage.scale);
  if (segments != nullptr) {
    DescribeSegments(*segments, usage);
  } else {
    usage.segment_of.assign(panel.rows(), 0);
  }
  return usage;
}

}  // namespace meterhound::monitor
