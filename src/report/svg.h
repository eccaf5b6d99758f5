// Svg: the few shapes the report's charts are drawn from, as text.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace meterhound::report {

/// Text made safe for HTML and SVG, in content and in double-quoted attributes; unprintable bytes become U+FFFD.
std::string Escape(std::string_view text);

/// Maps values to pixels.
struct Axis {
  double low = 0;
  double high = 1;
  double pixel_low = 0;
  double pixel_high = 1;

  double At(double value) const {
    return high > low ? pixel_low + (value - low) / (high - low) * (pixel_high - pixel_low) : pixel_low;
  }
};

/// A step of 1, 2 or 5 times a power of ten that divides [0, high] into at most `most` parts.
double NiceStep(double high, int most);

/// One drawing. Colours come from the page's style sheet through class names, so that dark mode and print need no
/// second drawing.
class Svg {
 public:
  /// @param label what the drawing shows, read aloud by screen readers.
  Svg(double width, double height, std::string_view label);

  void Line(double x1, double y1, double x2, double y2, std::string_view style);
  void Rect(double x, double y, double width, double height, std::string_view style, std::string_view title = {});
  void Circle(double x, double y, double radius, std::string_view style);
  void Path(std::span<const std::pair<double, double>> points, std::string_view style, bool close = false);
  /// @param anchor "start", "middle" or "end".
  void Text(double x, double y, std::string_view text, std::string_view anchor = "start",
            std::string_view style = "label");

  std::string Finish() &&;

 private:
  std::string text_;
};

}  // namespace meterhound::report
