// The parts of a URL as libcurl, which will follow it, reads them.
#pragma once

#include <string>

#include "base/result.h"

namespace meterhound::network {

struct Url {
  std::string scheme;     ///< lower case
  std::string host;       ///< lower case, without the brackets of IPv6
  bool has_user = false;  ///< names a user or a password
  std::string path;       ///< with its query
};

/// kInvalidInput for what libcurl would not follow; the message does not repeat the URL, which may be a secret.
Result<Url> ParseUrl(const std::string& url);

/// True for localhost, 127.0.0.0/8 and ::1: what is sent there stays on this machine.
bool IsLoopbackHost(const std::string& host);

}  // namespace meterhound::network
