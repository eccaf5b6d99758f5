// Parsing with a place in the error message.
#include "base/json.h"

#include <algorithm>

namespace meterhound {

Result<Json> ParseJson(std::string_view text, std::string_view where) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    const std::size_t at = std::min<std::size_t>(error.byte == 0 ? 0 : error.byte - 1, text.size());
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    const std::size_t newline = text.substr(0, at).rfind('\n');
    const std::size_t column = newline == std::string_view::npos ? at + 1 : at - newline;
    return InvalidInput("is not valid JSON here",
                        std::string(where) + ":" + std::to_string(line) + ":" + std::to_string(column));
  }
}

std::string DumpJson(const Json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace meterhound
