// Accepts, sweeps deadlines, and ends everything in order.
#include "http/server.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "base/thread_pool.h"
#include "http/http_connection.h"

namespace meterhound::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kAcceptPause{50};  // when descriptors have run out
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

Result<std::unique_ptr<asio::ssl::context>> ReadCertificates(const ServerOptions& options) {
  if (options.certificate.empty() && options.key.empty()) return std::unique_ptr<asio::ssl::context>();
  if (options.certificate.empty() || options.key.empty()) {
    return InvalidInput("TLS needs a certificate and a key, only one is given");
  }
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  error_code error;
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::single_dh_use, error);
  context->use_certificate_chain_file(options.certificate.string(), error);
  if (error) return InvalidInput("is no certificate in PEM: " + error.message(), options.certificate.string());
  context->use_private_key_file(options.key.string(), asio::ssl::context::pem, error);
  if (error)
    return InvalidInput("is no key in PEM that fits the certificate: " + error.message(), options.key.string());
  return context;
}

std::size_t HandlerThreads(std::size_t asked) { return asked > 0 ? asked : std::max<std::size_t>(AvailableCores(), 4); }

// A deadline is noticed at most this much late: a tenth of the shortest, within reason.
std::chrono::milliseconds SweepInterval(const ServerOptions& options) {
  const auto shortest =
      std::min({options.idle_timeout, options.header_timeout, options.body_timeout, options.write_timeout});
  return std::clamp(shortest / 10, std::chrono::milliseconds(10), std::chrono::milliseconds(250));
}

}  // namespace

struct Server::State {
  State(ServerOptions server_options, std::unique_ptr<Dispatcher> server_dispatcher,
        std::unique_ptr<asio::ssl::context> context, Metrics& metrics)
      : options(std::move(server_options)),
        dispatcher(std::move(server_dispatcher)),
        tls(std::move(context)),
        host(options, *dispatcher, metrics, HandlerThreads(options.handler_threads)),
        acceptor(asio::make_strand(io)),
        sweep(io) {}

  Status Listen();
  asio::awaitable<void> Accept();
  asio::awaitable<void> Sweep();
  void ForEach(void (Connection::*what)(), bool overdue_only);
  void Stop(std::chrono::milliseconds grace);

  ServerOptions options;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<asio::ssl::context> tls;
  asio::io_context io;
  ConnectionHost host;
  tcp::acceptor acceptor;
  asio::steady_timer sweep;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
  bool stopped = false;
};

Status Server::State::Listen() {
  const std::string where = options.address + ":" + std::to_string(options.port);
  error_code error;
  const auto address = asio::ip::make_address(options.address == "localhost" ? "127.0.0.1" : options.address, error);
  if (error)
    return InvalidInput("is no address to listen at, expected digits such as 127.0.0.1 or ::1", options.address);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(4096, error);
  if (error) return Unavailable("cannot listen: " + error.message(), where);
  port = acceptor.local_endpoint().port();
  return {};
}

asio::awaitable<void> Server::State::Accept() {
  while (!host.draining) {
    auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(io), kTuple);
    if (host.draining || error == asio::error::operation_aborted || error == asio::error::bad_descriptor) co_return;
    if (error) {
      asio::steady_timer pause(acceptor.get_executor(), kAcceptPause);
      co_await pause.async_wait(kTuple);
      continue;
    }
    if (host.count() >= options.max_connections) {
      // Best effort: nothing may wait for a client that is one too many.
      if (tls == nullptr) ::send(socket.native_handle(), kFull.data(), kFull.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      continue;
    }
    auto connection = std::make_shared<Connection>(host, tcp::socket(std::move(socket)));
    const auto executor = connection->executor();
    asio::co_spawn(executor, Connection::Run(std::move(connection), tls.get()), asio::detached);
  }
}

asio::awaitable<void> Server::State::Sweep() {
  const auto interval = SweepInterval(options);
  while (true) {
    sweep.expires_after(interval);
    const auto [error] = co_await sweep.async_wait(kTuple);
    if (error) co_return;
    ForEach(&Connection::CancelIfOverdue, true);
  }
}

void Server::State::ForEach(void (Connection::*what)(), bool overdue_only) {
  std::vector<std::shared_ptr<Connection>> chosen;
  const auto now = Connection::Clock::now();
  {
    const std::lock_guard lock(host.mutex);
    for (Connection* one : host.open) {
      if (overdue_only && !one->Overdue(now)) continue;
      // A connection on its way out has no owner any more, but waits for the lock to leave the set.
      if (auto connection = one->weak_from_this().lock()) chosen.push_back(std::move(connection));
    }
  }
  for (const auto& connection : chosen) ((*connection).*what)();
}

void Server::State::Stop(std::chrono::milliseconds grace) {
  if (std::exchange(stopped, true)) return;
  host.draining = true;
  asio::post(acceptor.get_executor(), [this] {
    error_code ignored;
    acceptor.close(ignored);
  });
  ForEach(&Connection::CancelIfIdle, false);
  const auto ended = [this] { return host.open.empty(); };
  std::unique_lock lock(host.mutex);
  if (!host.ended.wait_for(lock, grace, ended)) {
    lock.unlock();
    host.stop.request_stop();
    ForEach(&Connection::Abort, false);
    lock.lock();
    host.ended.wait(lock, ended);
  }
  lock.unlock();
  host.handlers.join();
  host.urgent.join();
  io.stop();
  for (std::thread& thread : threads) thread.join();
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() {
  if (!state_->threads.empty()) state_->Stop(std::chrono::milliseconds(0));
}

Result<std::unique_ptr<Server>> Server::Create(ServerOptions options, const ApiDescription& api,
                                               std::vector<Route> routes, Authenticator authenticator,
                                               Metrics& metrics) {
  METERHOUND_ASSIGN_OR_RETURN(auto tls, ReadCertificates(options));
  options.dispatch.tls = options.dispatch.tls || tls != nullptr;
  METERHOUND_ASSIGN_OR_RETURN(
      auto dispatcher, Dispatcher::Create(options.dispatch, api, std::move(routes), std::move(authenticator), metrics));
  auto state = std::make_unique<State>(std::move(options), std::move(dispatcher), std::move(tls), metrics);
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Status Server::Start() {
  METERHOUND_RETURN_IF_ERROR(state_->Listen());
  asio::co_spawn(state_->acceptor.get_executor(), state_->Accept(), asio::detached);
  asio::co_spawn(state_->io, state_->Sweep(), asio::detached);
  for (std::size_t i = 0; i < std::max<std::size_t>(state_->options.io_threads, 1); ++i) {
    state_->threads.emplace_back([this] { state_->io.run(); });
  }
  return {};
}

void Server::Stop(std::chrono::milliseconds grace) { state_->Stop(grace); }
std::uint16_t Server::port() const { return state_->port; }
std::size_t Server::connections() const { return state_->host.count(); }
const Json& Server::open_api() const { return state_->dispatcher->open_api(); }

std::string Server::url() const {
  const std::string& address = state_->options.address;
  const bool six = address.find(':') != std::string::npos;
  return (state_->tls ? "https://" : "http://") + (six ? "[" + address + "]" : address) + ":" +
         std::to_string(state_->port);
}

}  // namespace meterhound::http
