// The words of a message that chat and mail share.
#include "notify/message.h"

#include "base/calendar.h"

namespace meterhound::notify {

std::string OneLine(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
  }
  return line;
}

std::string Headline(const Message& message) {
  const char* word = message.severity == Severity::kCritical  ? "Critical"
                     : message.severity == Severity::kWarning ? "Warning"
                                                              : "Info";
  return std::string(message.resolved ? "Resolved" : word) + ": " + OneLine(message.title);
}

std::string TimeOf(const Message& message) {
  const std::string time = FormatDateTime(static_cast<double>(message.at));
  return time.substr(0, 10) + " " + time.substr(11, 5) + " UTC";
}

Json ToJson(const Message& message) {
  Json fields = Json::array();
  for (const auto& [name, value] : message.fields) fields.push_back({name, value});
  return {{"severity", SeverityName(message.severity)},
          {"resolved", message.resolved},
          {"title", message.title},
          {"text", message.text},
          {"fields", fields},
          {"link", message.link},
          {"at", message.at}};
}

Result<Message> ParseMessage(const Json& json) {
  try {
    Message message;
    const auto severity = ParseSeverity(json.at("severity").get<std::string>());
    if (!severity) return Corrupt("found no known severity", "message");
    message.severity = *severity;
    message.resolved = json.at("resolved");
    message.title = json.at("title");
    message.text = json.at("text");
    for (const Json& field : json.at("fields")) message.fields.emplace_back(field.at(0), field.at(1));
    message.link = json.at("link");
    message.at = json.at("at");
    return message;
  } catch (const Json::exception& error) {
    return Corrupt(error.what(), "message");
  }
}

}  // namespace meterhound::notify
