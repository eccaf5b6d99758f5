// The HTTP server: connections as coroutines on a few threads, handlers on a pool of their own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "http/dispatcher.h"

namespace meterhound::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8000;  ///< 0: the system picks one, Server::port() tells
  std::size_t io_threads = 1;
  std::size_t handler_threads = 0;  ///< 0: cores, at least 4

  std::size_t max_connections = 20000;        ///< beyond: 503 and closed
  std::size_t max_concurrent_requests = 256;  ///< waiting for or in a handler; beyond: 503 + Retry-After
  std::size_t max_streams = 1000;             ///< open event streams; beyond: 503 + Retry-After

  std::size_t max_header_bytes = 16384;             ///< 431
  std::chrono::milliseconds idle_timeout{75000};    ///< between requests: closed without words
  std::chrono::milliseconds header_timeout{10000};  ///< from a request's first byte to its empty line: 408
  std::chrono::milliseconds body_timeout{30000};    ///< for each MiB of body or less: 408
  std::chrono::milliseconds write_timeout{30000};   ///< for each 256 KiB of answer or less: closed
  std::chrono::milliseconds heartbeat{15000};       ///< comment line of an event stream

  std::filesystem::path certificate, key;  ///< PEM, chain first; both or neither. TLS 1.2 and later

  DispatchOptions dispatch;
};

class Server {
 public:
  /// Checks table and certificates; binds on Start. `metrics` outlives the server.
  static Result<std::unique_ptr<Server>> Create(ServerOptions options, const ApiDescription& api,
                                                std::vector<Route> routes, Authenticator authenticator,
                                                Metrics& metrics);
  /// As Stop with no grace.
  ~Server();

  /// Binds, listens and returns. kUnavailable naming address and port when they are taken.
  Status Start();
  /// Not from a handler. Stops accepting, closes what idles, ends event streams, lets running requests finish for
  /// `grace`, then asks their stop tokens, closes their connections and waits for handlers to return.
  void Stop(std::chrono::milliseconds grace);

  /// After Start.
  std::uint16_t port() const;
  /// "https://127.0.0.1:8000".
  std::string url() const;
  /// Open connections now.
  std::size_t connections() const;
  const Json& open_api() const;

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::http
