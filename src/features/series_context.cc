// The lazily shared work.
#include "features/series_context.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/fourier.h"
#include "numerics/lag_products.h"
#include "numerics/langevin.h"
#include "numerics/sorted_order.h"
#include "numerics/summation.h"

namespace meterhound::features {

void SeriesContext::Reset(const SeriesView& series) {
  series_ = series;
  sum_.reset();
  mean_.reset();
  variance_.reset();
  minimum_.reset();
  maximum_.reset();
  order_ready_ = sorted_ready_ = repeats_ready_ = false;
  centred_ready_ = spectrum_ready_ = magnitudes_ready_ = density_ready_ = drift_ready_ = false;
  products_.clear();
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

std::span<const std::uint32_t> SeriesContext::Order() {
  if (!order_ready_) {
    order_.resize(size());
    numerics::SortedOrder(values(), order_);
    order_ready_ = true;
  }
  return order_;
}

std::span<const double> SeriesContext::Sorted() {
  if (!sorted_ready_) {
    const auto order = Order();
    sorted_.resize(size());
    for (std::size_t i = 0; i < size(); ++i) sorted_[i] = values()[order[i]];
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

const Repeats& SeriesContext::Repeated() {
  if (repeats_ready_) return repeats_;
  const auto sorted = Sorted();
  repeats_ = {};
  repeated_values_.clear();
  repeated_sums_.clear();
  for (std::size_t begin = 0; begin < sorted.size();) {
    std::size_t end = begin + 1;
    while (end < sorted.size() && sorted[end] == sorted[begin]) ++end;
    ++repeats_.distinct;
    if (end - begin > 1) {
      repeated_values_.push_back(sorted[begin]);
      repeated_sums_.push_back(sorted[begin] * static_cast<double>(end - begin));
      repeats_.readings += end - begin;
    }
    begin = end;
  }
  repeats_.values = repeated_values_.size();
  repeats_.sum_of_values = numerics::PairwiseSum(repeated_values_);
  repeats_.sum_of_readings = numerics::PairwiseSum(repeated_sums_);
  repeats_ready_ = true;
  return repeats_;
}

std::span<double> SeriesContext::Scratch(std::size_t slot, std::size_t size) {
  auto& buffer = scratch_[slot];
  if (buffer.size() < size) buffer.resize(size);
  return {buffer.data(), size};
}

std::span<std::uint32_t> SeriesContext::Counts(std::size_t slot, std::size_t size) {
  auto& buffer = counts_[slot];
  if (buffer.size() < size) buffer.resize(size);
  return {buffer.data(), size};
}

std::span<const double> SeriesContext::Centred() {
  if (!centred_ready_) {
    const double mean = Mean();
    centred_.resize(size());
    for (std::size_t i = 0; i < size(); ++i) centred_[i] = values()[i] - mean;
    centred_ready_ = true;
  }
  return centred_;
}

std::span<const double> SeriesContext::CentredProducts(std::size_t lags) {
  constexpr std::size_t kUsualLags = 47;  // agg_autocorrelation asks for 40
  if (products_.size() <= lags) {
    products_.resize(std::max(lags, kUsualLags) + 1);
    numerics::LagProducts(Centred(), Centred(), products_);
  }
  return std::span<const double>(products_).first(lags + 1);
}

std::span<const std::complex<double>> SeriesContext::Spectrum() {
  if (!spectrum_ready_) {
    spectrum_.resize(size() == 0 ? 0 : size() / 2 + 1);
    numerics::RealFourier(values(), spectrum_);
    spectrum_ready_ = true;
  }
  return spectrum_;
}

std::span<const double> SeriesContext::Magnitudes() {
  if (!magnitudes_ready_) {
    const auto spectrum = Spectrum();
    magnitudes_.resize(spectrum.size());
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
      const double square = spectrum[k].real() * spectrum[k].real() + spectrum[k].imag() * spectrum[k].imag();
      const bool plain = square > 1e-280 && square < 1e280;  // else squares may have lost digits or left the range
      magnitudes_[k] = plain ? std::sqrt(square) : std::hypot(spectrum[k].real(), spectrum[k].imag());
    }
    magnitudes_ready_ = true;
  }
  return magnitudes_;
}

std::span<const double> SeriesContext::Density() {
  if (!density_ready_) {
    constexpr std::size_t kSegment = 256;
    const std::size_t segment = std::min(size(), kSegment);
    density_.resize(segment == 0 ? 0 : segment / 2 + 1);
    if (segment > 0) numerics::WelchDensity(values(), segment, density_);
    density_ready_ = true;
  }
  return density_;
}

std::span<const double> SeriesContext::Drift(std::size_t degree, std::size_t bins) {
  if (!drift_ready_ || drift_.size() != degree + 1 || drift_bins_ != bins) {
    drift_.resize(degree + 1);
    drift_bins_ = bins;
    const auto sorted = Sorted();
    auto states = Scratch(7, sorted.size());
    // All states but the last value, still in order.
    std::size_t kept = 0;
    bool dropped = false;
    for (const double v : sorted) {
      if (!dropped && v == values().back())
        dropped = true;
      else
        states[kept++] = v;
    }
    numerics::DriftPolynomial(values(), dropped ? states.first(kept) : states.first(0), bins, drift_);
    drift_ready_ = true;
  }
  return drift_;
}

}  // namespace meterhound::features
