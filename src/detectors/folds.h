// Folds: splits that depend on what rows hold, never on their order or ids.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace meterhound::detectors {

/// Row positions sorted by (hash mixed with seed, label). Rows that tie hold the same readings and label, so their
/// order among themselves changes nothing that is computed from them.
std::vector<std::size_t> CanonicalOrder(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                        std::uint64_t seed);

/// A fold in [0, folds) for every row. Rows of the same hash share one; each label's rows (a group counts as theft when
/// one of its rows is) are spread evenly. Independent of the order of rows.
/// @param labels 1, 0 or kUnlabelled, one a hash.
std::vector<std::uint32_t> AssignFolds(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                       std::size_t folds, std::uint64_t seed);

/// Part 0, 1, ... of every row, with about the given shares (which sum to 1), as AssignFolds does it.
std::vector<std::uint32_t> AssignParts(std::span<const std::uint64_t> hashes, std::span<const std::int8_t> labels,
                                       std::span<const double> shares, std::uint64_t seed);

}  // namespace meterhound::detectors
