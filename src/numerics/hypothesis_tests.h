// Tests of association between a feature and a target, with scipy's p-values.
#pragma once

#include <cstdint>
#include <span>

namespace meterhound::numerics {

/// Mann-Whitney U, two-sided: scipy.stats.mannwhitneyu(method="auto"), exact where one sample has at most 8 values and
/// no values are equal, otherwise normal with corrections for continuity and ties. NaN when a sample is empty.
/// @param values no NaN. @param order their positions in ascending order. @param in_first which belong to one sample.
double MannWhitneyTwoSided(std::span<const double> values, std::span<const std::uint32_t> order,
                           std::span<const std::uint8_t> in_first);

/// Fisher's exact test of the table {{a, b}, {c, d}}, two-sided: the probability of all tables with the same margins
/// that are no likelier than this one (scipy.stats.fisher_exact). 1 when a margin is empty.
double FisherExactTwoSided(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d);

/// Kendall's tau-b, two-sided, from the normal approximation: scipy.stats.kendalltau(method="asymptotic"). NaN when one
/// of both is constant.
double KendallTwoSided(std::span<const double> x, std::span<const double> y);

/// Two-sample Kolmogorov-Smirnov, two-sided and exact for every size (scipy.stats.ks_2samp(method="exact"), which
/// scipy itself leaves for an approximation above 10,000 values). NaN when a sample is empty.
/// @param values no NaN. @param order their positions in ascending order. @param in_first which belong to one sample.
double KolmogorovSmirnovTwoSided(std::span<const double> values, std::span<const std::uint32_t> order,
                                 std::span<const std::uint8_t> in_first);

}  // namespace meterhound::numerics
