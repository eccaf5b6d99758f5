// A table of patterns; `{name}` stands for a parameter's value.
#include "explain/titles.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meterhound::explain {
namespace {

struct Title {
  std::string_view calculator;
  std::string_view pattern;
};

constexpr std::array kTitles = {
    Title{"abs_energy", "sum of squared readings"},
    Title{"absolute_maximum", "largest reading (absolute)"},
    Title{"absolute_sum_of_changes", "total up and down"},
    Title{"agg_autocorrelation", "{f_agg} likeness to earlier readings (up to lag {maxlag})"},
    Title{"agg_linear_trend", "trend of {f_agg} over blocks of {chunk_len} ({attr})"},
    Title{"approximate_entropy", "irregularity (r {r})"},
    Title{"ar_coefficient", "dependence on the reading {coeff} before"},
    Title{"augmented_dickey_fuller", "steadiness of the level ({attr})"},
    Title{"autocorrelation", "likeness to readings {lag} before"},
    Title{"benford_correlation", "first digits as in natural numbers"},
    Title{"binned_entropy", "evenness of the distribution"},
    Title{"c3", "non-linearity at lag {lag}"},
    Title{"change_quantiles", "{f_agg} change between the {ql} and {qh} quantiles"},
    Title{"cid_ce", "complexity of the curve"},
    Title{"count_above", "share of readings of at least {t}"},
    Title{"count_above_mean", "readings above the mean"},
    Title{"count_below", "share of readings of at most {t}"},
    Title{"count_below_mean", "readings below the mean"},
    Title{"cwt_coefficients", "early shape at scale {w} (coefficient {coeff})"},
    Title{"energy_ratio_by_chunks", "share of use in tenth {segment_focus} of the time"},
    Title{"fft_aggregated", "spectrum: {aggtype}"},
    Title{"fft_coefficient", "cycle {coeff} of the whole span ({attr})"},
    Title{"first_location_of_maximum", "when the highest reading first came"},
    Title{"first_location_of_minimum", "when the lowest reading first came"},
    Title{"fourier_entropy", "spread over rhythms"},
    Title{"friedrich_coefficients", "drift coefficient {coeff}"},
    Title{"index_mass_quantile", "when {q} of all use had passed"},
    Title{"kurtosis", "weight of extreme readings"},
    Title{"large_standard_deviation", "spread above {r} of the range"},
    Title{"last_location_of_maximum", "when the highest reading last came"},
    Title{"last_location_of_minimum", "when the lowest reading last came"},
    Title{"lempel_ziv_complexity", "variety of patterns"},
    Title{"length", "number of readings"},
    Title{"linear_trend", "trend over the whole time ({attr})"},
    Title{"longest_strike_above_mean", "longest stay above the mean"},
    Title{"longest_strike_below_mean", "longest stay below the mean"},
    Title{"max_langevin_fixed_point", "resting level"},
    Title{"maximum", "highest reading"},
    Title{"mean", "mean reading"},
    Title{"mean_abs_change", "mean change from reading to reading"},
    Title{"mean_change", "overall change"},
    Title{"mean_n_absolute_max", "mean of the {number_of_maxima} highest readings"},
    Title{"mean_second_derivative_central", "curvature"},
    Title{"median", "median reading"},
    Title{"minimum", "lowest reading"},
    Title{"number_crossing_m", "crossings of level {m}"},
    Title{"number_cwt_peaks", "number of broad peaks (width {n})"},
    Title{"number_peaks", "number of peaks ({n} neighbours)"},
    Title{"partial_autocorrelation", "own effect of the reading {lag} before"},
    Title{"percentage_of_reoccurring_datapoints_to_all_datapoints", "share of readings that repeat"},
    Title{"percentage_of_reoccurring_values_to_all_values", "share of values that repeat"},
    Title{"permutation_entropy", "irregularity of order ({dimension} readings)"},
    Title{"quantile", "{q} quantile of readings"},
    Title{"range_count", "readings from {min} to {max}"},
    Title{"ratio_beyond_r_sigma", "share of readings beyond {r} standard deviations"},
    Title{"ratio_value_number_to_time_series_length", "share of different values"},
    Title{"root_mean_square", "root mean square reading"},
    Title{"sample_entropy", "irregularity"},
    Title{"skewness", "lopsidedness of the readings"},
    Title{"spkt_welch_density", "strength of rhythm {coeff}"},
    Title{"standard_deviation", "spread of the readings"},
    Title{"sum_of_reoccurring_data_points", "use in readings that repeat"},
    Title{"sum_of_reoccurring_values", "sum of values that repeat"},
    Title{"sum_values", "total use"},
    Title{"symmetry_looking", "mean and median apart by under {r} of the range"},
    Title{"time_reversal_asymmetry_statistic", "asymmetry in time at lag {lag}"},
    Title{"value_count", "readings of exactly {value}"},
    Title{"variance", "variance of the readings"},
    Title{"variation_coefficient", "spread relative to the mean"},
    // ours
    Title{"clipped_peaks", "readings at the ceiling: {stat}"},
    Title{"first_last_observation", "span of the record: {stat}"},
    Title{"level_and_spread", "level and spread: {stat}"},
    Title{"longest_plateau", "same reading repeated: {stat}"},
    Title{"low_months", "months of low use: {stat}"},
    Title{"missing_profile", "missing readings {stat} months before the end"},
    Title{"missing_runs", "gaps in the readings: {stat}"},
    Title{"monthly_profile", "use {stat} months before the end, relative to the mean"},
    Title{"recovery_after_drop", "return after the lowest time: {stat}"},
    Title{"seasonality", "summer against winter: {stat}"},
    Title{"slope", "trend: {stat}"},
    Title{"sudden_drop", "sudden change of level: {stat}"},
    Title{"weekday_disruption", "weekly rhythm: {stat}"},
    Title{"year_over_year", "use against the year before: {stat}"},
    Title{"day_shape", "shape of the day: {stat}"},
    Title{"on_off_switching", "switching between use and none: {stat}"},
    Title{"zero_streaks", "zero readings: {stat}"},
    Title{"neighbour_thefts", "thefts found among those read on the same days: {stat}"},
    // bills
    Title{"bill_calendar", "months billed against months gone by: {attr}"},
    Title{"bill_change_point", "largest change of level: {attr}"},
    Title{"bill_changes", "changes from bill to bill: {attr}"},
    Title{"bill_count", "number of bills"},
    Title{"bill_count_of_year", "bills in {year}"},
    Title{"bill_dates", "date of the {attr} bill"},
    Title{"bill_days_back", "days from the bill {k} before the last to the last"},
    Title{"bill_event", "when it last happened ({attr})"},
    Title{"bill_extreme_age", "bills since the {attr}"},
    Title{"bill_gap", "days between bills: {attr}"},
    Title{"bill_last_value", "bill {k} before the last"},
    Title{"bill_mean_of_year", "mean in {year}"},
    Title{"bill_quarter_ratio", "mean in quarter {quarter} over the mean of all"},
    Title{"bill_recent_deviation", "spread of the last {k} bills"},
    Title{"bill_recent_ratio", "last {k} bills over those before"},
    Title{"bill_relative_step", "steps by more than a factor of two: {attr}"},
    Title{"bill_repeats", "equal bills: {attr}"},
    Title{"bill_seasonal_residual", "apart from the season: {attr}"},
    Title{"bill_statistic", "{attr} over all bills"},
    Title{"bill_step", "step from bill to bill: {attr}"},
    Title{"bill_trend", "trend over the bills ({attr})"},
    Title{"bill_year_mean", "mean of the year {k} before the last bill's"},
    Title{"bill_year_on_year", "against the same time a year before: {attr}"},
    Title{"bill_year_ratio", "year {k} before the last over the year before it"},
    Title{"bill_zeros", "zero bills: {attr}"},
};

}  // namespace

std::vector<std::string> SplitColumnName(const std::string& name) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = name.find("__", begin);
    parts.push_back(name.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 2;
  }
}

std::string Readable(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string CalculatorTitle(const std::string& calculator,
                            const std::vector<std::pair<std::string, std::string>>& parameters) {
  const auto* const found =
      std::find_if(kTitles.begin(), kTitles.end(), [&](const Title& title) { return title.calculator == calculator; });
  if (found == kTitles.end()) {
    std::string title = Readable(calculator);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      title += (i == 0 ? " (" : ", ") + Readable(parameters[i].first) + " " + Readable(parameters[i].second);
    }
    return parameters.empty() ? title : title + ")";
  }
  std::string title(found->pattern);
  for (const auto& [name, value] : parameters) {
    const std::string mark = "{" + name + "}";
    if (const std::size_t at = title.find(mark); at != std::string::npos)
      title.replace(at, mark.size(), Readable(value));
  }
  return title;
}

}  // namespace meterhound::explain
