// The order of a series' values: a radix sort, which makes no mispredicted comparisons.
#pragma once

#include <cstdint>
#include <span>

namespace meterhound::numerics {

/// Positions of `values` in ascending order of value; equal values by position, NaN last.
/// @param order as many as values, fewer than 2^32.
void SortedOrder(std::span<const double> values, std::span<std::uint32_t> order);

}  // namespace meterhound::numerics
