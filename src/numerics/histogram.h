// Equal-width bins exactly as NumPy cuts them: linspace edges and histogram's correction of rounded indices.
#pragma once

#include <cstddef>
#include <span>

namespace meterhound::numerics {

/// numpy.linspace(first, last, edges.size()).
void LinearEdges(double first, double last, std::span<double> edges);

/// numpy.histogram(values, bins) over the values' own range; the last bin holds its right edge.
/// @param counts one value a bin. @param edges scratch of counts.size() + 1 values.
/// @return false where NumPy raises: values that are not finite, or bins too narrow to be told apart.
bool Histogram(std::span<const double> values, std::span<double> counts, std::span<double> edges);

/// Entropy (natural logarithm) of counts out of `total`.
double EntropyOfCounts(std::span<const double> counts, double total);

}  // namespace meterhound::numerics
