// pocketfft (the code NumPy and SciPy run) behind plans that are kept per thread.
#include "numerics/fourier.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#define POCKETFFT_NO_MULTITHREADING
#include <pocketfft_hdronly.h>

#include "numerics/summation.h"

namespace meterhound::numerics {
namespace {

// Ragged panels have few different lengths; more than this many plans are not worth their memory.
constexpr std::size_t kPlansKept = 16;

struct Plan {
  explicit Plan(std::size_t length) : transform(length), buffer(length) {}
  pocketfft::detail::pocketfft_r<double> transform;
  std::vector<double> buffer;
};

Plan& PlanFor(std::size_t length) {
  thread_local std::vector<std::unique_ptr<Plan>> plans;
  const auto found =
      std::find_if(plans.begin(), plans.end(), [length](const auto& plan) { return plan->buffer.size() == length; });
  if (found != plans.end()) {
    std::rotate(plans.begin(), found, found + 1);  // most recently used first
    return *plans.front();
  }
  if (plans.size() == kPlansKept) plans.pop_back();
  plans.insert(plans.begin(), std::make_unique<Plan>(length));
  return *plans.front();
}

// The periodic Hann window, scaled so that squared magnitudes are a density.
std::span<const double> ScaledHann(std::size_t length) {
  thread_local std::vector<double> window;
  if (window.size() == length) return window;
  window.resize(length);
  for (std::size_t i = 0; i < length; ++i) {
    const double phase =
        static_cast<double>(i) * (2 * std::numbers::pi / static_cast<double>(length)) - std::numbers::pi;
    window[i] = length == 1 ? 1.0 : 0.5 + 0.5 * std::cos(phase);
  }
  double energy = 0;
  for (const double w : window) energy += w * w;
  const double factor = 1 / std::sqrt(energy);  // SciPy multiplies; the last bit decides some of fourier_entropy's bins
  for (double& w : window) w *= factor;
  return window;
}

}  // namespace

void RealFourier(std::span<const double> values, std::span<std::complex<double>> spectrum) {
  const std::size_t n = values.size();
  if (n == 0) return;
  Plan& plan = PlanFor(n);
  std::vector<double>& buffer = plan.buffer;
  std::copy(values.begin(), values.end(), buffer.begin());
  plan.transform.exec(buffer.data(), 1.0, true);
  // The plan leaves r0, r1, i1, r2, i2, ... and, for an even length, the real last bin.
  spectrum[0] = buffer[0];
  for (std::size_t k = 1; 2 * k < n; ++k) spectrum[k] = {buffer[2 * k - 1], buffer[2 * k]};
  if (n % 2 == 0) spectrum[n / 2] = buffer[n - 1];
}

void WelchDensity(std::span<const double> values, std::size_t segment, std::span<double> density) {
  thread_local std::vector<double> piece;
  thread_local std::vector<std::complex<double>> spectrum;
  const std::size_t bins = segment / 2 + 1;
  const std::span<const double> window = ScaledHann(segment);
  const std::size_t overlap = segment / 2;
  const std::size_t hop = segment - overlap;
  const std::size_t segments = (values.size() - overlap) / hop;
  piece.resize(segment);
  spectrum.resize(bins);
  std::fill(density.begin(), density.end(), 0.0);
  for (std::size_t s = 0; s < segments; ++s) {
    const auto part = values.subspan(s * hop, segment);
    const double mean = PairwiseSum(part) / static_cast<double>(segment);
    for (std::size_t i = 0; i < segment; ++i) piece[i] = (part[i] - mean) * window[i];
    RealFourier(piece, spectrum);
    for (std::size_t k = 0; k < bins; ++k) {
      density[k] += spectrum[k].real() * spectrum[k].real() + spectrum[k].imag() * spectrum[k].imag();
    }
  }
  const std::size_t last_doubled = segment % 2 == 0 ? bins - 1 : bins;  // DC and Nyquist stand for one frequency alone
  for (std::size_t k = 0; k < bins; ++k) {
    const double sides = k > 0 && k < last_doubled ? 2 : 1;
    density[k] = sides * density[k] / static_cast<double>(segments);
  }
}

}  // namespace meterhound::numerics
