// What the calculators for bills share: the bills that were read, and grids of one parameter.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "base/calendar.h"
#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {

inline constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// A series without its missing bills, so that what a gap was filled with counts for nothing.
struct BillReadings {
  std::span<const double> values;
  std::span<const double> times;
  std::size_t size() const { return values.size(); }
  double last_time() const { return times.back(); }
};

/// Views of the series, or of scratch slots 6 and 7 where some bills are missing.
inline BillReadings ReadBillsOf(SeriesContext& series) {
  const auto missing = series.missing();
  const auto count = static_cast<std::size_t>(std::count(missing.begin(), missing.end(), std::uint8_t{0}));
  if (count == series.size()) return {series.values(), series.times()};
  const auto values = series.Scratch(6, count);
  const auto times = series.Scratch(7, count);
  for (std::size_t i = 0, to = 0; i < series.size(); ++i) {
    if (missing[i]) continue;
    values[to] = series.values()[i];
    times[to++] = series.times()[i];
  }
  return {values, times};
}

inline double MeanOf(std::span<const double> values) {
  if (values.empty()) return kUndefined;
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

inline double DeviationOf(std::span<const double> values) {
  // The mean of equal values may differ from them in the last digit.
  if (!values.empty() && std::ranges::all_of(values, [&](double value) { return value == values.front(); })) return 0;
  const double mean = MeanOf(values);
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return values.empty() ? kUndefined : std::sqrt(sum / static_cast<double>(values.size()));
}

inline double RatioOf(double a, double b) { return b != 0 ? a / b : kUndefined; }

inline double DaysBetween(double earlier, double later) { return (later - earlier) / kSecondsPerDay; }

/// The logarithm of a consumption, shifted by 10 units so that bills near zero do not swamp all others.
inline double ShiftedLog(double value) { return std::log(std::max(value, 0.0) + 10.0); }

/// One dictionary for each text: {attr: "mean"}, {attr: "minimum"}, ...
template <std::size_t N>
std::vector<Parameters> TextGrid(std::string_view parameter, const std::array<std::string_view, N>& texts) {
  std::vector<Parameters> grid;
  grid.reserve(N);
  for (const std::string_view text : texts) grid.push_back({{std::string(parameter), std::string(text)}});
  return grid;
}

inline std::vector<Parameters> CountGrid(std::string_view parameter, std::initializer_list<std::int64_t> counts) {
  std::vector<Parameters> grid;
  grid.reserve(counts.size());
  for (const std::int64_t count : counts) grid.push_back({{std::string(parameter), count}});
  return grid;
}

/// A calculator with one text parameter `attr`: Compute fills one value for each of Names, the kernel picks those asked
/// for.
template <const auto& Names, auto Compute>
Result<Kernel> BindAttributes(std::span<const Parameters> grid) {
  std::vector<std::size_t> picks;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "attr"));
    const auto found = std::find(Names.begin(), Names.end(), name);
    if (found == Names.end() || parameters.size() != 1) {
      std::string expected;
      for (const std::string_view each : Names) expected += (expected.empty() ? "" : ", ") + std::string(each);
      return InvalidInput("takes one parameter 'attr', one of " + expected + "; found '" + name + "'");
    }
    picks.push_back(static_cast<std::size_t>(found - Names.begin()));
  }
  return Kernel([picks = std::move(picks)](SeriesContext& series, std::span<double> out) {
    std::array<double, std::tuple_size_v<std::remove_cvref_t<decltype(Names)>>> all;
    all.fill(kUndefined);
    Compute(series, all);
    for (std::size_t i = 0; i < picks.size(); ++i) out[i] = all[picks[i]];
  });
}

/// A calculator with one whole-number parameter: Compute(bills, number) for each of the grid. DatesAlone: over all
/// bills, with a value or without.
template <const auto& Parameter, std::int64_t Low, std::int64_t High, auto Compute, bool DatesAlone = false>
Result<Kernel> BindCounts(std::span<const Parameters> grid) {
  std::vector<std::int64_t> numbers;
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t number, GetInt(parameters, Parameter));
    if (number < Low || number > High || parameters.size() != 1) {
      return InvalidInput("takes one parameter '" + std::string(Parameter) + "' from " + std::to_string(Low) + " to " +
                          std::to_string(High) + "; found " + std::to_string(number));
    }
    numbers.push_back(number);
  }
  return Kernel([numbers = std::move(numbers)](SeriesContext& series, std::span<double> out) {
    const BillReadings bills = DatesAlone ? BillReadings{series.values(), series.times()} : ReadBillsOf(series);
    for (std::size_t i = 0; i < numbers.size(); ++i) out[i] = Compute(bills, numbers[i]);
  });
}

/// The same over all bills, with a value or without: only their dates matter.
template <const auto& Parameter, std::int64_t Low, std::int64_t High, auto Compute>
Result<Kernel> BindDates(std::span<const Parameters> grid) {
  return BindCounts<Parameter, Low, High, Compute, true>(grid);
}

}  // namespace meterhound::features
