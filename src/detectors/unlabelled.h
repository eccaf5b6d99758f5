// Unlabelled consumers: how many of those nobody has inspected steal, and how likely each of them does.
//
// Where labels come from inspections, a consumer without one is not honest but unknown (positive-unlabelled learning).
// Elkan & Noto (2008): a classifier of "known as theft" against all others ranks consumers as one of theft would; an
// unlabelled consumer then enters the fit twice, as theft with weight w and as honest with weight 1 - w, w being a
// constant times the odds of that classifier. The constant makes the weights sum to the thefts expected among them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace meterhound::detectors {

/// The share of theft among the unlabelled that visits drawn at random tell: a visit that stands for s consumers speaks
/// for s - 1 that were not visited (Horvitz & Thompson 1952). Nothing when fewer than kLeastDrawn stand for others.
/// @param labels 1, 0 or kUnlabelled. @param stands_for one a row, 1 or more for labelled rows.
std::optional<double> ShareByDrawnVisits(std::span<const std::int8_t> labels, std::span<const double> stands_for);
inline constexpr std::size_t kLeastDrawn = 20;

/// Without such visits: the largest share of theft among all consumers that their scores allow if the known thefts are
/// a fair sample of all thefts. Above every border the share of consumers is at least that share times the share of
/// known thefts; the border where their ratio, with its error, is smallest is the best bin of Garg et al. (2021).
double ShareByBestBin(std::span<const double> known_thefts, std::span<const double> all);

/// min(1, exp(margin + c)) with the c for which the weights sum to `expected`, which lies in [0, margins.size()].
std::vector<double> TheftWeights(std::span<const double> margins, double expected);

}  // namespace meterhound::detectors
