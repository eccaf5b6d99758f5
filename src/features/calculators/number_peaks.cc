// number_peaks: values higher than all their n neighbours on either side.
#include <algorithm>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

Result<std::size_t> ReadSupport(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t n, GetInt(parameters, "n"));
  if (n < 1) return InvalidInput("parameter 'n': expected 1 or more");
  return static_cast<std::size_t>(n);
}

// Positions higher than both neighbours; returns how many.
std::size_t FindPeaks(std::span<const double> x, std::span<std::uint32_t> peaks) {
  std::size_t found = 0;
  for (std::size_t i = 1; i + 1 < x.size(); ++i) {
    peaks[found] = static_cast<std::uint32_t>(i);
    found += (x[i] > x[i - 1] ? 1 : 0) & (x[i] > x[i + 1] ? 1 : 0);  // not a branch: nobody could foretell it
  }
  return found;
}

// How many neighbours on either side a peak is higher than, counting up to `most`.
std::size_t Support(std::span<const double> x, std::size_t peak, std::size_t most) {
  const std::size_t limit = std::min({most, peak, x.size() - 1 - peak});
  std::size_t k = 1;
  while (k < limit && x[peak] > x[peak - k - 1] && x[peak] > x[peak + k + 1]) ++k;
  return k;
}

std::vector<Parameters> DefaultGrid() { return OneParameterGrid("n", {1, 3, 5, 10, 50}); }

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> supports, ReadGrid<&ReadSupport>(grid));
  const std::size_t most = supports.empty() ? 1 : *std::max_element(supports.begin(), supports.end());
  return Kernel([supports, most](SeriesContext& series, std::span<double> out) {
    const auto x = series.values();
    const auto peaks = series.Counts(0, x.size());
    const auto found = peaks.first(FindPeaks(x, peaks));
    for (std::uint32_t& peak : found) peak = static_cast<std::uint32_t>(Support(x, peak, most));
    for (std::size_t i = 0; i < supports.size(); ++i) {
      out[i] = static_cast<double>(
          std::count_if(found.begin(), found.end(), [n = supports[i]](std::uint32_t support) { return support >= n; }));
    }
  });
}

}  // namespace

extern const Calculator k_number_peaks{.name = "number_peaks",
                                       .doc = "Number of readings higher than their n neighbours on either side",
                                       .presets = kEfficient | kComprehensive,
                                       .position = 47,
                                       .cost = CostClass::kLinear,
                                       .default_grid = &DefaultGrid,
                                       .bind = &Bind,
                                       .tolerance = kExact};

}  // namespace meterhound::features
