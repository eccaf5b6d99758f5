// bill_change_point: the date that splits the bills into two levels.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"fall", "fall_age", "rise", "rise_age", "score", "score_age"};

constexpr std::size_t kFewest = 3;
constexpr double kRounding = 1e-12;  // of splits as good, the first

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const BillReadings bills = ReadBillsOf(series);
  if (bills.size() < 2 * kFewest) return;
  const auto count = static_cast<double>(bills.size());
  const double total = MeanOf(bills.values) * count;
  const double deviation = DeviationOf(bills.values);
  double fall = 0, rise = 0, score = 0;
  std::size_t fall_at = 0, rise_at = 0, score_at = 0;
  double before = 0;
  for (std::size_t i = 1; i + kFewest <= bills.size(); ++i) {
    before += bills.values[i - 1];
    if (i < kFewest) continue;
    const auto left = static_cast<double>(i);
    const double mean_before = before / left;
    const double mean_after = (total - before) / (count - left);
    const double change = ShiftedLog(mean_after) - ShiftedLog(mean_before);
    const double standard =
        deviation > 0 ? std::abs(mean_after - mean_before) / deviation * std::sqrt(left * (count - left) / count) : 0;
    if (change < fall - kRounding) fall = change, fall_at = i;
    if (change > rise + kRounding) rise = change, rise_at = i;
    if (standard > score + kRounding) score = standard, score_at = i;
  }
  const auto age = [&bills](std::size_t at) {
    return at > 0 ? DaysBetween(bills.times[at], bills.last_time()) : kUndefined;
  };
  out = {fall, age(fall_at), rise, age(rise_at), score, age(score_at)};
}

}  // namespace

extern const Calculator k_bill_change_point{
    .name = "bill_change_point",
    .doc =
        "The splits into bills before and after, 3 at least, with the largest fall and rise of the mean's "
        "ln(x + 10) and the largest standardised difference; days since each",
    .presets = kBills,
    .position = 1117,
    .cost = CostClass::kLinear,
    .default_grid = [] { return TextGrid("attr", kNames); },
    .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
