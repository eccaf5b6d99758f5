// How often short stretches of a series recur within a tolerance: the counting behind approximate entropy.
#pragma once

#include <cstddef>
#include <span>

namespace meterhound::numerics {

/// For each tolerance: the mean, over all stretches of `length` (and of `length` + 1) values, of the logarithm of the
/// share of such stretches that lie within the tolerance everywhere; a stretch matches itself. Quadratic, but only over
/// pairs whose first values are close; counts are exact.
/// @param values finite, more than length + 1 of them. @param tolerances 0 or more; the results have the same size.
void MeanLogMatches(std::span<const double> values, std::size_t length, std::span<const double> tolerances,
                    std::span<double> of_length, std::span<double> of_one_more);

}  // namespace meterhound::numerics
