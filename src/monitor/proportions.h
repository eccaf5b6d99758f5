// Tests of rates and means between two samples, and what many tests at once may claim.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace meterhound::monitor {

/// Two-sided p-value of the pooled two-proportion z test; 1 when both rates are equal, NaN when a sample is empty.
double TwoProportions(std::size_t hits_1, std::size_t n_1, std::size_t hits_2, std::size_t n_2);

/// A sample as its first two moments.
struct Moments {
  std::size_t n = 0;
  double mean = 0;
  double variance = 0;  ///< with n - 1; 0 below two values
};
/// The same whatever the order of values.
Moments MomentsOf(std::vector<double> values);
/// Of the pooled sample.
Moments Pool(const Moments& a, const Moments& b);

/// A sum of means with signs, and its two-sided Welch p-value: (second - first), or with four samples the difference
/// of two differences. NaN with fewer than two values in one of them.
struct MeanChange {
  double change = 0;
  double standard_error = 0;
  double p = 1;
};
MeanChange ChangeOfMeans(const Moments& before, const Moments& after);
/// (after - before) - (rest_after - rest_before).
MeanChange DifferenceOfChanges(const Moments& before, const Moments& after, const Moments& rest_before,
                               const Moments& rest_after);

/// Adjusted p-values of Benjamini & Hochberg (1995): scipy.stats.false_discovery_control. NaN stays NaN and is not
/// counted. When nothing has changed, the chance that any is at most q is at most q, also for features that move
/// together in the usual way (positive dependence).
std::vector<double> BenjaminiHochberg(std::span<const double> p);

}  // namespace meterhound::monitor
