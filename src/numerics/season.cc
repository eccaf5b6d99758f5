// Monthly means against a moving year.
#include "numerics/season.h"

#include <algorithm>
#include <numeric>

#include "base/calendar.h"

namespace meterhound::numerics {
namespace {

constexpr std::size_t kMostMonths = 600;
constexpr double kAgreement = 2;

// A season comes back: months differ from one another by more than the same month differs from year to year. Otherwise
// what looks like a season is a change of level that fell into some months.
bool YearsAgree(const std::array<std::vector<double>, 12>& ratios) {
  double within = 0;
  double between = 0;
  double pairs = 0;
  double months = 0;
  for (const auto& r : ratios) {
    if (r.empty()) continue;
    const double mean = std::accumulate(r.begin(), r.end(), 0.0) / static_cast<double>(r.size());
    between += (mean - 1) * (mean - 1);
    months += 1;
    for (const double ratio : r) within += (ratio - mean) * (ratio - mean);
    pairs += static_cast<double>(r.size()) - 1;
  }
  return pairs > 0 && between / months > kAgreement * within / pairs;
}

}  // namespace

double Season::At(double time) const {
  const auto month = static_cast<std::size_t>(CivilFromDays(DayOf(time)).month - 1);
  return factor[month];
}

Season EstimateSeason(std::span<const Rate> rates) {
  Season season{.factor = {}, .known = false};
  season.factor.fill(1);
  if (rates.empty()) return season;
  const std::int64_t first = MonthIndexOf(DayOf(rates.front().begin));
  const std::int64_t last = MonthIndexOf(DayOf(rates.back().begin));
  const auto months = static_cast<std::size_t>(last - first + 1);
  if (months < 24 || months > kMostMonths) return season;
  std::vector<double> sum(months, 0);
  std::vector<double> days(months, 0);
  for (const Rate& rate : rates) {
    const auto month = static_cast<std::size_t>(MonthIndexOf(DayOf(rate.begin)) - first);
    sum[month] += rate.per_day * rate.days;
    days[month] += rate.days;
  }
  std::array<std::vector<double>, 12> ratios;
  for (std::size_t month = 0; month < months; ++month) {
    if (days[month] <= 0) continue;
    const std::size_t begin = month >= 6 ? month - 6 : 0;
    const std::size_t end = std::min(months, begin + 12);
    double year = 0;
    double seen = 0;
    for (std::size_t other = begin; other < end; ++other) {
      if (days[other] <= 0) continue;
      year += sum[other] / days[other];
      seen += 1;
    }
    if (seen < 8 || year <= 0) continue;
    const auto calendar = static_cast<std::size_t>(((first + static_cast<std::int64_t>(month)) % 12 + 12) % 12);
    ratios[calendar].push_back(sum[month] / days[month] / (year / seen));
  }
  if (!YearsAgree(ratios)) return season;
  const auto known = std::count_if(ratios.begin(), ratios.end(), [](const auto& r) { return !r.empty(); });
  if (known < 10) return season;
  double total = 0;
  for (std::size_t calendar = 0; calendar < 12; ++calendar) {
    auto& r = ratios[calendar];
    if (!r.empty()) {
      std::nth_element(r.begin(), r.begin() + static_cast<std::ptrdiff_t>(r.size() / 2), r.end());
      season.factor[calendar] = std::clamp(r[r.size() / 2], 0.25, 4.0);
    }
    total += season.factor[calendar];
  }
  for (double& factor : season.factor) factor *= 12 / total;
  season.known = true;
  return season;
}

}  // namespace meterhound::numerics
