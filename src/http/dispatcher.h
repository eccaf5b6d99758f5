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
  std::size_t max_memory_of_bodies = std::size_t{256}
                                     << 20;  ///< of all bodies held at once, JSON counted as parsed; 503
  std::filesystem::path spool_folder;        ///< empty: the system's folder for temporary files
  RateLimit rate_limit;                      ///< per principal, or per address without one; 429
  std::string session_cookie = "meterhound_session";
  /// Names that Host may have (without port); empty: any. A server without keys takes only loopback's names, so that no
  /// foreign page reaches it by rebinding its name.
  std::vector<std::string> allowed_hosts;
  /// Addresses of proxies whose X-Forwarded-For is believed (its last entry): they end TLS before this server.
  std::vector<std::string> trusted_proxies;
  bool tls = false;              ///< adds Strict-Transport-Security
  bool check_responses = false;  ///< for tests: a JSON answer that breaks its own schema becomes 500
  /// One JSON line a request, without newline; called from many threads. Empty: no log.
  std::function<void(std::string_view)> log;
};

/// What stands before a request's body.
struct RequestHead {
  std::string method, target;
  unsigned version = 11;  ///< 10 or 11
  Headers headers;
};

/// One request on its way: made by Dispatcher::Begin or Refuse, fed with its body, ended by Finish and Done. Not
/// thread-safe; one thread after another may have it.
class Exchange {
 public:
  struct Part;
  explicit Exchange(std::unique_ptr<Part> part);
  ~Exchange();
  Exchange(Exchange&&) noexcept;
  Exchange& operator=(Exchange&&) noexcept;

  /// The answer is known before the body (401, 404, 413, ...): Finish gives it, the body need not be read.
  bool answered() const;
  /// The body goes to disk, so Feed may block.
  bool spooled() const;

 private:
  friend class Dispatcher;
  std::unique_ptr<Part> part_;
};

/// Everything that happens to a request between parser and socket. Thread-safe.
class Dispatcher {
 public:
  /// kInternal when the table is at odds with itself: a path twice, an unknown schema keyword, a parameter without a
  /// place.
  static Result<std::unique_ptr<Dispatcher>> Create(DispatchOptions options, const ApiDescription& api,
                                                    std::vector<Route> routes, Authenticator authenticator,
                                                    Metrics& metrics);
  ~Dispatcher();

  /// Routing, rights, rate and what the head says of the body. Blocks as the authenticator does. Never throws.
  Exchange Begin(RequestHead head, const std::string& remote, std::stop_token stop);
  /// A request that is not looked at: 400, 408, 413, 431, 503 from the connection. `head` as far as it is known.
  Exchange Refuse(int status, std::string detail, RequestHead head, const std::string& remote);
  /// The connection's last word on a request that Begin has let in: its body was malformed or too slow.
  void Overrule(Exchange& exchange, int status, std::string detail);
  /// A piece of the body as it came. False: no more is wanted, since the answer is known now. Never throws.
  bool Feed(Exchange& exchange, std::string_view bytes);
  /// The answer with every header the client gets (not Date and Connection); runs the handler. Never throws.
  Response Finish(Exchange& exchange);
  /// Counts and logs, once, after the answer has gone or failed to.
  void Done(Exchange& exchange, int status, std::uint64_t bytes);
  /// A row with always_admitted; looks at nothing but the path.
  bool AlwaysAdmitted(const RequestHead& head) const;

  const Json& open_api() const;

  /// All of it on one request's bytes, as a connection does, without sockets.
  Response Answer(std::string_view bytes, std::size_t max_header_bytes = 16384);

 private:
  struct State;
  explicit Dispatcher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::http
