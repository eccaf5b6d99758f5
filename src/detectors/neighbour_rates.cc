// Rates by likeness and by rank, smoothed.
#include "detectors/neighbour_rates.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

constexpr std::uint64_t kParts = 5;
constexpr double kUnknown = -1;

/// Weighted thefts drawn towards the base rate as if `prior` more weight of it had been seen.
struct Rate {
  double prior;
  double thefts = 0;
  double weight = 0;
  void Add(double theft, double by) {
    thefts += by * theft;
    weight += by;
  }
  double Value(double base_rate) const { return (thefts + prior * base_rate) / (weight + prior); }
};

}  // namespace

std::vector<FeatureColumn> NeighbourRates::Columns(const NeighbourSpec& spec) {
  std::vector<FeatureColumn> columns;
  for (const char* stat : {"by_likeness", "by_likeness_2", "by_likeness_4", "nearest_10", "nearest_30", "nearest_100",
                           "likeness_of_30th", "known"}) {
    columns.push_back({spec.name + "__neighbour_thefts__stat_\"" + stat + '"', FeatureGroup::kAttribute});
  }
  return columns;
}

std::uint64_t NeighbourRates::PartOf(std::uint64_t hash) const { return numerics::MixSeed(hash, seed_) % kParts; }

NeighbourRates NeighbourRates::Learn(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                     std::uint64_t seed) {
  NeighbourRates rates;
  rates.seed_ = seed;
  std::vector<std::pair<std::uint64_t, std::int8_t>> rows;
  for (std::size_t i = 0; i < hashes.size(); ++i) rows.emplace_back(hashes[i], labels[i]);
  std::sort(rows.begin(), rows.end());
  double thefts = 0;
  for (std::size_t i = 0; i < rows.size();) {
    double sum = 0;
    std::size_t end = i;
    for (; end < rows.size() && rows[end].first == rows[i].first; ++end) sum += rows[end].second;
    rates.known_.push_back({rows[i].first, sum / static_cast<double>(end - i)});
    thefts += sum;
    i = end;
  }
  rates.base_rate_ = rows.empty() ? 0 : thefts / static_cast<double>(rows.size());
  return rates;
}

std::vector<double> NeighbourRates::Of(const Neighbours& neighbours, std::span<const std::size_t> rows,
                                       std::span<const std::uint64_t> own) const {
  std::vector<double> theft(neighbours.reference.size(), kUnknown);
  std::vector<std::uint64_t> part(own.empty() ? 0 : theft.size());
  for (std::size_t place = 0; place < theft.size(); ++place) {
    const std::uint64_t hash = neighbours.reference[place];
    const auto found = std::lower_bound(known_.begin(), known_.end(), hash,
                                        [](const Known& known, std::uint64_t value) { return known.hash < value; });
    if (found != known_.end() && found->hash == hash) theft[place] = found->theft;
    if (!own.empty()) part[place] = PartOf(hash);
  }
  std::vector<double> values(rows.size() * kWidth);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Rate by_likeness[3] = {{2}, {1}, {0.3}};
    Rate nearest[3] = {{1}, {3}, {10}};
    constexpr std::array<std::size_t, 3> kRanks = {10, 30, 100};
    std::size_t known = 0;
    double likeness_30 = 0;
    const std::uint64_t own_part = own.empty() ? kParts : PartOf(own[i]);
    for (const Neighbour& neighbour : neighbours.Row(rows[i])) {
      const double label = theft[neighbour.place];
      if (label == kUnknown || (!own.empty() && part[neighbour.place] == own_part)) continue;
      ++known;
      const double likeness = neighbour.similarity;
      by_likeness[0].Add(label, likeness);
      by_likeness[1].Add(label, likeness * likeness);
      by_likeness[2].Add(label, std::pow(likeness, 4));
      for (std::size_t r = 0; r < kRanks.size(); ++r) {
        if (known <= kRanks[r]) nearest[r].Add(label, 1);
      }
      if (known == kRanks[1]) likeness_30 = likeness;
    }
    double* to = values.data() + i * kWidth;
    for (std::size_t k = 0; k < 3; ++k) to[k] = by_likeness[k].Value(base_rate_);
    for (std::size_t k = 0; k < 3; ++k) to[3 + k] = nearest[k].Value(base_rate_);
    to[6] = likeness_30;
    to[7] = static_cast<double>(known);
  }
  return values;
}

std::string NeighbourRates::Serialize() const {
  std::string bytes(sizeof seed_ + sizeof base_rate_ + known_.size() * sizeof(Known), '\0');
  std::memcpy(bytes.data(), &seed_, sizeof seed_);
  std::memcpy(bytes.data() + sizeof seed_, &base_rate_, sizeof base_rate_);
  std::memcpy(bytes.data() + sizeof seed_ + sizeof base_rate_, known_.data(), known_.size() * sizeof(Known));
  return bytes;
}

Result<NeighbourRates> NeighbourRates::Load(std::string_view bytes) {
  NeighbourRates rates;
  constexpr std::size_t kHead = sizeof rates.seed_ + sizeof rates.base_rate_;
  if (bytes.size() < kHead || (bytes.size() - kHead) % sizeof(Known) != 0)
    return Corrupt("the neighbours' rates are damaged");
  std::memcpy(&rates.seed_, bytes.data(), sizeof rates.seed_);
  std::memcpy(&rates.base_rate_, bytes.data() + sizeof rates.seed_, sizeof rates.base_rate_);
  rates.known_.resize((bytes.size() - kHead) / sizeof(Known));
  std::memcpy(rates.known_.data(), bytes.data() + kHead, bytes.size() - kHead);
  return rates;
}

}  // namespace meterhound::detectors
