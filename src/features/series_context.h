// SeriesContext: one series and what several calculators need of it, each computed at most once and only when asked
// for.
#pragma once

#include <complex>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/series_view.h"

namespace meterhound::features {

/// What values occur more than once.
struct Repeats {
  std::size_t distinct = 0;  ///< different values, whether repeated or not
  std::size_t values = 0;    ///< different values that occur more than once
  std::size_t readings = 0;  ///< readings with such a value
  double sum_of_values = 0;  ///< each such value once
  double sum_of_readings = 0;
};

/// One per thread, reused from series to series so that its buffers are allocated once. Sums are NumPy's (pairwise),
/// variances have ddof 0, as tsfresh's. On an empty series min and max are NaN and sums 0.
class SeriesContext {
 public:
  /// Points at a series and forgets what was computed for the one before. The view must outlive its use.
  void Reset(const SeriesView& series);

  const SeriesView& series() const { return series_; }
  std::span<const double> values() const { return series_.values; }
  std::span<const std::uint8_t> missing() const { return series_.missing; }
  std::span<const double> times() const { return series_.times; }
  std::size_t size() const { return series_.values.size(); }

  double Sum();
  double Mean();
  double Variance();           ///< numpy.var
  double StandardDeviation();  ///< numpy.std
  double Minimum();
  double Maximum();
  std::span<const std::uint32_t> Order();  ///< positions in ascending order of value; equal ones by position, NaN last
  std::span<const double> Sorted();        ///< ascending, NaN last
  const Repeats& Repeated();
  double Quantile(double q);  ///< numpy.quantile, linear method with its two-sided interpolation

  /// Scratch that keeps its allocation between calls; contents undefined. Slots 0-7 belong to the calculator that runs.
  std::span<double> Scratch(std::size_t slot, std::size_t size);
  /// The same for whole numbers, slots 0-1.
  std::span<std::uint32_t> Counts(std::size_t slot, std::size_t size);

  std::span<const double> Centred();  ///< values less their mean
  /// Sums over t of Centred()[t] * Centred()[t + k] for k = 0 ... lags: autocovariances before division.
  std::span<const double> CentredProducts(std::size_t lags);
  std::span<const std::complex<double>> Spectrum();  ///< numpy.fft.rfft: size() / 2 + 1 bins, none for an empty series
  std::span<const double> Magnitudes();              ///< |Spectrum()|
  std::span<const double> Density();                 ///< scipy.signal.welch in segments of min(size(), 256)
  /// Drift polynomial of the Langevin equation, highest power first; see numerics::DriftPolynomial.
  std::span<const double> Drift(std::size_t degree, std::size_t bins);

 private:
  SeriesView series_;
  std::optional<double> sum_;
  std::optional<double> mean_;
  std::optional<double> variance_;
  std::optional<double> minimum_;
  std::optional<double> maximum_;
  bool order_ready_ = false;
  bool sorted_ready_ = false;
  bool repeats_ready_ = false;
  std::vector<std::uint32_t> order_;
  std::vector<double> sorted_;
  Repeats repeats_;
  std::vector<double> repeated_values_, repeated_sums_;
  std::vector<double> scratch_[8];
  std::vector<std::uint32_t> counts_[2];

  bool centred_ready_ = false;
  bool spectrum_ready_ = false;
  bool magnitudes_ready_ = false;
  bool density_ready_ = false;
  bool drift_ready_ = false;
  std::size_t drift_bins_ = 0;
  std::vector<double> centred_;
  std::vector<double> products_;
  std::vector<std::complex<double>> spectrum_;
  std::vector<double> magnitudes_;
  std::vector<double> density_;
  std::vector<double> drift_;
};

}  // namespace meterhound::features
