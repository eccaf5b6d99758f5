// cwt_coefficients: the first coefficients of a wavelet transform with the Mexican hat, as pywt.cwt computes it.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

struct Request {
  std::size_t coefficient;
  std::vector<std::int64_t> widths;
  std::int64_t width;
  std::size_t kernel = 0;  // place among the distinct widths' kernels
};

Result<Request> ReadRequest(const Parameters& parameters) {
  Request request;
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t coefficient, GetInt(parameters, "coeff"));
  METERHOUND_ASSIGN_OR_RETURN(request.widths, GetTuple(parameters, "widths"));
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t width, GetCount(parameters, "w", 1, 10000));
  request.width = static_cast<std::int64_t>(width);
  if (coefficient < 0) return InvalidInput("parameter 'coeff': expected 0 or more");
  if (std::find(request.widths.begin(), request.widths.end(), request.width) == request.widths.end()) {
    return InvalidInput("parameter 'w': expected one of 'widths'");
  }
  request.coefficient = static_cast<std::size_t>(coefficient);
  return request;
}

// One width's taps: coefficient c is the sum over t of x[t] * taps[c + centre - t].
struct WaveletKernel {
  std::int64_t width;
  std::vector<double> taps;
  std::size_t centre;
};

// pywt integrates the wavelet over 4096 points of [-8, 8], samples the integral at the width's step, convolves and
// differences. The difference is taken of the kernel here: the same sum without its cancellation.
WaveletKernel MakeKernel(std::int64_t width) {
  constexpr std::size_t kPoints = 4096;
  constexpr double kLow = -8;
  const double step = 16.0 / (kPoints - 1);
  const double height = 2 / (std::sqrt(3.0) * std::sqrt(std::sqrt(std::numbers::pi)));
  std::vector<double> integral(kPoints);
  double sum = 0;
  for (std::size_t i = 0; i < kPoints; ++i) {
    const double u = kLow + static_cast<double>(i) * step;
    sum += (1 - u * u) * std::exp(-u * u / 2) * height;
    integral[i] = sum * step;
  }
  const double scale = static_cast<double>(width);
  std::vector<double> sampled;
  for (std::size_t k = 0; k < static_cast<std::size_t>(16 * width) + 1; ++k) {
    const auto at = static_cast<std::size_t>(static_cast<double>(k) / (scale * step));
    if (at < kPoints) sampled.push_back(integral[at]);
  }
  std::reverse(sampled.begin(), sampled.end());
  WaveletKernel kernel{width, std::vector<double>(sampled.size() + 1), (sampled.size() - 2) / 2 + 1};
  for (std::size_t k = 0; k <= sampled.size(); ++k) {
    const double here = k < sampled.size() ? sampled[k] : 0;
    const double before = k > 0 ? sampled[k - 1] : 0;
    kernel.taps[k] = -std::sqrt(scale) * (here - before);
  }
  return kernel;
}

double Compute(std::span<const double> x, const WaveletKernel& kernel, std::size_t coefficient) {
  if (x.size() <= coefficient) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t reach = coefficient + kernel.centre;
  const std::size_t first = reach < kernel.taps.size() ? 0 : reach - kernel.taps.size() + 1;
  const std::size_t last = std::min(reach + 1, x.size());
  double part[4] = {};
  std::size_t t = first;
  for (; t + 4 <= last; t += 4) {
    for (std::size_t k = 0; k < 4; ++k) part[k] += x[t + k] * kernel.taps[reach - t - k];
  }
  for (; t < last; ++t) part[0] += x[t] * kernel.taps[reach - t];
  return (part[0] + part[1]) + (part[2] + part[3]);
}

std::vector<Parameters> DefaultGrid() {
  const std::vector<std::int64_t> widths = {2, 5, 10, 20};
  std::vector<Parameters> grid;
  for (std::int64_t coefficient = 0; coefficient < 15; ++coefficient) {
    for (const std::int64_t w : widths) grid.push_back({{"coeff", coefficient}, {"w", w}, {"widths", widths}});
  }
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  std::vector<WaveletKernel> kernels;
  for (Request& request : requests) {
    const auto known = std::find_if(kernels.begin(), kernels.end(),
                                    [&request](const WaveletKernel& kernel) { return kernel.width == request.width; });
    request.kernel = static_cast<std::size_t>(known - kernels.begin());
    if (known == kernels.end()) kernels.push_back(MakeKernel(request.width));
  }
  return Kernel([requests, kernels](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < requests.size(); ++i) {
      out[i] = Compute(series.values(), kernels[requests[i].kernel], requests[i].coefficient);
    }
  });
}

}  // namespace

extern const Calculator k_cwt_coefficients{
    .name = "cwt_coefficients",
    .doc =
        "Coefficient coeff of the wavelet transform (Mexican hat) at "
        "width w, one of widths: a bump of that width at that place",
    .presets = kEfficient | kComprehensive,
    .position = 50,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = {.error = 1e-12,
                  .unit = Unit::kNorm,
                  .reason = "the wavelet's weights sum to 0, so readings of one level cancel"}};

}  // namespace meterhound::features
