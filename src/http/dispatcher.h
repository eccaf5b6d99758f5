// From the bytes of one request to a Response, without sockets: routing, rights, limits, checks, handler, headers.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "http/authenticator.h"
#include "http/metrics.h"
#include "http/open_api.h"
#include "http/rate_limit.h"
#include "http/route.h"

namespace meterhound::http {

/// Limits of one request and what is done around every handler. docs/http.md lists the defaults.
struct DispatchOptions {
  std::size_t max_url_bytes = 8192;                         ///< 414
  std::size_t max_body_bytes = std::size_t{32} << 20;       ///< in memory, after decompression; 413
  std::uint64_t max_upload_bytes = std::uint64_t{8} << 30;  ///< spooled, after decompression; 413
  double max_decompression_ratio = 200;                     ///< beyond the first MiB; 413
  int max_json_depth = 64;                                  ///< 400
  std::filesystem::path spool_folder;                       ///< empty: the system's folder for temporary files
  RateLimit rate_limit;                                     ///< per principal, or per address without one; 429
  std::string session_cookie = "meterhound_session";
  /// Names that Host may have (without port); empty: any. A server without keys takes only loopback's names, so that no
  /// foreign page reaches it by rebinding its name.
  std::vector<std::string> allowed_hosts;
  bool tls = false;              ///< adds Strict-Transport-Security
  bool check_responses = false;  ///< for tests: a JSON answer that breaks its own schema becomes 500
  /// One JSON line a request, without newline; called from many threads. Empty: no log.
  std::function<void(std::string_view)> log;
};

/// The first part of a request: what stands before its body.
struct RequestHead {
  std::string method, target;
  unsigned version = 11;  ///< 10 or 11
  Headers headers;
};

class BodySink;

/// One request on its way: made by Dispatcher::Begin, fed with its body, ended by Dispatcher::Finish.
struct Exchange {
  struct Part;
  Exchange();
  ~Exchange();
  Exchange(Exchange&&) noexcept;
  Exchange& operator=(Exchange&&) noexcept;

  /// Set when the answer is known before the body (404, 401, 413, ...): the body need not be read.
  bool answered = false;
  /// At most this many raw body bytes are worth reading.
  std::uint64_t body_limit = 0;
  bool spooled = false;
  std::unique_ptr<Part> part;
};

/// Everything that happens to a request between parser and socket. Thread-safe.
class Dispatcher {
 public:
  /// kInternal when the table is at odds with itself: a path twice, an unknown schema keyword, a parameter without a
  /// place.
  static Result<std::unique_ptr<Dispatcher>> Create(DispatchOptions options, ApiDescription api,
                                                    std::vector<Route> routes, Authenticator authenticator,
                                                    Metrics& metrics);
  ~Dispatcher();

  /// Routing, rights, rate and what the head says of the body. Blocks as the authenticator does. Never throws.
  Exchange Begin(RequestHead head, std::string remote, std::stop_token stop);
  /// A piece of the body as it came; may block on the disk when `spooled`. False: too much or not decodable, the answer
  /// is then known and no more is wanted.
  bool Feed(Exchange& exchange, std::string_view bytes);
  /// The handler's answer with every header the client gets. Never throws.
  Response Finish(Exchange& exchange);
  /// An answer where no request came about (400, 408, 413, 431, 503).
  Response Refuse(int status, std::string detail, std::string_view request_id = {});
  /// Counts and logs: after the answer has gone, or failed to.
  void Done(const Exchange& exchange, int status, std::uint64_t bytes);

  const Json& open_api() const;

  /// All of it on one request's bytes, as a connection does; malformed bytes answer 400 like there.
  Response Answer(std::string_view bytes);

 private:
  struct State;
  explicit Dispatcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::http
