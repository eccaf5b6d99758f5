// Change point: where the level of a series changed for good.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace meterhound::numerics {

/// A split of values into [0, at) and [at, n).
struct ChangePoint {
  std::size_t at = 0;
  std::size_t earliest = 0;  ///< splits nearly as good lie in [earliest, latest]
  std::size_t latest = 0;
  double before = 0;    ///< mean of values[0, at)
  double after = 0;     ///< mean of values[at, n)
  double strength = 0;  ///< |after - before| in standard errors of the difference, noise taken as autocorrelated
};

/// The split that maximises the standardised difference of means (the CUSUM statistic for one change, Page 1954; the
/// first step of binary segmentation), with at least `least` values on either side. Values beyond six robust standard
/// deviations from the median are pulled in first, so that single spikes decide nothing. Linear time after one sort for
/// the median. Nothing when there are too few values or they do not vary.
std::optional<ChangePoint> FindChangePoint(std::span<const double> values, std::size_t least);

}  // namespace meterhound::numerics
