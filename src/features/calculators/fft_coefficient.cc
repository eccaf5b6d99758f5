// fft_coefficient: real part, imaginary part, size or angle of one Fourier coefficient; one transform serves the grid.
#include <cmath>
#include <limits>
#include <numbers>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

enum class Part { kReal, kImaginary, kSize, kAngle };

struct Request {
  std::size_t bin;
  Part part;
};

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "attr"));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t coefficient, GetInt(parameters, "coeff"));
  if (coefficient < 0) return InvalidInput("parameter 'coeff': expected 0 or more");
  const auto bin = static_cast<std::size_t>(coefficient);
  if (name == "real") return Request{bin, Part::kReal};
  if (name == "imag") return Request{bin, Part::kImaginary};
  if (name == "abs") return Request{bin, Part::kSize};
  if (name == "angle") return Request{bin, Part::kAngle};
  return InvalidInput("parameter 'attr': found \"" + name + "\", expected \"real\", \"imag\", \"abs\" or \"angle\"");
}

double Compute(SeriesContext& series, const Request& request) {
  const auto spectrum = series.Spectrum();
  if (request.bin >= spectrum.size()) return std::numeric_limits<double>::quiet_NaN();
  const std::complex<double> value = spectrum[request.bin];
  switch (request.part) {
    case Part::kReal:
      return value.real();
    case Part::kImaginary:
      return value.imag();
    case Part::kSize:
      return series.Magnitudes()[request.bin];
    case Part::kAngle:
      return std::atan2(value.imag(), value.real()) * (180 / std::numbers::pi);
  }
  return std::numeric_limits<double>::quiet_NaN();
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const char* part : {"real", "imag", "abs", "angle"}) {
    for (std::int64_t k = 0; k < 100; ++k) grid.push_back({{"attr", std::string(part)}, {"coeff", k}});
  }
  return grid;
}

// Coefficients cancel where the series lacks their frequency; the angle of nothing is noise.
Tolerance Allowed(const Parameters& parameters) {
  Tolerance tolerance{.error = 1e-14,
                      .unit = Unit::kSum,
                      .reason = "a frequency that the series lacks is left with the rounding of those it has"};
  if (*GetString(parameters, "attr") == "angle") tolerance.unit = Unit::kArc;
  return tolerance;
}

}  // namespace

extern const Calculator k_fft_coefficient{.name = "fft_coefficient",
                                          .doc =
                                              "Fourier coefficient coeff, i.e. the rhythm with that many "
                                              "periods in the series: real or imaginary part, absolute value, "
                                              "or angle in degrees (attr)",
                                          .presets = kEfficient | kComprehensive,
                                          .position = 54,
                                          .cost = CostClass::kSpectrum,
                                          .default_grid = &DefaultGrid,
                                          .bind = BindEach<&ReadRequest, &Compute>,
                                          .tolerance_of = &Allowed};

}  // namespace meterhound::features
