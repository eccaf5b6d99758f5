// The lazily shared work.
#include "features/series_context.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/summation.h"

namespace meterhound::features {

void SeriesContext::Reset(const SeriesView& series) {
  series_ = series;
  sum_.reset();
  mean_.reset();
  variance_.reset();
  minimum_.reset();
  maximum_.reset();
  sorted_ready_ = false;
}

double SeriesContext::Sum() {
  if (!sum_) sum_ = numerics::PairwiseSum(values());
  return *sum_;
}

double SeriesContext::Mean() {
  if (!mean_) mean_ = Sum() / static_cast<double>(size());
  return *mean_;
}

double SeriesContext::Variance() {
  if (!variance_) {
    const double mean = Mean();
    const auto x = values();
    variance_ = numerics::PairwiseSum(size(), [x, mean](std::size_t i) { return (x[i] - mean) * (x[i] - mean); }) /
                static_cast<double>(size());
  }
  return *variance_;
}

double SeriesContext::StandardDeviation() { return std::sqrt(Variance()); }

double SeriesContext::Minimum() {
  if (!minimum_) {
    minimum_ =
        size() == 0 ? std::numeric_limits<double>::quiet_NaN() : *std::min_element(values().begin(), values().end());
  }
  return *minimum_;
}

double SeriesContext::Maximum() {
  if (!maximum_) {
    maximum_ =
        size() == 0 ? std::numeric_limits<double>::quiet_NaN() : *std::max_element(values().begin(), values().end());
  }
  return *maximum_;
}

std::span<const double> SeriesContext::Sorted() {
  if (!sorted_ready_) {
    sorted_.assign(values().begin(), values().end());
    std::sort(sorted_.begin(), sorted_.end());
    sorted_ready_ = true;
  }
  return sorted_;
}

double SeriesContext::Quantile(double q) {
  const auto sorted = Sorted();
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double place = q * static_cast<double>(sorted.size() - 1);
  const double below = std::floor(place);
  const auto low = static_cast<std::size_t>(below);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  const double fraction = place - below;
  const double step = sorted[high] - sorted[low];
  // NumPy interpolates from the nearer end.
  return fraction >= 0.5 ? sorted[high] - step * (1 - fraction) : sorted[low] + step * fraction;
}

std::span<double> SeriesContext::Scratch(std::size_t slot, std::size_t wanted) {
  auto& buffer = scratch_[slot];
  if (buffer.size() < wanted) buffer.resize(wanted);
  return {buffer.data(), wanted};
}

}  // namespace meterhound::features
