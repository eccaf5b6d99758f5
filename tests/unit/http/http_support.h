// A real server on a free port, a table of small routes, and a client that speaks raw bytes to it.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "http/server.h"

namespace meterhound::http {

using namespace std::chrono_literals;

/// An answer as it came over the wire; header names in lower case.
struct Reply {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
  Json json() const { return Json::parse(body); }
  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// Takes one answer off the front of `bytes`; false when it is not complete.
inline bool TakeReply(std::string& bytes, Reply& reply, bool head_only) {
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  reply = {};
  reply.status = std::atoi(bytes.substr(9, 3).c_str());
  for (std::size_t at = bytes.find("\r\n") + 2; at < end + 2;) {
    const std::size_t line_end = bytes.find("\r\n", at);
    const std::string line = bytes.substr(at, line_end - at);
    const std::size_t colon = line.find(": ");
    std::string name = line.substr(0, colon);
    for (char& c : name) c = static_cast<char>(std::tolower(c));
    reply.headers[name] = line.substr(colon + 2);
    at = line_end + 2;
  }
  const std::string length = reply.header("content-length");
  const std::size_t size = head_only || length.empty() ? 0 : std::stoul(length);
  if (bytes.size() < end + 4 + size) return false;
  reply.body = bytes.substr(end + 4, size);
  bytes.erase(0, end + 4 + size);
  return true;
}

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Client() { Close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool connected() const { return connected_; }
  void Close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  /// False when the server has closed.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// What comes next; false at the end of the stream or after `patience`.
  bool ReadSome(std::chrono::milliseconds patience = 20s) {
    pollfd ready{socket_, POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) <= 0) return false;
    char buffer[65536];
    const ssize_t count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count > 0) received_.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  }
  /// The next answer; status 0 when none comes.
  Reply Read(bool head_only = false) {
    Reply reply;
    while (!TakeReply(received_, reply, head_only)) {
      if (!ReadSome()) return {};
    }
    return reply;
  }
  /// Everything up to the end of the stream.
  std::string ReadAll() {
    while (ReadSome()) {
    }
    return std::exchange(received_, {});
  }
  /// Whether the server closes, and sends nothing more before it does.
  bool ReadsEnd() { return !ReadSome() && received_.empty(); }
  const std::string& received() const { return received_; }

 private:
  int socket_;
  bool connected_ = false;
  std::string received_;
};

inline Route MakeRoute(Method method, std::string path, std::string id, Handler handler) {
  Route route;
  route.method = method;
  route.path = std::move(path);
  route.operation_id = std::move(id);
  route.summary = "A route of the tests";
  route.responses = {{200, "Done", "text/plain; charset=utf-8", {}, {}}};
  route.handler = std::move(handler);
  return route;
}

/// Keys of the tests: "reader" may score, "chief" may everything, nobody may nothing.
inline Result<Principal> TestAuthenticator(const Credentials& credentials) {
  if (credentials.secret == "reader") return Principal{"k1", "Reader", {"score"}};
  if (credentials.secret == "chief") return Principal{"k2", "Chief", {"score", "review", "admin"}};
  if (credentials.secret == "broken") return Unavailable("the store is away");
  return NotFound("no such key");
}

/// Routes that every test of the server may use; `gate` holds back GET /wait.
class TestTable {
 public:
  std::vector<Route> Routes();
  void Open() { open_ = true; }
  std::atomic<int> waiting{0}, polls{0}, streams{0}, deletes{0};
  std::atomic<bool> stop_seen{false};

 private:
  std::atomic<bool> open_{false};
};

inline Route WithBody(Route route, Content content, bool required = true) {
  route.body.contents.push_back(std::move(content));
  route.body.required = required;
  return route;
}

inline std::vector<Route> TestTable::Routes() {
  std::vector<Route> routes;
  routes.push_back(
      MakeRoute(Method::kGet, "/hello", "hello", [](const Request&) { return Response::OfText("hello\n"); }));
  Route health = MakeRoute(Method::kGet, "/healthz", "health", [](const Request&) { return Response::OfText("ok\n"); });
  health.always_admitted = true;
  health.rate_limited = false;
  routes.push_back(std::move(health));
  Route item = MakeRoute(Method::kGet, "/items/{id}", "item", [](const Request& request) {
    return Response::OfText(request.PathText("id") + " " + std::to_string(request.Integer("limit").value_or(-1)));
  });
  item.parameters = {
      {In::kPath, "id", "", {{"type", "string"}}, true},
      {In::kQuery, "limit", "", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}, {"default", 50}}, false}};
  routes.push_back(std::move(item));
  Route remove = MakeRoute(Method::kDelete, "/items/{id}", "remove", [this](const Request&) {
    ++deletes;
    return Response::NoContent();
  });
  remove.parameters = {{In::kPath, "id", "", {{"type", "string"}}, true}};
  remove.scope = "score";
  routes.push_back(std::move(remove));
  const Json echo_schema = {{"type", "object"},
                            {"required", {"text"}},
                            {"properties", {{"text", {{"type", "string"}, {"maxLength", 1000000}}}}},
                            {"additionalProperties", false}};
  routes.push_back(WithBody(
      MakeRoute(Method::kPost, "/echo", "echo",
                [](const Request& request) { return Response::OfText(request.json["text"].get<std::string>()); }),
      {"application/json", echo_schema}));
  routes.push_back(WithBody(MakeRoute(Method::kPost, "/upload", "upload",
                                      [](const Request& request) {
                                        return Response::OfText(
                                            std::to_string(request.upload->bytes()) + " " +
                                            std::to_string(std::filesystem::file_size(request.upload->path())) + " " +
                                            request.UploadName());
                                      }),
                            {"text/csv", {}, true}));
  routes.push_back(MakeRoute(Method::kGet, "/wait", "wait", [this](const Request& request) {
    ++waiting;
    while (!open_ && !request.stop.stop_requested()) std::this_thread::sleep_for(1ms);
    if (request.stop.stop_requested()) stop_seen = true;
    --waiting;
    return Response::OfText("waited\n");
  }));
  routes.push_back(MakeRoute(Method::kGet, "/events", "events", [this](const Request&) {
    ++streams;
    // Counts itself down when the server lets go of it.
    auto alive = std::shared_ptr<void>(nullptr, [this](void*) { --streams; });
    auto left = std::make_shared<int>(3);
    return Response::OfStream(
        {.poll =
             [this, alive, left] {
               ++polls;
               return EventStream::Batch{EventStream::Event("job", {{"left", *left}}), --*left == 0};
             },
         .every = 5ms});
  }));
  routes.push_back(MakeRoute(Method::kGet, "/forever", "forever", [this](const Request&) {
    ++streams;
    auto alive = std::shared_ptr<void>(nullptr, [this](void*) { --streams; });
    return Response::OfStream({.poll =
                                   [this, alive] {
                                     ++polls;
                                     return EventStream::Batch{};
                                   },
                               .every = 10ms});
  }));
  routes.push_back(MakeRoute(Method::kGet, "/large", "large", [](const Request&) {
    return Response::OfText(std::string(3000000, 'x')).WithETag("v1");
  }));
  routes.push_back(MakeRoute(Method::kGet, "/throws", "throws",
                             [](const Request&) -> Result<Response> { throw std::runtime_error("secret words"); }));
  routes.push_back(MakeRoute(Method::kGet, "/inject", "inject", [](const Request& request) {
    return Response::OfText("x").With("X-Name", *request.Text("name"));
  }));
  routes.back().parameters = {{In::kQuery, "name", "", {{"type", "string"}}, true}};
  return routes;
}

class TestServer {
 public:
  explicit TestServer(ServerOptions options = {}, std::vector<Route> more = {}) {
    options.port = 0;
    options.dispatch.log = [this](std::string_view line) {
      const std::lock_guard lock(mutex_);
      lines_.emplace_back(line);
    };
    std::vector<Route> routes = table.Routes();
    for (Route& route : more) routes.push_back(std::move(route));
    ApiDescription api;
    api.title = "Test";
    api.version = "1";
    auto made = Server::Create(std::move(options), std::move(api), std::move(routes), TestAuthenticator, metrics);
    if (!made.ok()) throw std::runtime_error(made.error().ToString());
    server = std::move(*made);
    const Status started = server->Start();
    if (!started.ok()) throw std::runtime_error(started.error().ToString());
  }

  /// One request on a connection of its own.
  Reply Ask(const std::string& bytes, bool head_only = false) {
    Client client(server->port());
    client.Send(bytes);
    return client.Read(head_only);
  }
  Reply Get(const std::string& target, const std::string& headers = "") {
    return Ask("GET " + target + " HTTP/1.1\r\nHost: test\r\n" + headers + "\r\n");
  }
  Reply Post(const std::string& target, const std::string& type, const std::string& body,
             const std::string& headers = "") {
    return Ask("POST " + target + " HTTP/1.1\r\nHost: test\r\nContent-Type: " + type +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

  Metrics metrics;
  TestTable table;

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;

 public:
  std::unique_ptr<Server> server;  // ends first
};

/// Waits for what another thread does; the outcome does not depend on how long that takes.
inline bool Eventually(const std::function<bool()>& holds, std::chrono::seconds patience = 30s) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(2ms);
  }
  return true;
}

}  // namespace meterhound::http
