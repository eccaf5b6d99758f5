// HTTP as a client: posting JSON to a server, and downloads that go on where they broke off.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::network {

struct HttpResponse {
  long status = 0;
  std::string body;
};

struct PostOptions {
  std::vector<std::string> headers = {};  ///< besides Content-Type
  double timeout = 30;                    ///< seconds until the whole answer must be there
  std::string ca_file = {};               ///< PEM of whom to trust; empty: whom the system trusts
  bool direct = false;                    ///< past the proxy that the environment may name
};

/// Posts and waits; no redirects. kUnavailable when the server cannot be reached, breaks off or does not answer in
/// time; kCancelled after a stop. An answer of more than 16 MiB is refused. Any status is an answer. Errors say `url`.
Result<HttpResponse> PostJson(const std::string& url, const std::string& body, const PostOptions& options,
                              const std::stop_token& stop);

struct DownloadOptions {
  std::uint64_t most_bytes = 0;  ///< refused when the server means to send more; 0 = as much as the disk holds
  double stall = 60;             ///< seconds without a byte until it counts as broken off
};

/// Brings `url` (http, https or file) into `part`, beginning after the bytes that are already there where the server
/// can. What has come stays there after an error, for the next try. kNotFound for 404, kUnavailable for what may mend
/// itself (connection, 5xx, a full disk), kCancelled after a stop.
Status Download(const std::string& url, const std::filesystem::path& part, const DownloadOptions& options,
                const RunContext& context);

}  // namespace meterhound::network
