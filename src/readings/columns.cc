// The lists of known names, and the two kinds of cell that every CSV form shares.
#include "readings/columns.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/numbers.h"
#include "base/panel.h"
#include "readings/csv.h"

namespace meterhound::readings {
namespace {

constexpr std::array<std::string_view, 9> kIdNames = {"cons_no",  "id",       "consumer_id", "customer_id", "client_id",
                                                      "meter_id", "consumer", "meter",       "user_id"};
constexpr std::array<std::string_view, 5> kLabelNames = {"flag", "label", "theft", "fraud", "target"};
constexpr std::array<std::string_view, 4> kTimeNames = {"time", "timestamp", "datetime", "date"};
constexpr std::array<std::string_view, 5> kValueNames = {"value", "kwh", "reading", "consumption", "energy"};
constexpr std::array<std::string_view, 2> kKindNames = {"kind", "variable"};

bool EqualWithoutCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::span<const std::string_view> IdNames() { return kIdNames; }
std::span<const std::string_view> LabelNames() { return kLabelNames; }
std::span<const std::string_view> TimeNames() { return kTimeNames; }
std::span<const std::string_view> ValueNames() { return kValueNames; }
std::span<const std::string_view> KindNames() { return kKindNames; }

std::optional<std::size_t> FindColumn(std::span<const std::string_view> header, std::string_view wanted,
                                      std::span<const std::string_view> known) {
  const auto find = [&](std::string_view name) -> std::optional<std::size_t> {
    for (std::size_t i = 0; i < header.size(); ++i) {
      if (EqualWithoutCase(Trim(header[i]), name)) return i;
    }
    return std::nullopt;
  };
  if (!wanted.empty()) return find(wanted);
  for (const std::string_view name : known) {
    if (const auto found = find(name)) return found;
  }
  return std::nullopt;
}

Result<std::int8_t> ParseLabel(std::string_view field) {
  field = Trim(field);
  if (field == "0" || field == "0.0") return std::int8_t{0};
  if (field == "1" || field == "1.0") return std::int8_t{1};
  if (IsMissing(field)) return kUnlabelled;
  return InvalidInput("found " + Quote(field) + ", expected a label: 0 (honest), 1 (theft) or nothing (unknown)");
}

Result<double> ParseReading(std::string_view field) {
  if (field.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (const auto number = ParseDouble(field); number && std::isfinite(*number)) return *number;
  if (IsMissing(field)) return std::numeric_limits<double>::quiet_NaN();
  const std::string_view trimmed = Trim(field);
  if (const auto number = ParseDouble(trimmed.starts_with('+') ? trimmed.substr(1) : trimmed)) {
    if (std::isfinite(*number)) return *number;
    return InvalidInput("found " + Quote(field) + ", expected a finite number or nothing");
  }
  if (trimmed.find(',') != std::string_view::npos) {
    return InvalidInput("found " + Quote(field) + ", expected a number with a decimal point");
  }
  return InvalidInput("found " + Quote(field) + ", expected a number or nothing");
}

}  // namespace meterhound::readings
