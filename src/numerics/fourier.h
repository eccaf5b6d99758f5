// The discrete Fourier transform of real series, and Welch's spectral density made of it.
#pragma once

#include <complex>
#include <cstddef>
#include <span>

namespace meterhound::numerics {

/// numpy.fft.rfft: spectrum[k] = sum of values[t] * exp(-2 pi i k t / n) for k = 0 ... n / 2.
/// @param spectrum values.size() / 2 + 1 bins. Nothing is written for an empty series.
void RealFourier(std::span<const double> values, std::span<std::complex<double>> spectrum);

/// scipy.signal.welch with its defaults: periodic Hann window, segments that overlap by half, the mean of each removed,
/// one-sided density per unit frequency at a sampling rate of 1, mean over segments.
/// @param segment length of a segment, 1 ... values.size(). @param density segment / 2 + 1 bins.
void WelchDensity(std::span<const double> values, std::size_t segment, std::span<double> density);

}  // namespace meterhound::numerics
