// One request's bytes to its answer, without sockets: routing, rights, checks, headers.
#include "http/dispatcher.h"

#include <gtest/gtest.h>

#include "unit/http/http_support.h"

namespace meterhound::http {
namespace {

class DispatcherTest : public testing::Test {
 protected:
  explicit DispatcherTest(DispatchOptions options = {}) {
    options.log = [this](std::string_view line) { lines.emplace_back(line); };
    std::vector<Route> routes = table.Routes();
    Route admin = MakeRoute(Method::kGet, "/admin", "admin",
                            [](const Request& request) { return Response::OfText(request.principal->name); });
    admin.scope = "admin";
    routes.push_back(admin);
    Route any = MakeRoute(Method::kPost, "/any", "any", [](const Request&) { return Response::OfText("any"); });
    any.scope = "*";
    routes.push_back(any);
    Route list = MakeRoute(Method::kGet, "/list", "list", [](const Request& request) {
      std::string text;
      for (const std::string& one : request.List("tier")) text += one + ";";
      return Response::OfText(text + (request.Flag("deep").value_or(false) ? "deep" : "flat") +
                              std::to_string(request.Number("share").value_or(0)));
    });
    list.parameters = {{In::kQuery,
                        "tier",
                        "",
                        {{"type", "array"}, {"items", {{"type", "string"}, {"enum", {"high", "low"}}}}},
                        false},
                       {In::kQuery, "deep", "", {{"type", "boolean"}}, false},
                       {In::kQuery, "share", "", {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}, false},
                       {In::kHeader, "Idempotency-Key", "", {{"type", "string"}, {"maxLength", 5}}, false}};
    routes.push_back(list);
    Route page = MakeRoute(Method::kGet, "/assets/{rest*}", "asset",
                           [](const Request& request) { return Response::OfText(request.PathText("rest")); });
    page.parameters = {{In::kPath, "rest", "", {{"type", "string"}}, true}};
    routes.push_back(page);
    routes.push_back(MakeRoute(Method::kGet, "/trace", "trace", [](const Request& request) {
      return Response::OfText(request.trace_id + " " + request.traceparent);
    }));
    ApiDescription api;
    api.title = "Test";
    api.version = "1";
    auto made = Dispatcher::Create(std::move(options), std::move(api), std::move(routes), TestAuthenticator, metrics);
    if (!made.ok()) throw std::runtime_error(made.error().ToString());
    dispatcher = std::move(*made);
  }

  Response Ask(const std::string& line, const std::string& headers = "", const std::string& body = "") {
    const std::string length = body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return dispatcher->Answer(line + " HTTP/1.1\r\nHost: here:8000\r\n" + headers + length + "\r\n" + body);
  }
  Response Get(const std::string& target, const std::string& headers = "") { return Ask("GET " + target, headers); }
  Response PostJson(const std::string& body) { return Ask("POST /echo", "Content-Type: application/json\r\n", body); }
  static std::string Header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  Metrics metrics;
  TestTable table;
  std::vector<std::string> lines;
  std::unique_ptr<Dispatcher> dispatcher;
};

TEST_F(DispatcherTest, KeysAndScopes) {
  EXPECT_EQ(Get("/admin").status, 401);
  EXPECT_EQ(Header(Get("/admin"), "WWW-Authenticate"), "Bearer realm=\"meterhound\"");
  EXPECT_EQ(Get("/admin", "Authorization: Bearer wrong\r\n").status, 401);
  EXPECT_EQ(Get("/admin", "Authorization: Basic chief\r\n").status, 401);
  EXPECT_EQ(Get("/admin", "Authorization: Bearer reader\r\n").status, 403);
  EXPECT_EQ(Get("/admin", "Authorization: bearer chief\r\n").body, "Chief");
  EXPECT_EQ(Get("/admin", "X-API-Key: chief\r\n").body, "Chief");
  EXPECT_EQ(Get("/admin", "Cookie: a=b; meterhound_session=chief\r\n").body, "Chief");
  // A wrong key is not mended by a good cookie.
  EXPECT_EQ(Get("/admin", "X-API-Key: wrong\r\nCookie: meterhound_session=chief\r\n").status, 401);
  EXPECT_EQ(Get("/admin", "X-API-Key: broken\r\n").status, 503);
  EXPECT_EQ(Ask("POST /any", "X-API-Key: reader\r\n").status, 200);
  EXPECT_EQ(Ask("POST /any").status, 401);
}

TEST_F(DispatcherTest, ForgedChangesAreRefused) {
  const std::string cookie = "Cookie: meterhound_session=chief\r\n";
  const std::string page = cookie + "X-Meterhound: page\r\n";
  EXPECT_EQ(Ask("DELETE /items/1", cookie).status, 403);
  EXPECT_EQ(Ask("DELETE /items/1", page).status, 204);
  EXPECT_EQ(Ask("DELETE /items/1", page + "Origin: http://here:8000\r\nSec-Fetch-Site: same-origin\r\n").status, 204);
  EXPECT_EQ(Ask("DELETE /items/1", page + "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(Ask("DELETE /items/1", page + "Origin: null\r\n").status, 403);
  EXPECT_EQ(Ask("DELETE /items/1", page + "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(Ask("DELETE /items/1", page + "Sec-Fetch-Site: same-site\r\n").status, 403);
  EXPECT_EQ(Ask("DELETE /items/1", "X-API-Key: chief\r\nOrigin: http://evil.example\r\n").status, 204);
  EXPECT_EQ(table.deletes, 3);
  // Public routes too: a page elsewhere must not log anyone in.
  EXPECT_EQ(
      Ask("POST /echo", "Content-Type: application/json\r\nOrigin: http://evil.example\r\n", "{\"text\":\"x\"}").status,
      403);
  EXPECT_EQ(Get("/admin", cookie + "Sec-Fetch-Site: cross-site\r\n").status, 200);
}

TEST_F(DispatcherTest, PathsAreDecodedOnceAndNeverLeaveTheTable) {
  EXPECT_EQ(Get("/items/a%20b%C3%A9").body, "a b\xC3\xA9 50");
  EXPECT_EQ(Get("/items/a+b").body, "a+b 50");
  EXPECT_EQ(Get("/items/%2541").body, "%41 50");
  for (const std::string target :
       {"/items/..", "/items/%2e%2e", "/items/.%2E", "/assets/../secret", "/assets/a/%2e%2e/b", "/items/a%2Fb",
        "/items/a%5Cb", "/items/a\\b", "/items/%00", "/items/%0d%0aX:1", "/items/%ff", "/items/%c0%ae", "/items/%zz",
        "/items/%4", "/items/a#b", "hello", "*"}) {
    EXPECT_EQ(Get(target).status, 400) << target;
  }
  for (const std::string target : {"/items//", "//hello", "/nothing", "/items", "/items/1/2", "/", "/assets"}) {
    EXPECT_EQ(Get(target).status, 404) << target;
  }
  EXPECT_EQ(Get("/assets/a/b.js").body, "a/b.js");
  EXPECT_EQ(Get("http://here:8000/hello").body, "hello\n");
}

TEST_F(DispatcherTest, ATrailingSlashLeadsToThePathWithout) {
  const Response moved = Get("/items/a%20b/?limit=3");
  EXPECT_EQ(moved.status, 308);
  EXPECT_EQ(Header(moved, "Location"), "/items/a%20b?limit=3");
  EXPECT_EQ(Ask("DELETE /items/1/", "X-API-Key: chief\r\n").status, 404);
  EXPECT_EQ(Get("/nothing/").status, 404);
}

TEST_F(DispatcherTest, ParametersAreCheckedAndTyped) {
  EXPECT_EQ(Get("/items/1?limit=200").body, "1 200");
  for (const std::string query : {"limit=0", "limit=201", "limit=x", "limit=1.5", "limit=", "limit=1&limit=2",
                                  "limit=99999999999999999999", "limt=5", "limit=%zz", "limit=%ff", "limit=%00"}) {
    EXPECT_EQ(Get("/items/1?" + query).status, 400) << query;
  }
  const Json problem = Json::parse(Get("/items/1?limit=0&limt=5").body);
  EXPECT_EQ(problem["errors"][0], Json({{"pointer", "query/limit"}, {"detail", "is 0, expected at least 1"}}));
  EXPECT_EQ(problem["errors"][1]["detail"], "is unknown; did you mean \"limit\"?");
  EXPECT_EQ(Get("/list?tier=high,low&deep=true&share=0.25").body, "high;low;deep0.250000");
  EXPECT_EQ(Get("/list?tier=high&tier=low").body, "high;low;flat0.000000");
  for (const std::string query : {"tier=middle", "deep=yes", "share=nan", "share=inf", "share=1e400", "share=2"}) {
    EXPECT_EQ(Get("/list?" + query).status, 400) << query;
  }
  EXPECT_EQ(Get("/list", "Idempotency-Key: 123456\r\n").status, 400);
  EXPECT_EQ(Get("/list", "Idempotency-Key: \xff\r\n").status, 400);
}

TEST_F(DispatcherTest, BodiesAreParsedAndCheckedWithAPlace) {
  EXPECT_EQ(PostJson("{\"text\":\"x\"}").body, "x");
  const std::string deep = std::string(100, '[') + std::string(100, ']');
  for (const std::string body :
       {"{\"text\":", "{\"text\":\"x\"} y", "{\"text\":\"\xff\"}", "{\"text\":\"a\",\"text\":\"b\"}",
        "{\"text\":1e999}", "{\"text\":123456789012345678901234567890}", "{\"text\":\"\\u0000\"}", "{\"text\":NaN}",
        "'x'", deep.c_str()}) {
    const Response response = PostJson(body);
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_NE(Json::parse(response.body)["detail"].get<std::string>().find("line 1, column"), std::string::npos)
        << response.body;
  }
  for (const std::string body : {"{}", "[]", "null", "{\"text\":5}", "{\"text\":\"x\",\"more\":1}"}) {
    const Response response = PostJson(body);
    EXPECT_EQ(response.status, 422) << body;
    EXPECT_FALSE(Json::parse(response.body)["errors"].empty());
  }
  EXPECT_EQ(Ask("POST /echo", "Content-Type: text/plain\r\n", "x").status, 415);
  EXPECT_EQ(Ask("POST /echo", "", "{\"text\":\"x\"}").status, 415);
  EXPECT_EQ(Ask("POST /echo", "Content-Type: application/json\r\n").status, 400);
  EXPECT_EQ(Ask("POST /echo", "Content-Type: Application/JSON; charset=utf-8\r\n", "{\"text\":\"x\"}").status, 200);
}

TEST_F(DispatcherTest, HeadersOfAnAnswerCannotBeInjected) {
  EXPECT_EQ(Header(Get("/inject?name=plain"), "X-Name"), "plain");
  const Response injected = Get("/inject?name=a%0d%0aSet-Cookie:%20x=y");
  EXPECT_EQ(injected.status, 500);
  EXPECT_EQ(Header(injected, "X-Name"), "");
  EXPECT_NE(lines.back().find("control characters"), std::string::npos);
  for (const auto& [name, value] : injected.headers)
    EXPECT_EQ((name + value).find_first_of("\r\n"), std::string::npos) << name;
}

TEST_F(DispatcherTest, EveryAnswerHasSecurityHeaders) {
  for (const std::string target : {"/hello", "/nothing", "/throws", "/docs", "/openapi.json", "/items/.."}) {
    const Response response = Get(target);
    EXPECT_NE(Header(response, "Content-Security-Policy").find("default-src 'self'"), std::string::npos) << target;
    EXPECT_NE(Header(response, "Content-Security-Policy").find("frame-ancestors 'none'"), std::string::npos) << target;
    EXPECT_EQ(Header(response, "X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(Header(response, "Referrer-Policy"), "no-referrer") << target;
    EXPECT_EQ(Header(response, "Strict-Transport-Security"), "") << target;
    EXPECT_NE(Header(response, "Cache-Control"), "") << target;
    EXPECT_NE(Header(response, "X-Request-Id"), "") << target;
  }
}

TEST_F(DispatcherTest, ETagsSaveTheBody) {
  const Response whole = Get("/openapi.json");
  const std::string tag = Header(whole, "ETag");
  ASSERT_NE(tag, "");
  for (const std::string& asked : {tag, "\"x\", " + tag, std::string("*"), tag.substr(2)}) {
    const Response same = Get("/openapi.json", "If-None-Match: " + asked + "\r\n");
    EXPECT_EQ(same.status, 304) << asked;
    EXPECT_EQ(same.body, "");
    EXPECT_EQ(Header(same, "ETag"), tag);
  }
  EXPECT_EQ(Get("/openapi.json", "If-None-Match: \"x\"\r\n").status, 200);
  EXPECT_EQ(Ask("HEAD /openapi.json", "If-None-Match: " + tag + "\r\n").status, 304);
}

TEST_F(DispatcherTest, IdsAndTracesGoOn) {
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const std::string body = Get("/trace", "traceparent: 00-" + trace + "-00f067aa0ba902b7-01\r\n").body;
  EXPECT_EQ(body.substr(0, 33 + 36), trace + " 00-" + trace + "-");
  EXPECT_EQ(body.find("00f067aa0ba902b7"), std::string::npos);
  EXPECT_EQ(Json::parse(lines.back())["trace_id"], trace);
  for (const std::string& bad :
       {"00-" + trace + "-00f067aa0ba902b7", "ff-" + trace + "-00f067aa0ba902b7-01",
        "00-" + std::string(32, '0') + "-00f067aa0ba902b7-01", "00-" + std::string(32, 'G') + "-00f067aa0ba902b7-01"}) {
    EXPECT_EQ(Get("/trace", "traceparent: " + bad + "\r\n").body.find(trace), std::string::npos) << bad;
  }
  EXPECT_EQ(Header(Get("/hello", "X-Request-Id: job-7.a_B\r\n"), "X-Request-Id"), "job-7.a_B");
  EXPECT_EQ(Header(Get("/hello", "X-Request-Id: \"evil\"\r\n"), "X-Request-Id").size(), 32U);
}

TEST_F(DispatcherTest, LogsNothingSecret) {
  Ask("DELETE /items/customer-17?x=private",
      "Authorization: Bearer chief\r\nCookie: meterhound_session=cookie-value\r\n");
  Ask("DELETE /items/customer-17", "Authorization: Bearer chief\r\nX-Request-Id: r1\r\n");
  Ask("POST /echo", "Content-Type: application/json\r\n", "{\"text\":\"body-words\"}");
  ASSERT_EQ(lines.size(), 3U);
  for (const std::string& line : lines) {
    for (const char* secret : {"Bearer", "chief", "cookie-value", "customer-17", "private", "body-words"}) {
      EXPECT_EQ(line.find(secret), std::string::npos) << line;
    }
  }
  const Json line = Json::parse(lines[1]);
  EXPECT_EQ(line["principal"], "k2");
  EXPECT_EQ(line["method"], "DELETE");
  EXPECT_EQ(line["route"], "/items/{id}");
  EXPECT_EQ(line["status"], 204);
  EXPECT_EQ(line["request_id"], "r1");
}

TEST_F(DispatcherTest, CountsByRouteNotByPath) {
  for (int i = 0; i < 3; ++i) Get("/items/" + std::to_string(i));
  for (int i = 0; i < 2; ++i) Get("/nothing/" + std::to_string(i));
  const std::string text = metrics.Text();
  EXPECT_NE(text.find("meterhound_http_requests_total{method=\"GET\",route=\"/items/{id}\",status=\"200\"} 3"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("meterhound_http_requests_total{method=\"GET\",route=\"(none)\",status=\"404\"} 2"),
            std::string::npos);
  EXPECT_NE(text.find("meterhound_http_request_duration_seconds_count{method=\"GET\",route=\"/items/{id}\"} 3"),
            std::string::npos);
  EXPECT_NE(text.find("meterhound_http_requests_in_flight 0"), std::string::npos);
}

class LoopbackOnly : public DispatcherTest {
 protected:
  LoopbackOnly() : DispatcherTest(Options()) {}
  static DispatchOptions Options() {
    DispatchOptions options;
    options.allowed_hosts = {"localhost", "127.0.0.1", "[::1]"};
    options.tls = true;
    options.trusted_proxies = {""};  // Answer has no address
    return options;
  }
};

TEST_F(LoopbackOnly, OtherNamesAreNotAnswered) {
  for (const std::string host : {"localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000", "[::1]"}) {
    EXPECT_EQ(dispatcher->Answer("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status, 200) << host;
  }
  for (const std::string host : {"evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "", "[::1"}) {
    EXPECT_EQ(dispatcher->Answer("GET /hello HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status, 400) << host;
  }
}

TEST_F(LoopbackOnly, BehindTlsBrowsersAreToldToStayThere) {
  EXPECT_EQ(Header(dispatcher->Answer("GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n"), "Strict-Transport-Security"),
            "max-age=31536000");
}

TEST_F(LoopbackOnly, ATrustedProxyNamesTheClient) {
  dispatcher->Answer("GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 1.2.3.4, 192.0.2.7\r\n\r\n");
  EXPECT_EQ(Json::parse(lines.back())["remote"], "192.0.2.7");
}

TEST(DispatcherTable, RefusesATableAtOddsWithItself) {
  Metrics metrics;
  const auto refusal = [&](const std::function<void(std::vector<Route>&)>& spoil) {
    TestTable table;
    std::vector<Route> routes = table.Routes();
    spoil(routes);
    const auto made = Dispatcher::Create({}, {}, routes, TestAuthenticator, metrics);
    return made.ok() ? std::string() : made.error().ToString();
  };
  EXPECT_EQ(refusal([](auto&) {}), "");
  EXPECT_NE(refusal([](auto& routes) { routes.push_back(routes[0]); }), "");
  EXPECT_NE(refusal([](auto& routes) { routes[0].handler = nullptr; }), "");
  EXPECT_NE(refusal([](auto& routes) { routes[0].operation_id = routes[1].operation_id; }), "");
  EXPECT_NE(refusal([](auto& routes) { routes[0].path = "/hello/{id}"; }), "");
  EXPECT_NE(refusal([](auto& routes) { routes[0].path = "hello"; }), "");
  EXPECT_NE(refusal([](auto& routes) { routes[2].parameters[1].schema["pattern"] = "x"; }), "");
  EXPECT_NE(refusal([](auto& routes) { routes[2].parameters[1].schema["default"] = 0; }), "");
  EXPECT_NE(refusal([](auto& routes) {
              routes[0].responses[0].schema = {{"$ref", "#/components/schemas/Nowhere"}};
            }),
            "");
}

TEST(DispatcherTable, ChecksAnswersWhenAskedTo) {
  Metrics metrics;
  Route route = MakeRoute(Method::kGet, "/n", "n", [](const Request& request) {
    return Response::OfJson({{"n", *request.Text("n")}});
  });
  route.parameters = {{In::kQuery, "n", "", {{"type", "string"}}, true}};
  route.responses = {
      {200, "A number", "application/json", {{"type", "object"}, {"properties", {{"n", {{"maxLength", 3}}}}}}, {}}};
  DispatchOptions options;
  options.check_responses = true;
  const auto made = Dispatcher::Create(options, {}, {route}, TestAuthenticator, metrics);
  ASSERT_TRUE(made.ok()) << made.error().ToString();
  EXPECT_EQ((*made)->Answer("GET /n?n=abc HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
  EXPECT_EQ((*made)->Answer("GET /n?n=abcd HTTP/1.1\r\nHost: x\r\n\r\n").status, 500);
}

}  // namespace
}  // namespace meterhound::http
