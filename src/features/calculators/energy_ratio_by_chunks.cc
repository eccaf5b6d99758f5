// energy_ratio_by_chunks: each tenth's share of the energy.
#include <algorithm>
#include <limits>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Segment {
  std::size_t segments;
  std::size_t focus;
};

double Compute(SeriesContext& series, const Segment& segment) {
  const auto x = series.values();
  const auto energy = [&](std::size_t begin, std::size_t end) {
    return numerics::PairwiseSum(end - begin, [&](std::size_t i) { return x[begin + i] * x[begin + i]; });
  };
  const double total = energy(0, x.size());
  if (total == 0) return kNaN;
  // numpy.array_split: the first n % segments segments hold one more.
  const std::size_t size = x.size() / segment.segments;
  const std::size_t longer = x.size() % segment.segments;
  const auto start = [&](std::size_t k) { return k * size + std::min(k, longer); };
  return energy(start(segment.focus), start(segment.focus + 1)) / total;
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (std::int64_t focus = 0; focus < 10; ++focus) {
    grid.push_back({{"num_segments", std::int64_t{10}}, {"segment_focus", focus}});
  }
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  std::vector<Segment> all;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t segments, GetInt(parameters, "num_segments"));
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t focus, GetInt(parameters, "segment_focus"));
    if (segments < 1 || focus < 0 || focus >= segments) {
      return InvalidInput("segment_focus must lie in 0 ... num_segments - 1");
    }
    all.push_back({static_cast<std::size_t>(segments), static_cast<std::size_t>(focus)});
  }
  return Kernel([all](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < all.size(); ++i) out[i] = Compute(series, all[i]);
  });
}

}  // namespace

extern const Calculator k_energy_ratio_by_chunks{
    .name = "energy_ratio_by_chunks",
    .doc =
        "Share of the sum of squares that lies in part segment_focus of num_segments equal parts: when energy "
        "was used",
    .presets = kEfficient | kComprehensive,
    .position = 65,
    .cost = CostClass::kLinear,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = {.error = 1e-14}};

}  // namespace meterhound::features
