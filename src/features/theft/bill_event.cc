// bill_event: when something last happened: a meter exchanged, an index broken off.
#include "features/theft/bill_readings.h"

namespace meterhound::features {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"count", "share", "bills_since", "days_since", "date"};

void Compute(SeriesContext& series, std::array<double, kNames.size()>& out) {
  const BillReadings bills = ReadBillsOf(series);
  if (bills.size() == 0) return;
  double events = 0;
  for (const double value : bills.values) events += value != 0 ? 1 : 0;
  out[0] = events;
  out[1] = events / static_cast<double>(bills.size());
  for (std::size_t i = bills.size(); i-- > 0;) {
    if (bills.values[i] == 0) continue;
    out[2] = static_cast<double>(bills.size() - 1 - i);
    out[3] = DaysBetween(bills.times[i], bills.last_time());
    out[4] = bills.times[i] / kSecondsPerDay;
    return;
  }
}

}  // namespace

extern const Calculator k_bill_event{.name = "bill_event",
                                     .doc =
                                         "Bills with a value other than 0: their number and share; bills and days "
                                         "since the latest; its date in days since 1970",
                                     .presets = kBills,
                                     .position = 1118,
                                     .cost = CostClass::kLinear,
                                     .default_grid = [] { return TextGrid("attr", kNames); },
                                     .bind = BindAttributes<kNames, &Compute>};

}  // namespace meterhound::features
