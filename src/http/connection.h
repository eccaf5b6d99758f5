// One connection: reads requests, has them answered on the handler pool, writes the answers; a coroutine without a
// thread.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_set>

#include "http/dispatcher.h"
#include "http/server.h"

namespace meterhound::http {

class Connection;

/// What all connections of a server share.
struct ConnectionHost {
  ConnectionHost(const ServerOptions& server_options, Dispatcher& server_dispatcher, Metrics& metrics,
                 std::size_t handler_threads)
      : options(server_options),
        dispatcher(server_dispatcher),
        connections(metrics.Gauge("meterhound_http_connections", "Open connections.")),
        handlers(handler_threads),
        urgent(1) {}

  const ServerOptions& options;
  Dispatcher& dispatcher;
  prometheus::Gauge& connections;
  boost::asio::thread_pool handlers;
  boost::asio::thread_pool urgent;  // rows that are always admitted never wait behind others
  std::atomic<std::size_t> active{0}, streams{0};
  std::atomic<bool> draining{false};
  std::stop_source stop;

  // Every open connection, for time-outs and for Stop.
  std::mutex mutex;
  std::condition_variable ended;
  std::unordered_set<Connection*> open;
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return open.size();
  }
};

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Clock = std::chrono::steady_clock;
  using Socket = boost::asio::ip::tcp::socket;

  Connection(ConnectionHost& host, Socket socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// The whole life of the connection; `tls` null: plain.
  static boost::asio::awaitable<void> Run(std::shared_ptr<Connection> self, boost::asio::ssl::context* tls);

  boost::asio::any_io_executor executor() { return socket_.get_executor(); }

  // From any thread:
  bool Overdue(Clock::time_point now) const { return now.time_since_epoch().count() > deadline_.load(); }
  void CancelIfOverdue();  ///< ends the wait that is overdue
  void CancelIfIdle();     ///< ends it when no request is under way; an event stream wakes up
  void Abort();            ///< closes whatever is under way

 private:
  template <typename Stream>
  boost::asio::awaitable<void> Serve(Stream& stream);
  template <typename Stream>
  class Talk;

  void WaitUntil(Clock::duration duration) { deadline_ = (Clock::now() + duration).time_since_epoch().count(); }
  void WaitForever() { deadline_ = Clock::time_point::max().time_since_epoch().count(); }
  bool PeerGone();

  ConnectionHost& host_;
  Socket socket_;
  boost::asio::steady_timer timer_;
  std::string remote_;
  std::atomic<Clock::rep> deadline_{Clock::time_point::max().time_since_epoch().count()};
  bool idle_ = false;  // on the connection's own executor
};

}  // namespace meterhound::http
