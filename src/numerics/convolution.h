// Convolution of a series with a short kernel.
#pragma once

#include <span>

namespace meterhound::numerics {

/// numpy.convolve(values, kernel, "same"): result[i] is centred on values[i], zeros stand beyond the ends. Products are
/// added in the order of the values, so equal neighbourhoods give equal results to the last bit.
/// @param kernel no longer than `values`.
void ConvolveSame(std::span<const double> values, std::span<const double> kernel, std::span<double> result);

}  // namespace meterhound::numerics
