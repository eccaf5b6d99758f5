// Message: what people are told by a chat or by mail, before it has the form of either.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "base/severity.h"

namespace meterhound::notify {

struct Message {
  Severity severity = Severity::kWarning;
  bool resolved = false;  ///< what was told before is over
  std::string title = {};
  std::string text = {};                                         ///< sentences, a paragraph a line
  std::vector<std::pair<std::string, std::string>> fields = {};  ///< names with values, each a line
  std::string link = {};                                         ///< what to do: a URL, or a place in docs/
  std::int64_t at = 0;                                           ///< seconds since 1970 UTC
};

/// "Warning: ...", "Resolved: ...": one line, whatever the title holds.
std::string Headline(const Message& message);
/// "2026-11-26 03:14 UTC".
std::string TimeOf(const Message& message);
/// The text without control characters; line breaks become spaces.
std::string OneLine(std::string_view text);

Json ToJson(const Message& message);
/// kCorrupt for what ToJson did not write.
Result<Message> ParseMessage(const Json& json);

}  // namespace meterhound::notify
