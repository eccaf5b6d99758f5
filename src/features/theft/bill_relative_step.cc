// bill_relative_step: falls and rises from bill to bill, relative to their size.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 8> kNames = {
    "falls", "rises", "mean_absolute", "recent_mean_absolute", "largest_fall", "largest_rise", "fall_age", "rise_age"};

constexpr double kSharp = 0.7;  // a halving, or a doubling
constexpr std::size_t kRecent = 6;

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const BillReadings bills = ReadBillsOf(series);
  if (bills.size() < 2) return;
  double falls = 0, rises = 0, sum = 0, recent_sum = 0;
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  std::size_t lowest_at = 0, highest_at = 0;
  const std::size_t steps = bills.size() - 1;
  for (std::size_t i = 1; i <= steps; ++i) {
    const double step = ShiftedLog(bills.values[i]) - ShiftedLog(bills.values[i - 1]);
    falls += step < -kSharp ? 1 : 0;
    rises += step > kSharp ? 1 : 0;
    sum += std::abs(step);
    if (i + kRecent > steps) recent_sum += std::abs(step);
    if (step < lowest) lowest = step, lowest_at = i;
    if (step > highest) highest = step, highest_at = i;
  }
  out = {falls,
         rises,
         sum / static_cast<double>(steps),
         recent_sum / static_cast<double>(std::min(steps, kRecent)),
         lowest,
         highest,
         DaysBetween(bills.times[lowest_at], bills.last_time()),
         DaysBetween(bills.times[highest_at], bills.last_time())};
}

}  // namespace

extern const Calculator k_bill_relative_step{
    .name = "bill_relative_step",
    .doc =
        "Steps of ln(bill + 10): numbers of falls and rises beyond a factor of two, the largest and days "
        "since them, mean size, also of the last 6",
    .presets = kBills,
    .position = 1105,
    .cost = CostClass::kLinear,
    .default_grid = [] { return TextGrid("attr", kNames); },
    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
