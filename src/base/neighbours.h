// Neighbours: for every row of a table the consumers of a reference set that are most like it, whatever their labels.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace meterhound {

/// Which consumers count as alike: those of one value of an attribute whose readings were taken on the same days, as
/// meters are that a reader passes on one round.
struct NeighbourSpec {
  std::string name;            ///< "round"
  std::string attribute;       ///< categorical, e.g. the region
  std::int64_t first_day = 0;  ///< days since 1970-01-01; readings before do not count
  std::size_t most = 100;      ///< neighbours kept of each
};

struct Neighbour {
  std::uint32_t place;  ///< in Neighbours::reference
  float similarity;     ///< Jaccard: days in common over days of either
};

struct Neighbours {
  NeighbourSpec spec;
  std::vector<std::uint64_t> reference;  ///< Panel::ContentHash of each consumer that may be a neighbour
  std::vector<std::size_t> offsets;      ///< rows + 1 positions in `entries`
  std::vector<Neighbour> entries;        ///< of each row the most alike first; never a consumer with the row's own hash

  std::span<const Neighbour> Row(std::size_t row) const {
    return std::span<const Neighbour>(entries).subspan(offsets[row], offsets[row + 1] - offsets[row]);
  }
};

}  // namespace meterhound
