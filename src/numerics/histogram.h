// Histograms over equal bins, with NumPy's rules for edges.
#pragma once

#include <span>

namespace meterhound::numerics {

/// numpy.histogram(values, bins = counts.size()): equal bins over [low, high], the last one closed; low == high widens
/// the range by 0.5 on both sides. A value within rounding of an edge falls where NumPy puts it.
void Histogram(std::span<const double> values, double low, double high, std::span<double> counts);

}  // namespace meterhound::numerics
