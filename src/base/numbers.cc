// std::to_chars for output, fast_float for input.
#include "base/numbers.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace meterhound {
namespace {

std::string Separate(std::string digits) {
  const std::size_t sign = !digits.empty() && digits[0] == '-' ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > sign + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

void AppendDouble(std::string& to, double value) {
  if (std::isnan(value)) {
    to += "nan";
    return;
  }
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  to.append(buffer, error == std::errc() ? end : buffer);
}

std::string FormatDouble(double value) {
  std::string text;
  AppendDouble(text, value);
  return text;
}

std::string FormatPythonFloat(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const double magnitude = std::fabs(value);
  // Python writes exponents below 1e-4 and from 1e16 on.
  if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
    return {buffer, end};
  }
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed).ptr;
  std::string text(buffer, end);
  if (text.find('.') == std::string::npos) text += ".0";
  return text;
}

std::optional<double> ParseDouble(std::string_view text) {
  double value = 0;
  const auto [end, error] = fast_float::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string WithThousands(std::size_t number) { return Separate(std::to_string(number)); }

std::string Decimal(double value, int decimals) {
  if (!std::isfinite(value)) return "unknown";
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  std::string digits = text;
  if (digits.find_first_of("123456789") == std::string::npos) std::erase(digits, '-');  // "-0"
  return Separate(digits);
}

std::string Significant(double value) {
  if (!std::isfinite(value)) return "unknown";
  if (value == 0) return "0";
  const int before_point = static_cast<int>(std::floor(std::log10(std::fabs(value)))) + 1;
  std::string text = Decimal(value, std::clamp(3 - before_point, 0, 9));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text;
}

std::string Percent(double share) {
  const double percent = 100 * share;
  std::string text = Decimal(percent, std::fabs(percent) < 9.95 ? 1 : 0);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text + " %";
}

}  // namespace meterhound
