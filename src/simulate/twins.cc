// Each twin as what it does to daily energy.
#include "simulate/twins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace meterhound::simulate {
namespace {

constexpr std::array<std::string_view, kTwins> kNames = {
    "vacancy", "moving_out", "solar_panels", "meter_exchange", "seasonal_closing", "low_use_tenant", "saving"};

// 0 in midwinter, 1 in midsummer of the northern hemisphere.
double Summer(std::int64_t day) {
  return 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(day - 10) / 365.25);
}

std::size_t Days(double low, double high, numerics::Random& random) {
  return static_cast<std::size_t>(random.Uniform(low, high));
}

}  // namespace

std::string_view TwinName(Twin twin) { return kNames[static_cast<std::size_t>(twin)]; }

TwinSpan ApplyTwin(Twin twin, std::span<double> x, std::int64_t first_day, std::size_t start,
                   numerics::Random& random) {
  TwinSpan span{.start = start, .stop = x.size()};
  const auto scale = [&](std::size_t begin, std::size_t end, double factor) {
    for (std::size_t i = begin; i < std::min(end, x.size()); ++i) x[i] *= factor;
  };
  switch (twin) {
    case Twin::kVacancy:
      span.stop = std::min(x.size(), start + Days(30, 240, random));
      scale(start, span.stop, random.Bernoulli(0.5) ? 0 : random.Uniform(0.03, 0.15));
      break;
    case Twin::kMovingOut: {
      const std::size_t back = std::min(x.size(), start + Days(10, 150, random));
      scale(start, back, 0);
      scale(back, x.size(), random.Uniform(0.4, 1.4));
      break;
    }
    case Twin::kSolarPanels: {
      const double size = random.Uniform(0.3, 0.8);
      for (std::size_t i = start; i < x.size(); ++i) {
        const double sun = random.Uniform(0.3, 1) * (0.25 + 0.75 * Summer(first_day + static_cast<std::int64_t>(i)));
        x[i] *= std::max(0.08, 1 - size * sun);
      }
      break;
    }
    case Twin::kMeterExchange: {
      const std::size_t back = std::min(x.size(), start + Days(3, 25, random));
      for (std::size_t i = start; i < back; ++i) x[i] = std::numeric_limits<double>::quiet_NaN();
      scale(back, x.size(), random.Uniform(0.85, 1.12));
      break;
    }
    case Twin::kSeasonalClosing: {
      const bool in_winter = random.Bernoulli(0.6);
      const double left = random.Uniform(0, 0.1);
      span.start = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double summer = Summer(first_day + static_cast<std::int64_t>(i));
        if (in_winter ? summer < 0.3 : summer > 0.7) x[i] *= left;
      }
      break;
    }
    case Twin::kLowUseTenant:
      scale(start, x.size(), random.Uniform(0.2, 0.6));
      break;
    case Twin::kSaving: {
      const double kept = random.Uniform(0.65, 0.9);
      for (std::size_t i = start; i < x.size(); ++i) {
        x[i] *= 1 - (1 - kept) * std::min(1.0, static_cast<double>(i - start + 1) / 120);
      }
      break;
    }
  }
  return span;
}

}  // namespace meterhound::simulate
