// The drift of a Langevin equation, estimated from a series (Friedrich et al. 2000): mean change as a function of
// state.
#pragma once

#include <cstddef>
#include <span>

namespace meterhound::numerics {

/// Polynomial of the drift, highest power first. The states x[0 ... n-2] are cut into `bins` quantile bins; the mean
/// change of each bin is fitted over its mean state (pandas qcut and groupby, numpy.polyfit). NaN throughout where two
/// bin edges coincide.
/// @param sorted the states of all but the last value, ascending. @param coefficients degree + 1 values.
void DriftPolynomial(std::span<const double> values, std::span<const double> sorted, std::size_t bins,
                     std::span<double> coefficients);

/// The largest real part among a polynomial's roots (numpy.roots); NaN when it has none or is not finite.
/// @param coefficients highest power first.
double LargestRealRoot(std::span<const double> coefficients);

}  // namespace meterhound::numerics
