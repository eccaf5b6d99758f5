// Numbers as text: shortest forms that read back to the same double, and strict parsing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meterhound {

/// Shortest decimal that parses back to the same double ("0.1", "1e-07", "nan", "inf").
std::string FormatDouble(double value);
/// Appends FormatDouble(value) without allocating when `to` has room.
void AppendDouble(std::string& to, double value);
/// As Python's repr(float): FormatDouble with ".0" on whole numbers and Python's switch to exponents. tsfresh's column
/// names contain it.
std::string FormatPythonFloat(double value);
/// The whole of `text` as a finite or infinite double, or nothing. No leading '+' or blanks.
std::optional<double> ParseDouble(std::string_view text);

// For people:

/// 42372 -> "42,372".
std::string WithThousands(std::size_t number);
/// Fixed decimals, thousands separated; "unknown" unless finite.
std::string Decimal(double value, int decimals);
/// Three significant digits, thousands separated, no exponent: "0.0421", "12.3", "4,120"; "unknown" unless finite.
std::string Significant(double value);
/// 0.0853 -> "8.5 %": one decimal below ten percent unless it is zero, whole numbers from ten on.
std::string Percent(double share);

}  // namespace meterhound
