// sudden_drop: the strongest lasting change of level (numerics/change_point.h).
#include <algorithm>
#include <array>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/change_point.h"
namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 6> kStats = {"ratio",       "strength",      "place",
                                                    "since_share", "missing_share", "signed_strength"};

void Compute(SeriesContext& series, std::span<double> all) {
  const auto x = series.values();
  const auto missing = series.missing();
  const auto seen = series.Scratch(0, x.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (missing[i] == 0) seen[count++] = x[i];
  }
  const auto observed = seen.first(count);
  const std::size_t least = std::max<std::size_t>(count < 60 ? 3 : 14, count / 30);
  const auto change = numerics::FindChangePoint(observed, least);
  if (!change) return;
  const auto n = static_cast<double>(count);
  const auto at = static_cast<double>(change->at);
  const bool drop = change->after < change->before;
  if (change->before > 0) all[0] = change->after / change->before;
  all[1] = change->strength;
  all[2] = at / n;
  all[3] = drop ? 1 - at / n : 0;
  // Energy that the old level would have metered since, as a share of all it would have metered.
  if (change->before > 0) all[4] = std::max(0.0, (change->before - change->after) * (n - at) / (change->before * n));
  all[5] = drop ? -change->strength : change->strength;
}

std::vector<Parameters> DefaultGrid() { return StatGrid(kStats); }
Result<Kernel> Bind(std::span<const Parameters> grid) { return BindStats(grid, kStats, &Compute); }

}  // namespace

extern const Calculator k_sudden_drop{.name = "sudden_drop",
                                      .doc =
                                          "The split of the existing readings into two levels that differ most: "
                                          "level after over before, strength in standard errors (signed: below "
                                          "0 for a drop), place, share of time since a drop, share of energy "
                                          "missed by it",
                                      .presets = kTheft,
                                      .position = 1001,
                                      .cost = CostClass::kSort,
                                      .default_grid = &DefaultGrid,
                                      .bind = &Bind};

}  // namespace meterhound::features
