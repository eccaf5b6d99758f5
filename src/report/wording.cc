// Number formatting for readers; locale-free.
#include "report/wording.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace meterhound::report {
namespace {

constexpr const char* kUnknown = "unknown";
constexpr const char* kReplacement = "\xEF\xBF\xBD";

std::string Separate(std::string digits) {
  const std::size_t sign = !digits.empty() && digits[0] == '-' ? 1 : 0;
  const std::size_t point = std::min(digits.find('.'), digits.size());
  for (std::size_t at = point; at > sign + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool too_large = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

std::string Decimal(double value, int decimals) {
  if (!std::isfinite(value)) return kUnknown;
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  std::string digits = text;
  if (digits.find_first_of("123456789") == std::string::npos) std::erase(digits, '-');  // "-0"
  return Separate(digits);
}

std::string Significant(double value) {
  if (!std::isfinite(value)) return kUnknown;
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
  return Decimal(percent, std::fabs(percent) < 9.95 ? 1 : 0) + " %";
}

std::string Energy(double kwh) { return Significant(kwh) + " kWh"; }

std::string EnergyRange(const explain::Estimate& kwh) {
  return Decimal(kwh.value, 0) + " kWh (" + Decimal(kwh.low, 0) + " to " + Decimal(kwh.high, 0) + ")";
}

std::string MoneyRange(const explain::Estimate& money, const std::string& currency) {
  return Decimal(money.value, 0) + (currency.empty() ? "" : " " + currency) + " (" + Decimal(money.low, 0) + " to " +
         Decimal(money.high, 0) + ")";
}

std::string When(double time, Cadence cadence) {
  return HasCalendar(cadence) ? FormatDate(time) : "step " + Decimal(time, 0);
}

const char* RateUnit(Cadence cadence) { return HasCalendar(cadence) ? "kWh a day" : "kWh a reading"; }

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const bool control = length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F);
    if (length == 0 || control) {
      result += kReplacement;
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

}  // namespace meterhound::report
