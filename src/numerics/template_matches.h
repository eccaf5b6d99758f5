// How often short stretches of a series recur within a tolerance: the counting behind approximate and sample entropy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace meterhound::numerics {

/// For each tolerance and each stretch of `length` values: how many such stretches, itself included, differ from it by
/// at most the tolerance everywhere; the same for stretches of `length` + 1 values. Counts are exact. Quadratic, but
/// only over pairs whose first values are close enough.
/// @param values finite, more than `length` of them. @param order positions of `values` in ascending order of value.
/// @param length at least 1. @param tolerances 0 or more.
/// @param of_length,of_one_more tolerances.size() rows of values.size() counts; column s is of the stretch that begins
/// at position order[s], and 0 where no stretch of that length fits.
void CountMatches(std::span<const double> values, std::span<const std::uint32_t> order, std::size_t length,
                  std::span<const double> tolerances, std::span<std::uint32_t> of_length,
                  std::span<std::uint32_t> of_one_more);

}  // namespace meterhound::numerics
