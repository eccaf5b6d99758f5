// bill_calendar: whether the months that bills say they cover are those that went by.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr double kDaysAMonth = 30.4375;
constexpr double kSlack = 40;        // days by which a reader may come early or late
constexpr std::size_t kRecent = 9;   // bills
constexpr std::size_t kLengths = 7;  // classes of months billed

constexpr std::array<std::string_view, 26> kNames = {
    "overlaps",  "overlap_days", "overlap_age", "unbilled",      "unbilled_days", "unbilled_age", "mean_slack",
    "irregular", "slack_1",      "slack_2",     "slack_3",       "billed_share",  "share_1",      "share_2",
    "share_4",   "share_8",      "share_12",    "share_longer",  "share_other",   "recent_1",     "recent_2",
    "recent_4",  "recent_8",     "recent_12",   "recent_longer", "recent_other"};

std::size_t LengthClass(double months) {
  constexpr std::array<double, 5> kUsual = {1, 2, 4, 8, 12};
  const auto usual = std::find(kUsual.begin(), kUsual.end(), months);
  if (usual != kUsual.end()) return static_cast<std::size_t>(usual - kUsual.begin());
  return months > 12 ? 5 : 6;
}

// The series holds the months that each bill covers. A bill's slack is the time since the one before less those months.
void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const auto months = series.values();
  const auto times = series.times();
  const auto missing = series.missing();
  const std::size_t n = series.size();
  if (n == 0) return;
  double classes[kLengths] = {};
  double recent[kLengths] = {};
  double count[2] = {};  // overlapping, unbilled
  double days[2] = {};
  double age[2] = {kUndefined, kUndefined};
  double slack_sum = 0;
  double billed = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (missing[i]) continue;
    const std::size_t length = LengthClass(months[i]);
    classes[length] += 1;
    if (n - i <= kRecent) recent[length] += 1;
    if (i == 0) continue;
    billed += months[i] * kDaysAMonth;
    const double slack = DaysBetween(times[i - 1], times[i]) - months[i] * kDaysAMonth;
    slack_sum += std::fabs(slack);
    if (n - i <= 3) out[7 + (n - i)] = slack;
    if (std::fabs(slack) <= kSlack) continue;
    const std::size_t side = slack < 0 ? 0 : 1;
    count[side] += 1;
    days[side] += slack;
    age[side] = DaysBetween(times[i], times.back());
  }
  for (std::size_t k = 0; k < kLengths; ++k) {
    out[12 + k] = classes[k] / static_cast<double>(n);
    out[12 + kLengths + k] = recent[k] / static_cast<double>(std::min(n, kRecent));
  }
  if (n < 2) return;
  const auto gaps = static_cast<double>(n - 1);
  for (std::size_t side = 0; side < 2; ++side) {
    out[3 * side] = count[side];
    out[3 * side + 1] = days[side];
    out[3 * side + 2] = age[side];
  }
  out[6] = slack_sum / gaps;
  out[7] = (count[0] + count[1]) / gaps;
  out[11] = RatioOf(billed, DaysBetween(times.front(), times.back()));
}

}  // namespace

extern const Calculator k_bill_calendar{.name = "bill_calendar",
                                        .doc =
                                            "Of the months that bills say they cover: bills for more than the time "
                                            "since the one before (overlaps) or for less "
                                            "(unbilled) by over 40 days, their days and the last one's age; slack of "
                                            "the last three; share of the time billed; "
                                            "shares of bills for 1, 2, 4, 8, 12 and other months, all and the last 9",
                                        .presets = kBills,
                                        .position = 1124,
                                        .cost = CostClass::kLinear,
                                        .default_grid = [] { return TextGrid("attr", kNames); },
                                        .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
