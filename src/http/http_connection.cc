// The talk with one client. Time-outs are deadlines that the server's sweep looks at, so that a wait costs no timer.
#include "http/http_connection.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <ctime>
#include <system_error>
#include <utility>

#include "http/request_parser.h"

namespace meterhound::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t kInputBytes = 64 * 1024;   // one read
constexpr std::uint64_t kSmallBody = 32 * 1024;  // read before anyone asks whether it is wanted
constexpr std::size_t kPiece = 256 * 1024;  // of an answer for one write time-out; of an upload for one write to disk
constexpr std::uint64_t kBodyStep = std::uint64_t{1} << 20;  // of a body for one body time-out
constexpr std::chrono::seconds kLinger{2};                   // for a client that still sends what nobody reads
constexpr std::size_t kLingerBytes = 4 << 20;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// What was read and not yet used.
class Input {
 public:
  std::string_view view() const { return {bytes_.get() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  void Consume(std::size_t bytes) { begin_ += bytes; }
  void Grow(std::size_t bytes) { end_ += bytes; }
  asio::mutable_buffer Room() {
    if (bytes_ == nullptr) bytes_.reset(new char[kInputBytes]);  // pages that are never written cost nothing
    std::copy(bytes_.get() + begin_, bytes_.get() + end_, bytes_.get());
    end_ -= std::exchange(begin_, 0);
    return {bytes_.get() + end_, kInputBytes - end_};
  }

 private:
  std::unique_ptr<char[]> bytes_;
  std::size_t begin_ = 0, end_ = 0;
};

// IMF-fixdate; made once a second and thread.
const std::string& DateText() {
  thread_local std::time_t second = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now == second) return text;
  second = now;
  std::tm parts{};
  gmtime_r(&now, &parts);
  char buffer[40] = {};
  std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text = buffer;
}

std::string HeadText(const Response& response, bool keep_alive, unsigned version) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
  head += ReasonPhrase(response.status);
  head += "\r\nDate: " + DateText() + "\r\n";
  for (const auto& [name, value] : response.headers) head.append(name).append(": ").append(value).append("\r\n");
  if (!keep_alive) head += "Connection: close\r\n";
  if (keep_alive && version < 11) head += "Connection: keep-alive\r\n";
  return head += "\r\n";
}

template <typename Work>
asio::awaitable<void> Call(Work& work) {
  work();
  co_return;
}

// Runs `work` on the pool and comes back to the connection's own executor.
template <typename Work>
asio::awaitable<void> RunOn(asio::thread_pool& pool, Work& work) {
  co_await asio::co_spawn(pool, Call(work), asio::use_awaitable);
}

class OpenFile {
 public:
  explicit OpenFile(const std::filesystem::path& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  std::string Next() const {
    std::string piece(kPiece, '\0');
    const ssize_t count = descriptor_ < 0 ? -1 : ::read(descriptor_, piece.data(), piece.size());
    piece.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return piece;
  }

 private:
  int descriptor_;
};

// One request's turn for a handler thread, or none when too many wait.
class Turn {
 public:
  Turn(ConnectionHost& host, bool urgent) : host_(host), urgent_(urgent) {
    admitted_ = urgent || host.active.fetch_add(1) < host.options.max_concurrent_requests;
  }
  ~Turn() {
    if (!urgent_) host_.active.fetch_sub(1);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool admitted() const { return admitted_; }
  asio::thread_pool& pool() { return urgent_ ? host_.urgent : host_.handlers; }

 private:
  ConnectionHost& host_;
  bool urgent_, admitted_;
};

// One of the event streams that may be open; admitted() is false beyond their number.
class StreamPlace {
 public:
  StreamPlace(ConnectionHost& host, bool wanted) : host_(host), held_(wanted) {
    if (!wanted || host.streams.fetch_add(1) < host.options.max_streams) return;
    host.streams.fetch_sub(1);
    held_ = false;
    admitted_ = false;
  }
  ~StreamPlace() {
    if (held_) host_.streams.fetch_sub(1);
  }
  StreamPlace(const StreamPlace&) = delete;
  StreamPlace& operator=(const StreamPlace&) = delete;
  bool held() const { return held_; }
  bool admitted() const { return admitted_; }

 private:
  ConnectionHost& host_;
  bool held_, admitted_ = true;
};

}  // namespace

/// The requests of one connection, over a plain or an encrypted stream.
template <typename Stream>
class Connection::Talk {
 public:
  Talk(Connection& connection, Stream& stream) : me_(connection), host_(connection.host_), stream_(stream) {}

  /// One request and its answer; false when it was the last.
  asio::awaitable<bool> One();
  /// Lets a client that still sends read our last answer before the connection is reset.
  asio::awaitable<void> Linger();

 private:
  /// Bytes came; false at the end, an error or the deadline.
  asio::awaitable<bool> ReadSome();
  asio::awaitable<bool> ReadHead(RequestParser& parser, std::optional<ParseFault>& fault);
  /// Reads on until done; pieces go to `text`, or to the exchange. False: the connection is of no more use.
  asio::awaitable<bool> ReadBody(RequestParser& parser, std::string& text, std::optional<ParseFault>& fault);
  asio::awaitable<bool> ReadBody(RequestParser& parser, Exchange& exchange, std::optional<ParseFault>& fault);
  /// At least `enough` bytes of body, or its end.
  asio::awaitable<bool> NextPiece(RequestParser& parser, std::size_t enough, std::string& piece,
                                  std::optional<ParseFault>& fault);

  asio::awaitable<bool> Refuse(int status, std::string detail, RequestHead head);
  asio::awaitable<bool> AnswerSmall(RequestParser& parser, RequestHead head);
  asio::awaitable<bool> AnswerLarge(RequestParser& parser, RequestHead head);
  asio::awaitable<bool> Send(Exchange& exchange, Response response, bool keep_alive, unsigned version);
  asio::awaitable<bool> SendFile(const FileBody& file);
  asio::awaitable<bool> SendEvents(EventStream& events);
  asio::awaitable<bool> Write(std::string_view head, std::string_view body);
  asio::awaitable<bool> WriteOnce(std::array<asio::const_buffer, 2> buffers);

  bool KeepsAlive(const RequestParser& parser) const { return parser.keep_alive() && !host_.draining; }

  Connection& me_;
  ConnectionHost& host_;
  Stream& stream_;
  Input input_;
  std::uint64_t body_bytes_ = 0;  // since the body's deadline was set
  std::uint64_t sent_ = 0;        // of the answer
};

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::ReadSome() {
  const asio::mutable_buffer room = input_.Room();
  if (room.size() == 0) co_return false;
  const auto [error, count] = co_await stream_.async_read_some(room, kTuple);
  input_.Grow(count);
  co_return !error && count > 0;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::ReadHead(RequestParser& parser, std::optional<ParseFault>& fault) {
  me_.WaitUntil(input_.empty() ? host_.options.idle_timeout : host_.options.header_timeout);
  while (true) {
    if (!input_.empty()) {
      input_.Consume(parser.Read(input_.view(), fault));
      if (fault || parser.head_done()) co_return true;
    }
    const bool begun = parser.begun();
    me_.idle_ = !begun;
    if (!begun && host_.draining) co_return false;
    const bool more = co_await ReadSome();
    me_.idle_ = false;
    if (!more) {
      if (begun && me_.Overdue(Clock::now())) fault = ParseFault{408, "the request's head came too slowly"};
      co_return fault.has_value();
    }
    if (!begun) me_.WaitUntil(host_.options.header_timeout);
  }
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::NextPiece(RequestParser& parser, std::size_t enough, std::string& piece,
                                                          std::optional<ParseFault>& fault) {
  while (!parser.done()) {
    const std::size_t used = parser.Read(input_.view(), fault);
    input_.Consume(used);
    piece += parser.TakeBody();
    body_bytes_ += used;
    if (body_bytes_ >= kBodyStep) {
      body_bytes_ = 0;
      me_.WaitUntil(host_.options.body_timeout);
    }
    if (fault || parser.done() || piece.size() >= enough) co_return true;
    if (used > 0 && !input_.empty()) continue;
    if (co_await ReadSome()) continue;
    if (!me_.Overdue(Clock::now())) co_return false;
    fault = ParseFault{408, "the request's body came too slowly"};
    co_return true;
  }
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::ReadBody(RequestParser& parser, std::string& text,
                                                         std::optional<ParseFault>& fault) {
  body_bytes_ = 0;
  me_.WaitUntil(host_.options.body_timeout);
  while (!parser.done() && !fault) {
    const bool alive = co_await NextPiece(parser, kSmallBody, text, fault);
    if (!alive) co_return false;
  }
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::ReadBody(RequestParser& parser, Exchange& exchange,
                                                         std::optional<ParseFault>& fault) {
  body_bytes_ = 0;
  while (!parser.done() && !fault && !exchange.answered()) {
    std::string piece;
    if (body_bytes_ == 0) me_.WaitUntil(host_.options.body_timeout);
    const bool alive = co_await NextPiece(parser, exchange.spooled() ? kPiece : 1, piece, fault);
    if (!alive) co_return false;
    if (fault || piece.empty()) continue;
    if (!exchange.spooled()) {
      host_.dispatcher.Feed(exchange, piece);
      continue;
    }
    // The disk may be slow, and its time is not the client's.
    const auto before = me_.deadline_.load();
    const auto began = Clock::now();
    me_.WaitForever();
    auto work = [&] { host_.dispatcher.Feed(exchange, piece); };
    co_await RunOn(host_.handlers, work);
    me_.deadline_ = before + (Clock::now() - began).count();
  }
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::WriteOnce(std::array<asio::const_buffer, 2> buffers) {
  me_.WaitUntil(host_.options.write_timeout);
  const auto [error, count] = co_await asio::async_write(stream_, buffers, kTuple);
  sent_ += count;
  me_.WaitForever();
  co_return !error;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::Write(std::string_view head, std::string_view body) {
  do {
    const std::string_view piece = body.substr(0, kPiece);
    const bool written =
        co_await WriteOnce({asio::buffer(head.data(), head.size()), asio::buffer(piece.data(), piece.size())});
    if (!written) co_return false;
    head = {};
    body.remove_prefix(piece.size());
  } while (!body.empty());
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::SendFile(const FileBody& file) {
  const OpenFile open(file.path);
  // Exactly what was promised, though the file may have grown since; one that shrank ends the connection.
  std::uint64_t left = file.bytes;
  while (left > 0) {
    std::string piece;
    auto work = [&] { piece = open.Next(); };
    co_await RunOn(host_.handlers, work);
    if (piece.size() > left) piece.resize(left);
    if (piece.empty()) co_return false;
    left -= piece.size();
    const bool written = co_await Write({}, piece);
    if (!written) co_return false;
  }
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::SendEvents(EventStream& events) {
  auto last = Clock::now();
  while (!host_.draining && !me_.PeerGone()) {
    EventStream::Batch batch;
    // A poll that throws ends its stream; the client asks again.
    auto work = [&] {
      try {
        batch = events.poll();
      } catch (const std::exception&) {
        batch.done = true;
      }
    };
    co_await RunOn(host_.handlers, work);
    if (batch.text.empty() && Clock::now() - last >= host_.options.heartbeat) batch.text = ": alive\n\n";
    if (!batch.text.empty()) {
      const bool written = co_await Write({}, batch.text);
      if (!written) co_return false;
      last = Clock::now();
    }
    if (batch.done) break;
    me_.timer_.expires_after(events.every);
    co_await me_.timer_.async_wait(kTuple);
  }
  co_return true;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::Send(Exchange& exchange, Response response, bool keep_alive,
                                                     unsigned version) {
  sent_ = 0;
  const StreamPlace place(host_, response.stream.has_value());
  if (!place.admitted()) {
    Exchange refused = host_.dispatcher.Refuse(503, "too many event streams are open; try again soon", {}, me_.remote_);
    response = host_.dispatcher.Finish(refused);
  }
  keep_alive = keep_alive && !place.held() && !host_.draining;
  bool sent = co_await Write(HeadText(response, keep_alive, version), response.body);
  if (sent && response.file) sent = co_await SendFile(*response.file);
  if (sent && place.held()) sent = co_await SendEvents(*response.stream);
  host_.dispatcher.Done(exchange, response.status, sent_);
  const bool more = sent && keep_alive;
  co_return more;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::Refuse(int status, std::string detail, RequestHead head) {
  Exchange exchange = host_.dispatcher.Refuse(status, std::move(detail), std::move(head), me_.remote_);
  Response response = host_.dispatcher.Finish(exchange);
  const bool more = co_await Send(exchange, std::move(response), false, 11);
  co_return more;
}

// The usual request: head and body are here before a handler thread is troubled, once.
template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::AnswerSmall(RequestParser& parser, RequestHead head) {
  std::optional<ParseFault> fault;
  std::string body;
  const bool alive = co_await ReadBody(parser, body, fault);
  if (!alive) co_return false;
  if (fault) co_return co_await Refuse(fault->status, fault->detail, std::move(head));
  me_.WaitForever();
  const unsigned version = head.version;
  std::optional<Exchange> exchange;
  Response response;
  {
    Turn turn(host_, host_.dispatcher.AlwaysAdmitted(head));
    if (turn.admitted()) {
      auto work = [&] {
        exchange = host_.dispatcher.Begin(std::move(head), me_.remote_, host_.stop.get_token());
        if (!body.empty()) host_.dispatcher.Feed(*exchange, body);
        response = host_.dispatcher.Finish(*exchange);
      };
      co_await RunOn(turn.pool(), work);
    } else {
      exchange = host_.dispatcher.Refuse(503, "the server is busy; try again soon", std::move(head), me_.remote_);
      response = host_.dispatcher.Finish(*exchange);
    }
  }
  const bool more = co_await Send(*exchange, std::move(response), KeepsAlive(parser), version);
  co_return more;
}

// Large bodies are asked for only when the head has passed, and are taken in pieces.
template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::AnswerLarge(RequestParser& parser, RequestHead head) {
  me_.WaitForever();
  const unsigned version = head.version;
  std::optional<Exchange> exchange;
  {
    Turn turn(host_, host_.dispatcher.AlwaysAdmitted(head));
    if (!turn.admitted()) co_return co_await Refuse(503, "the server is busy; try again soon", std::move(head));
    auto work = [&] { exchange = host_.dispatcher.Begin(std::move(head), me_.remote_, host_.stop.get_token()); };
    co_await RunOn(turn.pool(), work);
  }
  std::optional<ParseFault> fault;
  if (!exchange->answered() && parser.expects_continue() && !parser.done()) {
    const bool written = co_await Write("HTTP/1.1 100 Continue\r\n\r\n", {});
    if (!written) co_return false;
  }
  const bool alive = co_await ReadBody(parser, *exchange, fault);
  if (!alive) {
    host_.dispatcher.Done(*exchange, 499, 0);  // the client went away
    co_return false;
  }
  me_.WaitForever();
  Response response;
  {
    Turn turn(host_, fault || exchange->answered());
    if (!turn.admitted()) fault = ParseFault{503, "the server is busy; try again soon"};
    if (fault) host_.dispatcher.Overrule(*exchange, fault->status, fault->detail);
    auto work = [&] { response = host_.dispatcher.Finish(*exchange); };
    co_await RunOn(turn.pool(), work);
  }
  const bool more = co_await Send(*exchange, std::move(response), KeepsAlive(parser) && parser.done(), version);
  co_return more;
}

template <typename Stream>
asio::awaitable<bool> Connection::Talk<Stream>::One() {
  RequestParser parser(host_.options.max_header_bytes);
  std::optional<ParseFault> fault;
  const bool alive = co_await ReadHead(parser, fault);
  if (!alive) co_return false;
  RequestHead head = parser.TakeHead();
  if (fault) {
    const bool more = co_await Refuse(fault->status, fault->detail, std::move(head));
    co_return more;
  }
  const auto length = parser.content_length();
  const bool small = length && *length <= kSmallBody && (!parser.expects_continue() || *length == 0);
  bool more = false;
  if (small) {
    more = co_await AnswerSmall(parser, std::move(head));
  } else {
    more = co_await AnswerLarge(parser, std::move(head));
  }
  co_return more;
}

template <typename Stream>
asio::awaitable<void> Connection::Talk<Stream>::Linger() {
  error_code ignored;
  me_.socket_.shutdown(Socket::shutdown_send, ignored);
  me_.WaitUntil(kLinger);
  me_.idle_ = true;
  std::size_t taken = 0;
  while (!host_.draining && taken < kLingerBytes && !me_.Overdue(Clock::now())) {
    input_.Consume(input_.view().size());
    const auto [error, count] = co_await me_.socket_.async_read_some(input_.Room(), kTuple);
    if (error) break;
    taken += count;
  }
}

Connection::Connection(ConnectionHost& host, Socket socket)
    : host_(host), socket_(std::move(socket)), timer_(socket_.get_executor()) {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  const auto endpoint = socket_.remote_endpoint(ignored);
  if (!ignored) remote_ = endpoint.address().to_string();
  host_.connections.Increment();
  const std::lock_guard lock(host_.mutex);
  host_.open.insert(this);
}

Connection::~Connection() {
  host_.connections.Decrement();
  const std::lock_guard lock(host_.mutex);
  host_.open.erase(this);
  if (host_.open.empty()) host_.ended.notify_all();
}

bool Connection::PeerGone() {
  pollfd state{.fd = socket_.native_handle(), .events = POLLRDHUP, .revents = 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

void Connection::CancelIfOverdue() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    if (self->Overdue(Clock::now())) self->socket_.cancel(ignored);
  });
}

void Connection::CancelIfIdle() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    if (self->idle_) self->socket_.cancel(ignored);
    self->timer_.cancel();
  });
}

void Connection::Abort() {
  asio::post(socket_.get_executor(), [self = shared_from_this()] {
    error_code ignored;
    self->socket_.close(ignored);
    self->timer_.cancel();
  });
}

template <typename Stream>
asio::awaitable<void> Connection::Serve(Stream& stream) {
  Talk<Stream> talk(*this, stream);
  bool more = true;
  while (more) more = co_await talk.One();
  if constexpr (!std::is_same_v<Stream, Socket>) {
    WaitUntil(kLinger);
    idle_ = true;
    co_await stream.async_shutdown(kTuple);
  }
  co_await talk.Linger();
}

asio::awaitable<void> Connection::Run(std::shared_ptr<Connection> self, asio::ssl::context* tls) {
  if (tls == nullptr) {
    co_await self->Serve(self->socket_);
    co_return;
  }
  asio::ssl::stream<Socket&> stream(self->socket_, *tls);
  self->WaitUntil(self->host_.options.header_timeout);
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kTuple);
  if (!error) co_await self->Serve(stream);
}

}  // namespace meterhound::http
