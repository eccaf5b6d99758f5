// SVG text; coordinates keep one decimal, which is a tenth of a pixel.
#include "report/svg.h"

#include <cmath>
#include <cstdio>

#include "report/wording.h"

namespace meterhound::report {
namespace {

std::string Pixel(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  std::string result = text;
  if (result.ends_with(".0")) result.resize(result.size() - 2);
  return result == "-0" ? "0" : result;
}

}  // namespace

std::string Escape(std::string_view text) {
  std::string result;
  for (const char c : Printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

double NiceStep(double high, int most) {
  if (!(high > 0) || !std::isfinite(high)) return 1;
  const double raw = high / most;
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= raw) return factor * power;
  }
  return 10 * power;
}

Svg::Svg(double width, double height, std::string_view label)
    : text_("<svg viewBox=\"0 0 " + Pixel(width) + " " + Pixel(height) + "\" role=\"img\" aria-label=\"" +
            Escape(label) + "\">") {}

void Svg::Line(double x1, double y1, double x2, double y2, std::string_view style) {
  text_ += "<line x1=\"" + Pixel(x1) + "\" y1=\"" + Pixel(y1) + "\" x2=\"" + Pixel(x2) + "\" y2=\"" + Pixel(y2) +
           "\" class=\"" + std::string(style) + "\"/>";
}

void Svg::Rect(double x, double y, double width, double height, std::string_view style, std::string_view title) {
  text_ += "<rect x=\"" + Pixel(x) + "\" y=\"" + Pixel(y) + "\" width=\"" + Pixel(width) + "\" height=\"" +
           Pixel(height) + "\" class=\"" + std::string(style) + "\"";
  text_ += title.empty() ? "/>" : "><title>" + Escape(title) + "</title></rect>";
}

void Svg::Circle(double x, double y, double radius, std::string_view style) {
  text_ += "<circle cx=\"" + Pixel(x) + "\" cy=\"" + Pixel(y) + "\" r=\"" + Pixel(radius) + "\" class=\"" +
           std::string(style) + "\"/>";
}

void Svg::Path(std::span<const std::pair<double, double>> points, std::string_view style, bool close) {
  if (points.empty()) return;
  text_ += "<path d=\"M";
  for (std::size_t i = 0; i < points.size(); ++i) {
    text_ += (i == 0 ? "" : " ") + Pixel(points[i].first) + "," + Pixel(points[i].second);
  }
  text_ += std::string(close ? "z" : "") + "\" class=\"" + std::string(style) + "\"/>";
}

void Svg::Text(double x, double y, std::string_view text, std::string_view anchor, std::string_view style) {
  text_ += "<text x=\"" + Pixel(x) + "\" y=\"" + Pixel(y) + "\" text-anchor=\"" + std::string(anchor) + "\" class=\"" +
           std::string(style) + "\">" + Escape(text) + "</text>";
}

std::string Svg::Finish() && { return std::move(text_) + "</svg>"; }

}  // namespace meterhound::report
