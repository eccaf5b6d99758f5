// fft_aggregated: centroid, variance, skew and kurtosis of the magnitude spectrum, taken as a distribution over bins.
#include <cmath>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

enum class Moment { kCentroid, kVariance, kSkew, kKurtosis };

Result<Moment> ReadMoment(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "aggtype"));
  if (name == "centroid") return Moment::kCentroid;
  if (name == "variance") return Moment::kVariance;
  if (name == "skew") return Moment::kSkew;
  if (name == "kurtosis") return Moment::kKurtosis;
  return InvalidInput("parameter 'aggtype': found \"" + name +
                      "\", expected \"centroid\", \"variance\", \"skew\" or \"kurtosis\"");
}

struct RawMoments {
  double power[5];
};

RawMoments Moments(std::span<const double> sizes) {
  RawMoments moments;
  for (int order = 0; order <= 4; ++order) {
    const auto term = [sizes, order](std::size_t k) {
      double weight = sizes[k];
      for (int i = 0; i < order; ++i) weight *= static_cast<double>(k);
      return weight;
    };
    moments.power[order] = numerics::PairwiseSum(sizes.size(), term);
  }
  for (int order = 1; order <= 4; ++order) moments.power[order] /= moments.power[0];
  return moments;
}

double Value(const RawMoments& m, Moment moment) {
  constexpr double kSmallestVariance = 0.5;  // a single line: its skew and kurtosis would be noise
  const double centroid = m.power[1];
  const double variance = m.power[2] - centroid * centroid;
  if (moment == Moment::kCentroid) return centroid;
  if (moment == Moment::kVariance) return variance;
  if (variance < kSmallestVariance) return kNaN;
  if (moment == Moment::kSkew) {
    return (m.power[3] - 3 * centroid * variance - std::pow(centroid, 3)) / std::pow(variance, 1.5);
  }
  // tsfresh subtracts 3 * centroid where the definition has 3 * centroid^4; kept for parity.
  return (m.power[4] - 4 * centroid * m.power[3] + 6 * m.power[2] * centroid * centroid - 3 * centroid) /
         (variance * variance);
}

std::vector<Parameters> DefaultGrid() {
  return OneParameterGrid(
      "aggtype", {std::string("centroid"), std::string("variance"), std::string("skew"), std::string("kurtosis")});
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<Moment> wanted, ReadGrid<&ReadMoment>(grid));
  return Kernel([wanted](SeriesContext& series, std::span<double> out) {
    const RawMoments moments = Moments(series.Magnitudes());
    for (std::size_t i = 0; i < wanted.size(); ++i) out[i] = Value(moments, wanted[i]);
  });
}

}  // namespace

extern const Calculator k_fft_aggregated{
    .name = "fft_aggregated",
    .doc =
        "Centroid, variance, skew or kurtosis (aggtype) of the Fourier "
        "magnitudes over their bins: fast or slow rhythms",
    .presets = kEfficient | kComprehensive,
    .position = 55,
    .cost = CostClass::kSpectrum,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = {
        .error = 1e-9,
        .unit = Unit::kOne,
        .reason = "central moments are differences of raw ones, which are larger by the square of the frequency"}};

}  // namespace meterhound::features
