// The server over real sockets: what HTTP clients do, and what they get.
#include "http/server.h"

#include <zlib.h>

#include "base/file.h"
#include "unit/http/http_support.h"

namespace meterhound::http {
namespace {

TEST(Server, AnswersAndKeepsTheConnection) {
  TestServer test;
  Client client(test.server->port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.Send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n"));
    const Reply reply = client.Read();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "hello\n");
    EXPECT_EQ(reply.header("content-type"), "text/plain; charset=utf-8");
    EXPECT_EQ(reply.header("connection"), "");
    EXPECT_NE(reply.header("date"), "");
  }
}

TEST(Server, ClosesWhenAsked) {
  TestServer test;
  Client client(test.server->port());
  client.Send("GET /hello HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.Read().header("connection"), "close");
  EXPECT_TRUE(client.ReadsEnd());
  Client old(test.server->port());
  old.Send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.Read().status, 200);
  EXPECT_TRUE(old.ReadsEnd());
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  TestServer test;
  Client client(test.server->port());
  std::string bytes;
  for (int i = 0; i < 50; ++i) bytes += "GET /items/" + std::to_string(i) + " HTTP/1.1\r\nHost: test\r\n\r\n";
  bytes +=
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: "
      "13\r\n\r\n{\"text\":\"mid\"}"
      "GET /hello HTTP/1.1\r\nHost: test\r\n\r\n";
  bytes.replace(bytes.find("Content-Length: 13"), 18, "Content-Length: 14");
  ASSERT_TRUE(client.Send(bytes));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(client.Read().body, std::to_string(i) + " 50");
  EXPECT_EQ(client.Read().body, "mid");
  EXPECT_EQ(client.Read().body, "hello\n");
}

TEST(Server, TakesBytesInAnyPieces) {
  TestServer test;
  Client client(test.server->port());
  const std::string bytes =
      "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "7;name=value\r\n{\"text\"\r\n8\r\n:\"piece\"\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n";
  for (const char byte : bytes) {
    ASSERT_TRUE(client.Send({&byte, 1}));
    std::this_thread::yield();
  }
  const Reply reply = client.Read();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "piece");
  client.Send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(client.Read().status, 200);
}

TEST(Server, AsksForABodyBeforeItIsSent) {
  TestServer test;
  Client client(test.server->port());
  const std::string head =
      "Host: test\r\nContent-Type: application/json\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n";
  client.Send("POST /echo HTTP/1.1\r\n" + head);
  EXPECT_EQ(client.Read().status, 100);
  client.Send("{\"text\":\"x\"}");
  EXPECT_EQ(client.Read().body, "x");
  // What is refused is not asked for.
  client.Send("POST /nowhere HTTP/1.1\r\n" + head);
  EXPECT_EQ(client.Read().status, 404);
}

TEST(Server, HeadHasTheHeadersAlone) {
  TestServer test;
  Client client(test.server->port());
  client.Send("HEAD /large HTTP/1.1\r\nHost: test\r\n\r\nGET /hello HTTP/1.1\r\nHost: test\r\n\r\n");
  const Reply head = client.Read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), "3000000");
  EXPECT_EQ(client.Read().body, "hello\n");
}

TEST(Server, NamesTheMethodsOfAPath) {
  TestServer test;
  const Reply options = test.Ask("OPTIONS /items/7 HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("allow"), "DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(test.Ask("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n").status, 204);
  const Reply put = test.Ask("PUT /items/7 HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(put.status, 405);
  EXPECT_EQ(put.header("allow"), "DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(put.header("content-type"), "application/problem+json");
  EXPECT_EQ(test.Ask("BREW /hello HTTP/1.1\r\nHost: test\r\n\r\n").status, 405);
}

TEST(Server, SendsLargeAnswersWholeOrPacked) {
  TestServer test;
  EXPECT_EQ(test.Get("/large").body, std::string(3000000, 'x'));
  const Reply packed = test.Get("/large", "Accept-Encoding: br, gzip\r\n");
  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 20000U);
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 31), Z_OK);
  std::string plain(3000001, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.body.data()));
  stream.avail_in = static_cast<uInt>(packed.body.size());
  stream.next_out = reinterpret_cast<Bytef*>(plain.data());
  stream.avail_out = static_cast<uInt>(plain.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  EXPECT_EQ(stream.total_out, 3000000U);
  inflateEnd(&stream);
  EXPECT_EQ(test.Get("/large", "If-None-Match: \"other\", W/\"v1\"\r\n").status, 304);
}

TEST(Server, SpoolsUploads) {
  TestServer test;
  const std::string csv(5000000, 'a');
  const Reply reply =
      test.Post("/upload", "text/csv", csv, "Content-Disposition: attachment; filename=\"../../a b.csv\"\r\n");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "5000000 5000000 a b.csv");
}

TEST(Server, RemovesSpooledFiles) {
  const auto folder = std::filesystem::temp_directory_path() / ("spool" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  {
    ServerOptions options;
    options.dispatch.spool_folder = folder;
    TestServer test(options);
    EXPECT_EQ(test.Post("/upload", "text/csv", std::string(100000, 'a')).status, 200);
    EXPECT_TRUE(std::filesystem::is_empty(folder));
    // A client that goes away in the middle leaves nothing either.
    Client client(test.server->port());
    client.Send("POST /upload HTTP/1.1\r\nHost: test\r\nContent-Type: text/csv\r\nContent-Length: 9000000\r\n\r\n" +
                std::string(600000, 'a'));
    EXPECT_TRUE(Eventually([&] { return !std::filesystem::is_empty(folder); }));
    client.Close();
    EXPECT_TRUE(Eventually([&] { return std::filesystem::is_empty(folder); }));
    EXPECT_TRUE(Eventually([&] { return test.server->connections() == 0; }));
  }
  std::filesystem::remove_all(folder);
}

TEST(Server, SendsFilesAndLetsTemporaryOnesGo) {
  const auto path = std::filesystem::temp_directory_path() / ("answer" + std::to_string(::getpid()));
  const auto kept = path.string() + "-kept";
  const std::string text(1000000, 'f');
  ASSERT_TRUE(WriteFile(kept, text).ok());
  Route temporary = MakeRoute(Method::kGet, "/temporary", "temporary", [&](const Request&) -> Result<Response> {
    METERHOUND_RETURN_IF_ERROR(WriteFile(path, text));
    return Response::OfFile(std::make_shared<SpooledFile>(path, text.size()), "text/csv");
  });
  Route file =
      MakeRoute(Method::kGet, "/file", "file", [&](const Request&) { return Response::OfFile(kept, "text/csv"); });
  Route missing = MakeRoute(Method::kGet, "/missing", "missing",
                            [](const Request&) { return Response::OfFile("/nowhere/at/all", "text/csv"); });
  TestServer test({}, {temporary, file, missing});
  for (const std::string target : {"/temporary", "/file"}) {
    Client client(test.server->port());
    for (int i = 0; i < 2; ++i) {
      client.Send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
      EXPECT_EQ(client.Read().body, text);
    }
    client.Send("HEAD " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
    EXPECT_EQ(client.Read(true).header("content-length"), "1000000");
  }
  EXPECT_TRUE(Eventually([&] { return !std::filesystem::exists(path); }));
  EXPECT_TRUE(std::filesystem::exists(kept));
  EXPECT_EQ(test.Get("/missing").status, 500);
  std::filesystem::remove(kept);
}

TEST(Server, StreamsEvents) {
  TestServer test;
  Client client(test.server->port());
  client.Send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n");
  const std::string all = client.ReadAll();
  EXPECT_NE(all.find("Content-Type: text/event-stream\r\n"), std::string::npos);
  EXPECT_EQ(all.find("Content-Length"), std::string::npos);
  EXPECT_EQ(all.substr(all.find("\r\n\r\n") + 4),
            "event: job\ndata: {\"left\":3}\n\nevent: job\ndata: {\"left\":2}\n\nevent: job\ndata: {\"left\":1}\n\n");
  EXPECT_TRUE(Eventually([&] { return test.table.streams == 0; }));
}

TEST(Server, SendsAHeartbeatAndNoticesThatTheClientIsGone) {
  ServerOptions options;
  options.heartbeat = 20ms;
  TestServer test(options);
  Client client(test.server->port());
  client.Send("GET /forever HTTP/1.1\r\nHost: test\r\n\r\n");
  while (client.received().find(": alive\n\n") == std::string::npos) ASSERT_TRUE(client.ReadSome());
  EXPECT_EQ(test.table.streams, 1);
  client.Close();
  EXPECT_TRUE(Eventually([&] { return test.table.streams == 0; }));
  const int polls = test.table.polls;
  EXPECT_EQ(test.Get("/hello").status, 200);
  EXPECT_EQ(test.table.polls, polls);
}

TEST(Server, StopLetsARunningRequestFinish) {
  TestServer test;
  Client idle(test.server->port()), busy(test.server->port()), stream(test.server->port());
  idle.Send("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(idle.Read().status, 200);
  busy.Send("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
  stream.Send("GET /forever HTTP/1.1\r\nHost: test\r\n\r\n");
  ASSERT_TRUE(Eventually([&] { return test.table.waiting == 1 && test.table.polls > 0; }));
  const std::uint16_t port = test.server->port();
  std::thread stopping([&] { test.server->Stop(60s); });
  EXPECT_TRUE(idle.ReadsEnd());
  stream.ReadAll();
  EXPECT_TRUE(Eventually([&] { return !Client(port).connected(); }));
  EXPECT_EQ(test.table.waiting, 1);
  test.table.Open();
  const Reply reply = busy.Read();
  EXPECT_EQ(reply.body, "waited\n");
  EXPECT_EQ(reply.header("connection"), "close");
  stopping.join();
  EXPECT_FALSE(test.table.stop_seen);
  EXPECT_EQ(test.server->connections(), 0U);
}

TEST(Server, StopAsksHandlersToEndWhenTheGraceIsOver) {
  TestServer test;
  Client busy(test.server->port());
  busy.Send("GET /wait HTTP/1.1\r\nHost: test\r\n\r\n");
  ASSERT_TRUE(Eventually([&] { return test.table.waiting == 1; }));
  test.server->Stop(10ms);
  EXPECT_TRUE(test.table.stop_seen);
  EXPECT_EQ(busy.Read().status, 0);
}

TEST(Server, RefusesAnAddressThatIsTaken) {
  TestServer test;
  Metrics metrics;
  ServerOptions options;
  options.port = test.server->port();
  auto second = Server::Create(options, {}, {}, TestAuthenticator, metrics);
  ASSERT_TRUE(second.ok());
  const Status started = (*second)->Start();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(started.error().where, "127.0.0.1:" + std::to_string(options.port));
}

TEST(Server, HidesWhatAHandlerThrows) {
  TestServer test;
  const Reply reply = test.Get("/throws", "X-Request-Id: abc.1\r\n");
  EXPECT_EQ(reply.status, 500);
  EXPECT_EQ(reply.body.find("secret"), std::string::npos);
  EXPECT_EQ(reply.json()["instance"], "abc.1");
  ASSERT_TRUE(Eventually([&] { return test.lines().size() == 1; }));
  const Json line = Json::parse(test.lines()[0]);
  EXPECT_EQ(line["error"], "secret words");
  EXPECT_EQ(line["request_id"], "abc.1");
  EXPECT_EQ(line["level"], "error");
}

}  // namespace
}  // namespace meterhound::http
