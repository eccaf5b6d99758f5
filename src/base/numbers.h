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

/// 42372 -> "42,372", for people.
std::string WithThousands(std::size_t number);

}  // namespace meterhound
