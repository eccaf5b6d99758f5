// The document says what the table says, every reference in it leads somewhere, and the page asks for nothing from
// elsewhere.
#include "http/open_api.h"

#include <gtest/gtest.h>

#include "http/docs_page.h"
#include "unit/http/http_support.h"

namespace meterhound::http {
namespace {

Json Document() {
  TestTable table;
  ApiDescription api{.title = "Test",
                     .version = "1",
                     .description = "About",
                     .schemas = {{"Thing", {{"type", "object"}}}},
                     .tags = {{"jobs", "Jobs"}}};
  std::vector<Route> routes = table.Routes();
  routes[0].responses = {
      {200, "Both", "application/json", {{"$ref", "#/components/schemas/Thing"}}, {{"ETag", "version"}}},
      {200, "Both", "text/csv", {}, {}},
      {404, "None", "application/problem+json", {{"$ref", "#/components/schemas/Problem"}}, {}}};
  routes[0].scope = "score";
  routes[0].tag = "jobs";
  routes[1].documented = false;
  return OpenApiDocument(api, routes, "session");
}

void CheckReferences(const Json& node, const Json& document) {
  if (node.is_object() && node.contains("$ref")) {
    const Json::json_pointer pointer(node["$ref"].get<std::string>().substr(1));
    EXPECT_TRUE(document.contains(pointer)) << node;
  }
  if (node.is_structured()) {
    for (const Json& child : node) CheckReferences(child, document);
  }
}

TEST(OpenApi, FollowsTheTable) {
  const Json document = Document();
  EXPECT_EQ(document["openapi"], "3.1.0");
  const Json& hello = document["paths"]["/hello"]["get"];
  EXPECT_EQ(hello["operationId"], "hello");
  EXPECT_EQ(hello["security"][0], Json({{"bearer", {"score"}}}));
  EXPECT_TRUE(hello["responses"]["200"]["content"].contains("application/json"));
  EXPECT_TRUE(hello["responses"]["200"]["content"].contains("text/csv"));
  for (const char* status : {"400", "401", "403", "404", "408", "414", "429", "431", "500", "503"})
    EXPECT_TRUE(hello["responses"].contains(status)) << status;
  for (const char* status : {"413", "415", "422"}) EXPECT_FALSE(hello["responses"].contains(status)) << status;
  const Json& echo = document["paths"]["/echo"]["post"];
  for (const char* status : {"403", "413", "415", "422"}) EXPECT_TRUE(echo["responses"].contains(status)) << status;
  EXPECT_FALSE(echo["responses"].contains("401"));
  EXPECT_EQ(echo["security"], Json::array());
  EXPECT_EQ(echo["requestBody"]["content"]["application/json"]["schema"]["required"][0], "text");
  const Json& item = document["paths"]["/items/{id}"];
  EXPECT_TRUE(item.contains("get") && item.contains("delete"));
  EXPECT_EQ(item["get"]["parameters"][1]["schema"]["maximum"], 200);
  EXPECT_FALSE(document["paths"].contains("/healthz"));
  CheckReferences(document, document);
}

TEST(OpenApi, ThePageAsksForNothingFromElsewhere) {
  for (const std::string_view text : {DocsHtml(), DocsScript(), DocsStyle()}) {
    EXPECT_EQ(text.find("://"), std::string_view::npos);
    EXPECT_EQ(text.find("innerHTML"), std::string_view::npos);
    EXPECT_EQ(text.find(" style="), std::string_view::npos);
    EXPECT_EQ(text.find("onclick"), std::string_view::npos);
  }
  // Scripts and styles are files of their own, which a strict Content-Security-Policy allows.
  EXPECT_NE(DocsHtml().find("<script src=\"/docs/docs.js\" defer></script>"), std::string_view::npos);
}

TEST(OpenApi, IsServed) {
  TestServer test;
  EXPECT_EQ(test.Get("/openapi.json").json(), test.server->open_api());
  EXPECT_EQ(test.Get("/docs").header("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(test.Get("/docs/docs.js").header("content-type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(test.Get("/docs/docs.css").status, 200);
}

}  // namespace
}  // namespace meterhound::http
