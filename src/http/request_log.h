// What a request leaves behind: its ids, its place in a W3C trace, its line in the log.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "http/route.h"

namespace meterhound::http {

/// W3C trace context of a request.
struct Trace {
  std::string trace_id;     ///< 32 hex digits
  std::string traceparent;  ///< the same trace with a span of our own
};
/// Continues a well-formed `traceparent`, otherwise begins a trace.
Trace ContinueTrace(std::string_view traceparent);

/// "2026-11-25T21:03:00.123Z".
std::string NowText();

struct LogEntry {
  std::string_view request_id, trace_id, principal, remote, method, route;
  int status = 0;
  double milliseconds = 0;
  std::uint64_t bytes = 0;
  std::string_view error;  ///< why a 500 was answered; empty otherwise
};
/// One JSON object on one line, without the newline. Holds no path, query, header or body: nothing secret.
std::string LogLine(const LogEntry& entry);

}  // namespace meterhound::http
