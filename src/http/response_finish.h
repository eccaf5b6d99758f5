// What every answer gets on its way out: ETag answers, compression, security headers, length.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/rate_limit.h"
#include "http/route.h"

namespace meterhound::http {

struct FinishContext {
  const Request& request;
  bool head_only = false;  ///< HEAD: everything but the body
  bool tls = false;
  const RateLimit* limit = nullptr;  ///< null: the route is not limited
  RateLimiter::Answer rate;
};

/// Adds the headers that a client gets, Content-Length included (not for streams, 204 and 304). Returns why the
/// handler's answer could not go out (a header with control characters, a file that is not there), having put a 500 in
/// its place.
std::optional<std::string> FinishResponse(const FinishContext& context, Response& response);

}  // namespace meterhound::http
