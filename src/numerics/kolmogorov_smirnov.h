// The Kolmogorov-Smirnov test of two samples, with scipy's p-values for every size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace meterhound::numerics {

struct KolmogorovSmirnov {
  double statistic = 0;  ///< largest distance between the two empirical distribution functions
  double p = 1;          ///< two-sided
  bool exact = true;     ///< false: from the one-sample distribution of the effective size
};

/// scipy.stats.ks_2samp in its default mode: exact where both samples have at most 10,000 values, otherwise
/// KolmogorovTail of round(n1 n2 / (n1 + n2)). Statistic and p are NaN when a sample is empty.
/// @param first, second ascending, no NaN; infinities are values like others.
KolmogorovSmirnov TwoSampleKolmogorovSmirnov(std::span<const double> first, std::span<const double> second);

/// P(D >= farthest / (n1 n2)) of two samples from one continuous distribution, exactly: sums of positive terms only.
double ExactTwoSampleTail(std::int64_t n1, std::int64_t n2, std::int64_t farthest);

/// P(D_n >= d) of the one-sample two-sided statistic: scipy.stats.kstwo.sf (Simard & L'Ecuyer 2011).
double KolmogorovTail(std::size_t n, double d);

}  // namespace meterhound::numerics
