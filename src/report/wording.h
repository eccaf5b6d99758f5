// Wording: numbers, dates and energies as a reader of a report expects them.
#pragma once

#include <string>
#include <string_view>

#include "base/calendar.h"
#include "base/numbers.h"
#include "explain/evidence.h"

namespace meterhound::report {

/// "1,230 kWh (980 to 1,480)".
std::string EnergyRange(const explain::Estimate& kwh);
/// "185 EUR (147 to 222)"; without a currency the bare number.
std::string MoneyRange(const explain::Estimate& money, const std::string& currency);
/// "2014-05-31", or "step 12" without a calendar.
std::string When(double time, Cadence cadence);
/// Printable text of unknown origin: control characters and broken UTF-8 become U+FFFD.
std::string Printable(std::string_view text);

/// Appends `text` broken into lines of at most 100 columns, at blanks or beside a character of a script without them;
/// the first line starts with `first`, the others are indented as far.
void AppendWrapped(std::string& to, std::string_view first, std::string_view text);

}  // namespace meterhound::report
