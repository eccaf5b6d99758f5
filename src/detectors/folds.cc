// Stratified, content-hashed splits.
#include "detectors/folds.h"

#include <algorithm>
#include <numeric>

#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

/// Rows of one hash: they travel together.
struct Group {
  std::uint64_t key;  ///< hash mixed with the seed
  std::size_t begin;  ///< in the sorted rows
  std::size_t end;
  std::size_t stratum;  ///< 0 honest, 1 theft, 2 unlabelled
  std::size_t size() const { return end - begin; }
};

std::size_t StratumOf(std::int8_t label) { return label == 1 ? 1 : label == 0 ? 0 : 2; }

std::vector<Group> GroupRows(std::span<const std::size_t> order, std::span<const std::uint64_t> hashes,
                             std::span<const std::int8_t> labels, std::uint64_t seed) {
  std::vector<Group> groups;
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::size_t row = order[place];
    const std::size_t stratum = StratumOf(labels[row]);
    if (groups.empty() || hashes[order[place - 1]] != hashes[row]) {
      groups.push_back({numerics::MixSeed(seed, hashes[row]), place, place, stratum});
    }
    Group& group = groups.back();
    group.end = place + 1;
    if (stratum == 1 || group.stratum == 2) group.stratum = stratum;  // theft over honest over unlabelled
  }
  return groups;
}

}  // namespace

std::vector<std::size_t> CanonicalOrder(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                        std::uint64_t seed) {
  std::vector<std::uint64_t> keys(hashes.size());
  for (std::size_t row = 0; row < hashes.size(); ++row) keys[row] = numerics::MixSeed(seed, hashes[row]);
  std::vector<std::size_t> order(hashes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (keys[a] != keys[b]) return keys[a] < keys[b];
    if (hashes[a] != hashes[b]) return hashes[a] < hashes[b];
    return labels[a] < labels[b];
  });
  return order;
}

std::vector<std::uint32_t> AssignParts(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                       std::span<const double> shares, std::uint64_t seed) {
  const std::vector<std::size_t> order = CanonicalOrder(hashes, labels, seed);
  std::vector<Group> groups = GroupRows(order, hashes, labels, seed);
  // Large groups first, so that the small ones even out what they leave; then by key, which is as good as random.
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) { return a.size() > b.size(); });
  std::vector<std::uint32_t> part(hashes.size(), 0);
  std::vector<double> filled[3];
  for (auto& stratum : filled) stratum.assign(shares.size(), 0);
  std::vector<double> total(shares.size(), 0);
  for (const Group& group : groups) {
    std::vector<double>& mine = filled[group.stratum];
    std::size_t best = shares.size();
    for (std::size_t p = 0; p < shares.size(); ++p) {
      if (!(shares[p] > 0)) continue;
      // How full the part would be after taking the group; of equally full ones the one with fewer rows in all.
      const double fill = (mine[p] + static_cast<double>(group.size())) / shares[p];
      const double best_fill =
          best == shares.size() ? 0 : (mine[best] + static_cast<double>(group.size())) / shares[best];
      if (best == shares.size() || fill < best_fill ||
          (fill == best_fill && total[p] / shares[p] < total[best] / shares[best])) {
        best = p;
      }
    }
    if (best == shares.size()) continue;
    mine[best] += static_cast<double>(group.size());
    total[best] += static_cast<double>(group.size());
    for (std::size_t place = group.begin; place < group.end; ++place)
      part[order[place]] = static_cast<std::uint32_t>(best);
  }
  return part;
}

std::vector<std::uint32_t> AssignFolds(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                       std::size_t folds, std::uint64_t seed) {
  const std::vector<double> shares(folds, 1.0);
  return AssignParts(hashes, labels, shares, seed);
}

}  // namespace meterhound::detectors
