// Numbers as a person reads them on a terminal.
#pragma once

#include <string>

namespace meterhound::cli {

/// "0.4 s", "12 s", "3 min 20 s".
std::string Duration(double seconds);
/// Three significant digits, thousands separated: "3,210", "12.3".
std::string Rate(double per_second);

}  // namespace meterhound::cli
