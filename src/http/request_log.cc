// Formats only; where lines go is the options' sink.
#include "http/request_log.h"

#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/calendar.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

bool AllZero(std::string_view hex) { return hex.find_first_not_of('0') == std::string_view::npos; }

// version "-" trace id "-" parent id "-" flags; versions after 00 may go on.
bool IsTraceparent(std::string_view text) {
  if (text.size() < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-') return false;
  const std::string_view version = text.substr(0, 2), trace = text.substr(3, 32), parent = text.substr(36, 16);
  if (!IsHex(version) || version == "ff" || !IsHex(trace) || !IsHex(parent) || !IsHex(text.substr(53, 2))) return false;
  if (AllZero(trace) || AllZero(parent)) return false;
  return text.size() == 55 || (version != "00" && text[55] == '-');
}

}  // namespace

Trace ContinueTrace(std::string_view traceparent) {
  Trace trace;
  const bool given = IsTraceparent(traceparent);
  trace.trace_id = given ? std::string(traceparent.substr(3, 32)) : RandomHex(16);
  const std::string flags(given ? traceparent.substr(53, 2) : "00");
  trace.traceparent = "00-" + trace.trace_id + "-" + RandomHex(8) + "-" + flags;
  return trace;
}

std::string NowText() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  char fraction[8] = {};
  std::snprintf(fraction, sizeof fraction, ".%03dZ", static_cast<int>(milliseconds % 1000));
  return FormatDateTime(static_cast<double>(milliseconds / 1000)) + fraction;
}

std::string LogLine(const LogEntry& entry) {
  Json line = {{"time", NowText()},
               {"level", entry.status >= 500   ? "error"
                         : entry.status >= 400 ? "warning"
                                               : "info"},
               {"request_id", entry.request_id},
               {"trace_id", entry.trace_id},
               {"principal", entry.principal.empty() ? Json() : Json(entry.principal)},
               {"remote", entry.remote},
               {"method", entry.method},
               {"route", entry.route},
               {"status", entry.status},
               {"ms", std::round(entry.milliseconds * 1000) / 1000},
               {"bytes", entry.bytes}};
  if (!entry.error.empty()) line["error"] = entry.error;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace meterhound::http
