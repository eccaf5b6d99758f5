// Sums of products of a series with shifted series: what autocovariances and lagged regressions are made of.
#pragma once

#include <span>

namespace meterhound::numerics {

/// products[k] = sum over t of first[t] * second[t + k], for as many lags as `products` holds; 0 beyond the last value.
/// Lags are summed side by side in four interleaved partial sums, the same on every processor.
/// @param first, second of the same size.
void LagProducts(std::span<const double> first, std::span<const double> second, std::span<double> products);

}  // namespace meterhound::numerics
