// The one question the server asks about a caller: whose credentials these are.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "http/route.h"

namespace meterhound::http {

/// What a request brought; the first there is of: Authorization: Bearer, X-API-Key, the session cookie.
struct Credentials {
  enum class Kind { kNone, kBearer, kApiKey, kCookie };
  Kind kind = Kind::kNone;
  std::string secret;  ///< key or cookie value; empty for kNone
  std::string remote;
};

/// Runs on the handler pool; asked once for every request to a route with a scope, also without credentials (kNone), so
/// that it decides what a server without keys allows. kInvalidInput or kNotFound: 401; kUnavailable: 503.
using Authenticator = std::function<Result<Principal>(const Credentials&)>;

}  // namespace meterhound::http
