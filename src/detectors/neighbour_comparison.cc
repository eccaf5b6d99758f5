// Levels in logarithms, so that a half is as far from the neighbours' as a double.
#include "detectors/neighbour_comparison.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace meterhound::detectors {
namespace {

constexpr double kSmall = 10;  // of the compared unit: below it differences stop to matter
constexpr std::size_t kNobody = std::numeric_limits<std::size_t>::max();

double Level(double value) {
  return std::isfinite(value) ? std::log(std::max(value, 0.0) + kSmall) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<std::size_t> NeighbourComparison::Compared(const FeatureTable& table,
                                                       std::span<const std::size_t> columns) {
  std::vector<std::size_t> compared;
  if (table.neighbours == nullptr) return compared;
  for (const std::size_t column : columns) {
    const std::string& name = table.columns[column].name;
    const auto& beginnings = table.neighbours->spec.compare;
    if (std::any_of(beginnings.begin(), beginnings.end(), [&](const std::string& b) { return name.starts_with(b); })) {
      compared.push_back(column);
    }
  }
  return compared;
}

std::vector<FeatureColumn> NeighbourComparison::Columns(const FeatureTable& table,
                                                        std::span<const std::size_t> compared) {
  std::vector<FeatureColumn> made;
  for (const std::size_t column : compared) {
    std::string of = table.columns[column].name;
    std::erase(of, '"');
    made.push_back({table.neighbours->spec.name + "__neighbour_level__of_\"" + of + '"', FeatureGroup::kAttribute});
  }
  return made;
}

NeighbourComparison NeighbourComparison::Learn(const FeatureTable& table, std::span<const std::size_t> rows,
                                               std::span<const std::uint64_t> hashes,
                                               std::span<const std::size_t> compared) {
  NeighbourComparison to;
  to.width_ = compared.size();
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return hashes[a] < hashes[b]; });
  for (const std::size_t i : order) {
    if (!to.known_.empty() && to.known_.back() == hashes[i]) continue;  // the same readings again
    to.known_.push_back(hashes[i]);
    for (const std::size_t column : compared) {
      to.levels_.push_back(static_cast<float>(Level(table.Row(rows[i])[column])));
    }
  }
  return to;
}

std::vector<double> NeighbourComparison::Of(const FeatureTable& table, std::span<const std::size_t> rows,
                                            std::span<const std::size_t> compared) const {
  const Neighbours& neighbours = *table.neighbours;
  std::vector<std::size_t> known_at(neighbours.reference.size(), kNobody);
  for (std::size_t place = 0; place < known_at.size(); ++place) {
    const auto found = std::lower_bound(known_.begin(), known_.end(), neighbours.reference[place]);
    if (found != known_.end() && *found == neighbours.reference[place]) {
      known_at[place] = static_cast<std::size_t>(found - known_.begin());
    }
  }
  std::vector<double> values(rows.size() * width_);
  std::vector<double> sums(width_);
  std::vector<std::size_t> counts(width_);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::fill(sums.begin(), sums.end(), 0.0);
    std::fill(counts.begin(), counts.end(), std::size_t{0});
    for (const Neighbour& neighbour : neighbours.Row(rows[i])) {
      const std::size_t known = known_at[neighbour.place];
      if (known == kNobody) continue;
      for (std::size_t k = 0; k < width_; ++k) {
        const float level = levels_[known * width_ + k];
        if (counts[k] == kNearest || std::isnan(level)) continue;
        sums[k] += level;
        ++counts[k];
      }
    }
    for (std::size_t k = 0; k < width_; ++k) {
      values[i * width_ + k] = counts[k] < kLeast ? std::numeric_limits<double>::quiet_NaN()
                                                  : Level(table.Row(rows[i])[compared[k]]) -
                                                        sums[k] / static_cast<double>(counts[k]);
    }
  }
  return values;
}

std::string NeighbourComparison::Serialize() const {
  const std::uint64_t head[] = {width_, known_.size()};
  std::string bytes(reinterpret_cast<const char*>(head), sizeof head);
  bytes.append(reinterpret_cast<const char*>(known_.data()), known_.size() * sizeof(std::uint64_t));
  bytes.append(reinterpret_cast<const char*>(levels_.data()), levels_.size() * sizeof(float));
  return bytes;
}

Result<NeighbourComparison> NeighbourComparison::Load(std::string_view bytes) {
  const auto damaged = [] { return Corrupt("the comparison with neighbours is damaged"); };
  std::uint64_t head[2];
  if (bytes.size() < sizeof head) return damaged();
  std::memcpy(head, bytes.data(), sizeof head);
  bytes.remove_prefix(sizeof head);
  if (head[0] > 100000 || head[1] > bytes.size() / sizeof(std::uint64_t) ||
      bytes.size() != head[1] * (sizeof(std::uint64_t) + head[0] * sizeof(float))) {
    return damaged();
  }
  NeighbourComparison to;
  to.width_ = head[0];
  to.known_.resize(head[1]);
  to.levels_.resize(head[0] * head[1]);
  std::memcpy(to.known_.data(), bytes.data(), to.known_.size() * sizeof(std::uint64_t));
  std::memcpy(to.levels_.data(), bytes.data() + to.known_.size() * sizeof(std::uint64_t),
              to.levels_.size() * sizeof(float));
  return to;
}

}  // namespace meterhound::detectors
