// Style of every page the program writes: light, dark, phone and paper.
#pragma once

#include <string>
#include <string_view>

namespace meterhound::report {

/// A whole HTML document around `body`: no script, nothing loaded, and a policy that forbids both.
std::string Page(std::string_view title, std::string_view body, std::string_view language = "en");

}  // namespace meterhound::report
