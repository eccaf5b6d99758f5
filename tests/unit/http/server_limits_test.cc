// Every limit of the server, met over real sockets: what a client gets beyond it, and that others are served meanwhile.
#include <sys/resource.h>
#include <sys/wait.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>

#include "http/content_coding.h"
#include "unit/http/http_support.h"

namespace meterhound::http {
namespace {

std::string ZstdEncode(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

TEST(ServerLimits, HeadersAndTarget) {
  ServerOptions options;
  options.max_header_bytes = 2000;
  options.dispatch.max_url_bytes = 500;
  TestServer test(options);
  EXPECT_EQ(test.Get("/hello", "X-Long: " + std::string(3000, 'a') + "\r\n").status, 431);
  EXPECT_EQ(test.Get("/hello?x=" + std::string(600, 'a')).status, 414);
  EXPECT_EQ(test.Get("/hello?x=" + std::string(3000, 'a')).status, 414);
  EXPECT_EQ(test.Get("/hello", "X-Long: " + std::string(1500, 'a') + "\r\n").status, 200);
}

TEST(ServerLimits, SlowHeadsAndBodiesEndWith408) {
  ServerOptions options;
  options.header_timeout = 150ms;
  options.body_timeout = 150ms;
  TestServer test(options);
  // Slow loris: a header each now and then, never the end.
  Client loris(test.server->port());
  loris.Send("GET /hello HTTP/1.1\r\nHost: test\r\n");
  std::atomic<bool> over{false};
  std::thread feeding([&] {
    while (!over && loris.Send("X-More: 1\r\n")) std::this_thread::sleep_for(20ms);
  });
  EXPECT_EQ(loris.Read().status, 408);
  over = true;
  feeding.join();
  Client slow(test.server->port());
  slow.Send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"te");
  EXPECT_EQ(slow.Read().status, 408);
  EXPECT_TRUE(slow.ReadsEnd());
  Client spooling(test.server->port());
  spooling.Send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\nContent-Length: 900000\r\n\r\na,b");
  const Reply reply = spooling.Read();
  EXPECT_EQ(reply.status, 408);
  EXPECT_EQ(reply.json()["title"], "Request Timeout");
}

TEST(ServerLimits, IdleConnectionsAreClosedWithoutWords) {
  ServerOptions options;
  options.idle_timeout = 100ms;
  TestServer test(options);
  Client fresh(test.server->port()), used(test.server->port());
  used.Send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(used.Read().status, 200);
  EXPECT_TRUE(fresh.ReadsEnd());
  EXPECT_TRUE(used.ReadsEnd());
}

TEST(ServerLimits, AClientThatDoesNotReadIsLetGo) {
  ServerOptions options;
  options.write_timeout = 150ms;
  TestServer test(options);
  Client client(test.server->port());
  // More than the kernel's buffers hold.
  for (int i = 0; i < 8; ++i) client.Send("GET /large HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_TRUE(Eventually([&] { return test.server->connections() == 0; }));
}

TEST(ServerLimits, BodiesInMemory) {
  ServerOptions options;
  options.dispatch.max_body_bytes = 100000;
  TestServer test(options);
  EXPECT_EQ(test.Post("/echo", "application/json", "{\"text\":\"" + std::string(200000, 'a') + "\"}").status, 413);
  // Without an announced length it shows on the way.
  const std::string chunk = "10000\r\n" + std::string(65536, ' ') + "\r\n";
  EXPECT_EQ(test.Ask("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: "
                     "chunked\r\n\r\n" +
                     chunk + chunk + chunk)
                .status,
            413);
  EXPECT_EQ(test.Post("/echo", "application/json", "{\"text\":\"" + std::string(90000, 'a') + "\"}").status, 200);
}

TEST(ServerLimits, BodiesOfAllRequestsTogether) {
  ServerOptions options;
  options.dispatch.max_memory_of_bodies = 300000;
  TestServer test(options);
  const Reply refused = test.Post("/echo", "application/json", "{\"text\":\"" + std::string(100000, 'a') + "\"}");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  // What was held is given back.
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(test.Post("/echo", "application/json", "{\"text\":\"" + std::string(40000, 'a') + "\"}").status, 200);
  }
}

TEST(ServerLimits, ZipBombs) {
  TestServer test;
  const std::string bomb = GzipEncode("{\"text\":\"" + std::string(20000000, 'a') + "\"}");
  ASSERT_LT(bomb.size(), 100000U);
  EXPECT_EQ(test.Post("/echo", "application/json", bomb, "Content-Encoding: gzip\r\n").status, 413);
  EXPECT_EQ(test.Post("/upload", "text/csv", bomb, "Content-Encoding: gzip\r\n").status, 413);
  const std::string zstd_bomb = ZstdEncode(std::string(200000000, 'a'));
  EXPECT_EQ(test.Post("/upload", "text/csv", zstd_bomb, "Content-Encoding: zstd\r\n").status, 413);
  EXPECT_EQ(test.Post("/upload", "text/csv", GzipEncode("a,b\n1,2\n"), "Content-Encoding: gzip\r\n").body, "8 8 ");
  EXPECT_EQ(
      test.Post("/echo", "application/json", ZstdEncode("{\"text\":\"packed\"}"), "Content-Encoding: zstd\r\n").body,
      "packed");
  EXPECT_EQ(test.Post("/echo", "application/json", "{\"text\":\"packed\"}", "Content-Encoding: br\r\n").status, 415);
  EXPECT_EQ(test.Post("/echo", "application/json", "{\"text\":\"packed\"}", "Content-Encoding: gzip\r\n").status, 400);
  const std::string cut = GzipEncode("{\"text\":\"packed\"}");
  EXPECT_EQ(test.Post("/echo", "application/json", cut.substr(0, cut.size() - 6), "Content-Encoding: gzip\r\n").status,
            400);
}

TEST(ServerLimits, ConcurrentRequests) {
  ServerOptions options;
  options.max_concurrent_requests = 2;
  options.handler_threads = 2;
  TestServer test(options);
  Client one(test.server->port()), two(test.server->port());
  one.Send("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
  two.Send("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
  ASSERT_TRUE(Eventually([&] { return test.table.waiting == 2; }));
  const Reply refused = test.Get("/hello");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.header("retry-after"), "1");
  EXPECT_EQ(test.Get("/healthz").status, 200);  // always admitted, on a thread of its own
  test.table.Open();
  EXPECT_EQ(one.Read().status, 200);
  EXPECT_EQ(two.Read().status, 200);
  EXPECT_EQ(test.Get("/hello").status, 200);
}

TEST(ServerLimits, Connections) {
  ServerOptions options;
  options.max_connections = 2;
  TestServer test(options);
  Client one(test.server->port()), two(test.server->port());
  ASSERT_TRUE(Eventually([&] { return test.server->connections() == 2; }));
  Client three(test.server->port());
  EXPECT_EQ(three.Read().status, 503);
  one.Close();
  ASSERT_TRUE(Eventually([&] { return test.server->connections() == 1; }));
  EXPECT_EQ(test.Get("/hello").status, 200);
}

TEST(ServerLimits, Streams) {
  ServerOptions options;
  options.max_streams = 1;
  TestServer test(options);
  Client first(test.server->port());
  first.Send("GET /forever HTTP/1.1\r\nHost: test\r\n\r\n");
  ASSERT_TRUE(Eventually([&] { return test.table.polls > 0; }));
  const Reply second = test.Get("/forever");
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(second.header("retry-after"), "1");
  first.Close();
  ASSERT_TRUE(Eventually([&] { return test.table.streams == 0; }));
}

TEST(ServerLimits, RateOfOneCaller) {
  ServerOptions options;
  options.dispatch.rate_limit = {.per_second = 0.001, .burst = 3};
  TestServer test(options);
  for (int left = 2; left >= 0; --left) {
    const Reply reply = test.Get("/hello");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("ratelimit-limit"), "3");
    EXPECT_EQ(reply.header("ratelimit-remaining"), std::to_string(left));
  }
  const Reply refused = test.Get("/hello");
  EXPECT_EQ(refused.status, 429);
  EXPECT_GT(std::stoi(refused.header("retry-after")), 0);
  EXPECT_EQ(test.Get("/healthz").status, 200);
  // A key has a bucket of its own, whatever its address has used up.
  const std::string remove = "DELETE /items/1 HTTP/1.1\r\nHost: test\r\nX-API-Key: ";
  EXPECT_EQ(test.Ask(remove + "chief\r\n\r\n").status, 204);
  EXPECT_EQ(test.Ask(remove + "guess\r\n\r\n").status, 429);
}

TEST(ServerLimits, TruncatedBodiesNeverReachAHandler) {
  TestServer test;
  {
    Client client(test.server->port());
    client.Send(
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
        "50\r\n\r\n{\"text\":\"x\"}");
  }
  {
    Client client(test.server->port());
    client.Send(
        "POST /upload HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\nTransfer-Encoding: "
        "chunked\r\n\r\n100\r\nabc");
  }
  EXPECT_TRUE(Eventually([&] { return test.server->connections() == 0; }));
  for (const std::string& line : test.lines()) EXPECT_NE(Json::parse(line)["status"], 200) << line;
}

TEST(ServerLimits, MalformedRequestsEndTheConnection) {
  TestServer test;
  const std::pair<std::string, int> cases[] = {
      {"NONSENSE\r\n\r\n", 400},
      {"GET /hello HTTP/2.7\r\n\r\n", 505},
      {"GET /hello HTTP/1.1\r\nHost: test\r\nBad Name: x\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\n\r\n", 400},
      {"GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: -5\r\n\r\n", 400},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: "
       "chunked\r\n\r\nzz\r\n",
       400},
      {"\x16\x03\x01\x02", 400},
  };
  for (const auto& [bytes, status] : cases) {
    Client client(test.server->port());
    client.Send(bytes);
    const Reply reply = client.Read();
    EXPECT_EQ(reply.status, status) << bytes;
    EXPECT_EQ(reply.header("content-type"), "application/problem+json") << bytes;
  }
  EXPECT_EQ(test.Get("/hello").status, 200);
}

// Children hold the clients' ends, so that one process need not have all descriptors of both sides.
void HoldConnections(std::uint16_t port, int count, int ready, int release) {
  std::vector<std::unique_ptr<Client>> clients;
  char connected = 1;
  for (int i = 0; i < count; ++i) {
    clients.push_back(std::make_unique<Client>(port));
    if (!clients.back()->connected()) connected = 0;
  }
  // Half of them have begun a request and will not go on.
  for (int i = 0; i < count; i += 2) clients[static_cast<std::size_t>(i)]->Send("GET /hello HTTP/1.1\r\nHost:");
  if (::write(ready, &connected, 1) != 1) ::_exit(1);
  char byte = 0;
  if (::read(release, &byte, 1) < 0) ::_exit(1);
  ::_exit(0);
}

std::size_t ResidentKib() {
  std::ifstream status("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  status >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

TEST(ServerLimits, TenThousandIdleConnectionsCostNoService) {
  rlimit limit{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  const int wanted = static_cast<int>(std::min<rlim_t>(10000, limit.rlim_max - 200));
  if (wanted < 10000)
    std::printf("only %d connections: the limit of open files is %lu\n", wanted,
                static_cast<unsigned long>(limit.rlim_max));
  ServerOptions options;
  options.header_timeout = 10min;
  TestServer test(options);
  const std::size_t before = ResidentKib();
  int ready[2], release[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(release), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(release[1]);
    HoldConnections(test.server->port(), wanted, ready[1], release[0]);
  }
  char connected = 0;
  ASSERT_EQ(::read(ready[0], &connected, 1), 1);
  EXPECT_EQ(connected, 1);
  ASSERT_TRUE(Eventually([&] { return test.server->connections() == static_cast<std::size_t>(wanted); }));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(test.Get("/hello").status, 200);
  const std::size_t after = ResidentKib();
  std::printf("%d connections: %.1f KiB each\n", wanted, static_cast<double>(after - std::min(before, after)) / wanted);
  EXPECT_LT(after - std::min(before, after), static_cast<std::size_t>(wanted) * 64);
  ::close(release[1]);
  int state = 0;
  ::waitpid(child, &state, 0);
  EXPECT_EQ(state, 0);
  EXPECT_TRUE(Eventually([&] { return test.server->connections() == 0; }));
  for (const int descriptor : {ready[0], ready[1], release[0]}) ::close(descriptor);
}

}  // namespace
}  // namespace meterhound::http
