// Draws what was found in a file of readings.
#include "report/quality_page.h"

#include <algorithm>
#include <cmath>

#include "report/page_style.h"
#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

constexpr double kWidth = 460;
constexpr double kHeight = 220;
constexpr double kLeft = 52;
constexpr double kRight = 10;
constexpr double kTop = 14;
constexpr double kBottom = 40;
constexpr std::size_t kBins = 40;

struct Bars {
  std::vector<double> heights;
  std::string x_low;
  std::string x_high;
  std::string x_name;
  bool percent = false;
};

std::string Draw(const Bars& bars, std::string_view label) {
  Svg svg(kWidth, kHeight, label);
  double high = bars.percent ? 0.01 : 1;
  for (const double height : bars.heights) high = std::max(high, height);
  const double step = NiceStep(high, 4);
  high = std::ceil(high / step) * step;
  const Axis y{0, high, kHeight - kBottom, kTop};
  for (double level = 0; level <= high * 1.0001; level += step) {
    svg.Line(kLeft, y.At(level), kWidth - kRight, y.At(level), "grid");
    svg.Text(kLeft - 6, y.At(level) + 4, bars.percent ? Decimal(100 * level, 0) + " %" : Significant(level), "end");
  }
  const Axis x{0, static_cast<double>(bars.heights.size()), kLeft, kWidth - kRight};
  for (std::size_t i = 0; i < bars.heights.size(); ++i) {
    const double begin = x.At(static_cast<double>(i));
    svg.Rect(begin + 0.5, y.At(bars.heights[i]), x.At(static_cast<double>(i + 1)) - begin - 1,
             kHeight - kBottom - y.At(bars.heights[i]), "bar");
  }
  svg.Text(kLeft, kHeight - kBottom + 15, bars.x_low);
  svg.Text(kWidth - kRight, kHeight - kBottom + 15, bars.x_high, "end");
  svg.Text((kLeft + kWidth - kRight) / 2, kHeight - 6, bars.x_name, "middle");
  return std::move(svg).Finish();
}

std::vector<double> Histogram(const std::vector<double>& values, double low, double high) {
  std::vector<double> bins(kBins, 0);
  for (const double value : values) {
    if (!std::isfinite(value) || !(high > low)) continue;
    const double place = (value - low) / (high - low) * static_cast<double>(kBins);
    bins[static_cast<std::size_t>(std::clamp(place, 0.0, static_cast<double>(kBins - 1)))] += 1;
  }
  return bins;
}

// High enough for all but the largest hundredth, which goes into the last bar.
double HighEnd(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return 1;
  const auto at = static_cast<std::ptrdiff_t>(0.99 * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return std::max(values[static_cast<std::size_t>(at)], 1e-9);
}

std::string Figure(const std::string& chart, const std::string& caption) {
  return "<figure>" + chart + "<figcaption>" + Escape(caption) + "</figcaption></figure>";
}

}  // namespace

std::string QualityTable(const std::vector<QualityLine>& lines) {
  std::string html = "<div class=\"scroll\"><table><tbody>";
  for (const QualityLine& line : lines) {
    html += "<tr><th scope=\"row\">" + Escape(line.name) + "</th><td>" + Escape(line.value) + "</td><td>";
    if (line.severity != "info") {
      html += "<span class=\"severity " + Escape(line.severity) + "\">" + Escape(line.severity) + "</span> ";
    }
    html += Escape(line.meaning) + "</td></tr>";
  }
  return html + "</tbody></table></div>";
}

std::string QualityText(const std::vector<QualityLine>& lines) {
  std::size_t width = 0;
  for (const QualityLine& line : lines) width = std::max(width, line.name.size());
  std::string text;
  for (const QualityLine& line : lines) {
    const std::string mark = line.severity == "info" ? "  " : "! ";
    text += mark + line.name + std::string(width - line.name.size() + 2, ' ') + Printable(line.value) + "\n";
    if (!line.meaning.empty()) AppendWrapped(text, std::string(width + 4, ' '), line.meaning);
  }
  return text;
}

std::string QualityPage(const std::string& title, const std::vector<QualityLine>& lines, const QualityCharts& charts) {
  const auto warnings =
      std::count_if(lines.begin(), lines.end(), [](const QualityLine& line) { return line.severity != "info"; });
  std::string body = "<header><h1>What is in the readings</h1><p class=\"note\">" + Escape(title) +
                     "</p></header><main><p class=\"lead\">" +
                     (warnings == 0 ? std::string("Nothing stands out.")
                                    : std::to_string(warnings) + (warnings == 1 ? " thing" : " things") +
                                          " to know before trusting a result.") +
                     "</p>" + QualityTable(lines) + "<h2>In pictures</h2><div class=\"charts\">";
  if (!charts.missing_over_time.empty()) {
    Bars bars{.heights = {},
              .x_low = When(charts.missing_over_time.front().first, charts.cadence),
              .x_high = When(charts.missing_over_time.back().first, charts.cadence),
              .x_name = "time",
              .percent = true};
    for (const auto& [begin, share] : charts.missing_over_time) bars.heights.push_back(share);
    body += Figure(Draw(bars, "Share of readings missing over time"), "Share of readings missing, over time.");
  }
  body += Figure(Draw({.heights = Histogram(charts.missing_by_consumer, 0, 1),
                       .x_low = "0 %",
                       .x_high = "100 %",
                       .x_name = "missing of a consumer's readings"},
                      "Consumers by share of readings missing"),
                 "Consumers by the share of their readings that is missing.");
  const double high = HighEnd(charts.mean_by_consumer);
  body += Figure(Draw({.heights = Histogram(charts.mean_by_consumer, 0, high),
                       .x_low = "0",
                       .x_high = Significant(high) + " and more",
                       .x_name = "mean reading" + (charts.unit.empty() ? "" : ", " + charts.unit)},
                      "Consumers by mean reading"),
                 "Consumers by their mean reading.");
  body += "</div></main>";
  return Page("What is in the readings: " + title, body);
}

}  // namespace meterhound::report
