// Draws readings of any cadence as energy a day; rare spikes are cut and marked, so that they do not flatten the rest.
#include "report/load_curve.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "numerics/daily_rates.h"
#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

constexpr double kWidth = 920;
constexpr double kHeight = 250;
constexpr double kLeft = 52;
constexpr double kRight = 12;
constexpr double kTop = 22;
constexpr double kBottom = 28;
constexpr double kSmoothDays = 28;

using Points = std::vector<std::pair<double, double>>;

std::vector<numerics::Rate> RatesOf(const CaseSeries& series) {
  std::vector<numerics::Rate> rates;
  numerics::DailyRates({series.values, series.missing, series.times, series.cadence}, rates);
  return rates;
}

double SecondsPerUnit(Cadence cadence) { return HasCalendar(cadence) ? kSecondsPerDay : 1; }

double EndOf(const numerics::Rate& rate, Cadence cadence) { return rate.begin + rate.days * SecondsPerUnit(cadence); }

// Highest value worth a place on the axis: a little above the 99.5th percentile.
double Ceiling(const std::vector<numerics::Rate>& rates, const explain::Evidence& evidence) {
  std::vector<double> values;
  values.reserve(rates.size());
  for (const numerics::Rate& rate : rates) values.push_back(rate.per_day);
  const auto at = static_cast<std::ptrdiff_t>(0.995 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  double high = values[static_cast<std::size_t>(at)];
  if (evidence.change) high = std::max({high, evidence.change->before_per_day, evidence.change->after_per_day});
  return high > 0 ? high * 1.1 : 1;
}

// True when nothing was read for so long after this rate that joining it with the next would draw what nobody knows.
bool BreaksAfter(const numerics::Rate& rate, const numerics::Rate& next, Cadence cadence) {
  return next.begin - EndOf(rate, cadence) > 1.5 * SecondsPerUnit(cadence);
}

// Unbroken stretches of the curve; bills are drawn as steps over the days they cover.
std::vector<Points> Stretches(const std::vector<numerics::Rate>& rates, const Axis& x, const Axis& y, Cadence cadence) {
  std::vector<Points> stretches(1);
  for (std::size_t i = 0; i < rates.size(); ++i) {
    const double height = y.At(std::clamp(rates[i].per_day, y.low, y.high));
    const double begin = x.At(rates[i].begin);
    stretches.back().emplace_back(begin, height);
    if (rates[i].days > 1.5) stretches.back().emplace_back(x.At(EndOf(rates[i], cadence)), height);
    if (i + 1 < rates.size() && BreaksAfter(rates[i], rates[i + 1], cadence)) stretches.emplace_back();
  }
  return stretches;
}

// Mean over the four weeks around each rate, where at least a third of them was observed.
std::vector<Points> Smoothed(const std::vector<numerics::Rate>& rates, const Axis& x, const Axis& y, Cadence cadence) {
  const double half = kSmoothDays / 2 * SecondsPerUnit(cadence);
  std::vector<Points> stretches(1);
  std::size_t begin = 0;
  std::size_t end = 0;
  double sum = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    while (end < rates.size() && rates[end].begin <= rates[i].begin + half) sum += rates[end++].per_day;
    while (rates[begin].begin < rates[i].begin - half) sum -= rates[begin++].per_day;
    const auto count = static_cast<double>(end - begin);
    if (count >= kSmoothDays / 3) {
      stretches.back().emplace_back(x.At(rates[i].begin), y.At(std::clamp(sum / count, y.low, y.high)));
    }
    if (i + 1 < rates.size() && BreaksAfter(rates[i], rates[i + 1], cadence) && !stretches.back().empty()) {
      stretches.emplace_back();
    }
  }
  return stretches;
}

void DrawYears(Svg& svg, const Axis& x, Cadence cadence) {
  if (!HasCalendar(cadence)) {
    const double step = NiceStep(x.high - x.low, 8);
    for (double at = std::ceil(x.low / step) * step; at <= x.high; at += step) {
      svg.Text(x.At(at), kHeight - 8, Decimal(at, 0), "middle");
    }
    return;
  }
  const CivilDate first = CivilFromDays(DayOf(x.low));
  const CivilDate last = CivilFromDays(DayOf(x.high));
  const int months = (last.year - first.year) * 12 + last.month - first.month;
  const int step = months > 120 ? 24 : months > 60 ? 12 : months > 24 ? 6 : months > 8 ? 3 : 1;
  for (int month = first.year * 12 + first.month - 1; month <= last.year * 12 + last.month; ++month) {
    if (month % step != 0) continue;
    const CivilDate date{month / 12, month % 12 + 1, 1};
    const double at = static_cast<double>(DaysFromCivil(date)) * kSecondsPerDay;
    if (at < x.low || at > x.high) continue;
    svg.Line(x.At(at), kTop, x.At(at), kHeight - kBottom, "grid");
    if (x.At(at) < kWidth - 30) svg.Text(x.At(at) + 3, kHeight - 8, FormatDate(at).substr(0, 7));
  }
}

void DrawLevels(Svg& svg, const Axis& y, const Language& language) {
  const double step = NiceStep(y.high, 5);
  for (double level = 0; level <= y.high; level += step) {
    svg.Line(kLeft, y.At(level), kWidth - kRight, y.At(level), "grid");
    svg.Text(kLeft - 6, y.At(level) + 4, language.Significant(level), "end");
  }
}

void DrawChange(Svg& svg, const Case& one, const Axis& x, const Axis& y, const Language& language) {
  if (!one.evidence.change) return;
  const explain::LevelChange& change = *one.evidence.change;
  const double at = x.At(change.time);
  const double until = change.recovered ? x.At(*change.recovered) : x.pixel_high;
  svg.Rect(x.At(change.earliest), kTop, std::max(1.0, x.At(change.latest) - x.At(change.earliest)),
           kHeight - kTop - kBottom, "range");
  svg.Line(x.pixel_low, y.At(change.before_per_day), at, y.At(change.before_per_day), "level");
  svg.Line(at, y.At(change.after_per_day), until, y.At(change.after_per_day), "level");
  svg.Line(at, kTop, at, kHeight - kBottom, "change");
  const bool left = at > kWidth / 2;
  svg.Text(at + (left ? -5 : 5), kTop - 8,
           language.Text("curve.change", {{"date", language.Date(change.time, one.series.cadence)}}),
           left ? "end" : "start", "label strong");
}

void DrawGaps(Svg& svg, const Case& one, const Axis& x, const Language& language) {
  const Cadence cadence = one.series.cadence;
  for (const explain::Streak& gap : one.evidence.gaps) {
    const double begin = x.At(gap.begin);
    svg.Rect(begin, kTop, std::max(1.0, x.At(gap.end) - begin), kHeight - kTop - kBottom, "gap",
             language.Text("curve.gap",
                           {{"from", language.Date(gap.begin, cadence)}, {"to", language.Date(gap.end, cadence)}}));
  }
}

}  // namespace

std::string LoadCurve(const Case& one, const Language& language) {
  const std::vector<numerics::Rate> rates = RatesOf(one.series);
  if (rates.empty()) return "<p class=\"note\">" + Escape(language.Text("curve.none")) + "</p>";
  const Cadence cadence = one.series.cadence;
  const Axis x{one.series.times.front(), std::max(one.series.times.back(), EndOf(rates.back(), cadence)), kLeft,
               kWidth - kRight};
  double low = 0;
  for (const numerics::Rate& rate : rates) low = std::min(low, rate.per_day);
  const Axis y{low, Ceiling(rates, one.evidence), kHeight - kBottom, kTop};
  Svg svg(kWidth, kHeight, language.Text("curve.label"));
  DrawGaps(svg, one, x, language);
  DrawLevels(svg, y, language);
  DrawYears(svg, x, cadence);
  const bool dense = cadence != Cadence::kIrregular && static_cast<double>(rates.size()) > 3 * kSmoothDays;
  for (const Points& stretch : Stretches(rates, x, y, cadence)) {
    if (stretch.size() == 1) {
      svg.Circle(stretch[0].first, stretch[0].second, 1.2, "dot");
    } else {
      svg.Path(stretch, dense ? "reading" : "reading clear");
    }
  }
  if (dense) {
    for (const Points& stretch : Smoothed(rates, x, y, cadence)) svg.Path(stretch, "smooth");
  }
  for (const numerics::Rate& rate : rates) {
    if (rate.per_day <= y.high) continue;
    const double at = x.At(rate.begin);
    const Points tip = {{at - 4, kTop + 6}, {at, kTop}, {at + 4, kTop + 6}};
    svg.Path(tip, "cut", true);
  }
  DrawChange(svg, one, x, y, language);
  svg.Text(4, 12, language.Text(HasCalendar(cadence) ? "curve.a_day" : "curve.a_reading"));
  return std::move(svg).Finish();
}

std::string Sparkline(const Case& one, const Language& language) {
  constexpr double kSparkWidth = 150;
  constexpr double kSparkHeight = 26;
  constexpr std::size_t kBins = 75;
  const std::vector<numerics::Rate> rates = RatesOf(one.series);
  if (rates.empty()) return {};
  const Axis x{one.series.times.front(), one.series.times.back(), 1, kSparkWidth - 1};
  const Axis y{0, Ceiling(rates, one.evidence), kSparkHeight - 2, 2};
  std::vector<double> sum(kBins, 0);
  std::vector<double> count(kBins, 0);
  const Axis bin{x.low, x.high, 0, kBins - 0.001};
  for (const numerics::Rate& rate : rates) {
    const auto at = static_cast<std::size_t>(std::clamp(bin.At(rate.begin), 0.0, kBins - 1.0));
    sum[at] += rate.per_day;
    count[at] += 1;
  }
  Svg svg(kSparkWidth, kSparkHeight, language.Text("curve.use"));
  if (one.evidence.change) {
    svg.Line(x.At(one.evidence.change->time), 0, x.At(one.evidence.change->time), kSparkHeight, "change");
  }
  const bool bills = one.series.cadence == Cadence::kIrregular;  // far apart by nature: joined, not gaps
  std::vector<Points> stretches(1);
  for (std::size_t i = 0; i < kBins; ++i) {
    if (count[i] == 0) {
      if (!bills && !stretches.back().empty()) stretches.emplace_back();
      continue;
    }
    stretches.back().emplace_back(1 + (static_cast<double>(i) + 0.5) * (kSparkWidth - 2) / kBins,
                                  y.At(std::clamp(sum[i] / count[i], y.low, y.high)));
  }
  for (const Points& stretch : stretches) {
    if (stretch.size() == 1) svg.Circle(stretch[0].first, stretch[0].second, 1, "point");
    if (stretch.size() > 1) svg.Path(stretch, "smooth");
  }
  return std::move(svg).Finish();
}

}  // namespace meterhound::report
