// NeighbourRates: how many of a consumer's neighbours were found stealing, as far as the training part knows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/feature_table.h"
#include "base/neighbours.h"
#include "base/result.h"

namespace meterhound::detectors {

/// A target statistic, so what it may see is all that matters. It is learnt from the development rows of one fit alone:
/// neighbours outside them count as unknown, also when the table has their labels. A development row's own values leave
/// out the fifth of the development rows, drawn by hash, that it belongs to itself: the trees meet rates as far from a
/// row's own label as those of the rows they will judge.
class NeighbourRates {
 public:
  static constexpr std::size_t kWidth = 8;
  /// `<name>__neighbour_thefts__stat_"..."`: thefts among known neighbours weighted by likeness, its square and fourth
  /// power, and among the nearest 10, 30 and 100, all drawn towards the base rate; the 30th's likeness; how many are
  /// known. All 0 to 1 or counts, never NaN.
  static std::vector<FeatureColumn> Columns(const NeighbourSpec& spec);

  /// @param hashes,labels of the development rows, labels 0 or 1.
  static NeighbourRates Learn(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                              std::uint64_t seed);

  /// kWidth values for each of the rows. @param own hashes of the rows where they are development rows, else empty.
  std::vector<double> Of(const Neighbours& neighbours, std::span<const std::size_t> rows,
                         std::span<const std::uint64_t> own) const;

  std::string Serialize() const;
  static Result<NeighbourRates> Load(std::string_view bytes);

 private:
  struct Known {
    std::uint64_t hash;
    double theft;  ///< mean label of the rows with this hash
  };
  std::uint64_t PartOf(std::uint64_t hash) const;

  std::vector<Known> known_;  // ascending by hash
  double base_rate_ = 0;
  std::uint64_t seed_ = 0;
};

}  // namespace meterhound::detectors
