// HTTP for the model room: posting JSON to a server, and downloads that go on where they broke off.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::llm {

struct HttpResponse {
  long status = 0;
  std::string body;
};

/// Posts and waits; no redirects. kUnavailable when the server cannot be reached, breaks off or does not answer within
/// `timeout` seconds; kCancelled after a stop. An answer of more than 16 MiB is refused. Any status is an answer.
Result<HttpResponse> PostJson(const std::string& url, const std::string& body, const std::vector<std::string>& headers,
                              double timeout, const std::stop_token& stop);

struct DownloadOptions {
  std::uint64_t most_bytes = 0;  ///< refused when the server means to send more; 0 = as much as the disk holds
  double stall = 60;             ///< seconds without a byte until it counts as broken off
};

/// Brings `url` (http, https or file) into `part`, beginning after the bytes that are already there where the server
/// can. What has come stays there after an error, for the next try. kNotFound for 404, kUnavailable for what may mend
/// itself (connection, 5xx, a full disk), kCancelled after a stop.
Status Download(const std::string& url, const std::filesystem::path& part, const DownloadOptions& options,
                const RunContext& context);

/// At most 200 printable characters of what a server said, for an error message.
std::string Printable(std::string_view text);

}  // namespace meterhound::llm
