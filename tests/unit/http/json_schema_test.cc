// The schema checker against the public test suite of JSON Schema, and the words of its findings.
#include "http/json_schema.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/file.h"

namespace meterhound::http {
namespace {

SchemaChecker Checker(Json components = Json::object()) {
  auto made = SchemaChecker::Create(std::move(components));
  if (!made.ok()) throw std::runtime_error(made.error().ToString());
  return std::move(*made);
}

// Keywords whose meaning is the same in draft 7 (the newest that Debian's package has) and 2020-12.
class PublicSuite : public testing::TestWithParam<const char*> {};

TEST_P(PublicSuite, AgreesOnEverySchemaThatIsTaken) {
  const std::filesystem::path folder = "/usr/share/json-schema-test-suite/tests/draft7";
  const auto path = folder / (std::string(GetParam()) + ".json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the package json-schema-test-suite is not installed";
  const auto text = ReadFile(path);
  ASSERT_TRUE(text.ok());
  const SchemaChecker checker = Checker();
  int checked = 0;
  for (const Json& group : Json::parse(*text)) {
    if (!checker.Accepts(group["schema"], "suite").ok()) continue;  // a keyword that we refuse to promise
    for (const Json& test : group["tests"]) {
      const auto findings = checker.Check(group["schema"], test["data"]);
      EXPECT_EQ(findings.empty(), test["valid"].get<bool>()) << group["description"] << ": " << test["description"];
      ++checked;
    }
  }
  EXPECT_GT(checked, 2);
}

INSTANTIATE_TEST_SUITE_P(Keywords, PublicSuite,
                         testing::Values("type", "enum", "const", "properties", "required", "additionalProperties",
                                         "items", "minItems", "maxItems", "uniqueItems", "minProperties",
                                         "maxProperties", "minLength", "maxLength", "minimum", "maximum",
                                         "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "allOf", "anyOf",
                                         "oneOf", "not", "boolean_schema", "optional/format/date",
                                         "optional/format/date-time"),
                         [](const auto& keyword) {
                           std::string name = keyword.param;
                           std::erase_if(name, [](char c) { return c == '/' || c == '-'; });
                           return name;
                         });

TEST(JsonSchema, FindingsNameThePlaceAndWhatWasExpected) {
  const Json consumer = {
      {"type", "object"},
      {"required", {"id", "readings"}},
      {"additionalProperties", false},
      {"properties",
       {{"id", {{"type", "string"}, {"minLength", 1}}},
        {"start", {{"type", "string"}, {"format", "date"}}},
        {"cadence", {{"enum", {"daily", "hourly"}}}},
        {"readings", {{"type", "array"}, {"maxItems", 4}, {"items", {{"type", {"number", "null"}}}}}},
        {"a/b~c", {{"type", "boolean"}}}}}};
  const SchemaChecker checker = Checker({{"Consumer", consumer}});
  const Json schema = {{"type", "array"}, {"items", {{"$ref", "#/components/schemas/Consumer"}}}};
  EXPECT_TRUE(checker.Check(schema, Json::parse(R"([{"id": "a", "readings": [1, null, 2.5], "start": "2014-02-28"}])"))
                  .empty());
  const Json bad = Json::parse(
      R"([{"id": "", "start": "2014-02-30", "cadence": "weekly", "readings": [1, "x", 2, 3, 4], "a/b~c": 1, "more": 1}, {}])");
  const std::vector<Finding> expected = {
      {"body/1", "lacks \"id\""},
      {"body/1", "lacks \"readings\""},
      {"body/0/more", "is unknown here"},
      {"body/0/id", "has 0 characters, expected at least 1"},
      {"body/0/start", "is \"2014-02-30\", expected a date, such as 2014-01-31"},
      {"body/0/cadence", "is \"weekly\", expected one of: \"daily\", \"hourly\""},
      {"body/0/readings", "has 5 items, expected at most 4"},
      {"body/0/readings/1", "is of type string, expected number or null"},
      {"body/0/a~1b~0c", "is of type integer, expected boolean"},
  };
  auto findings = checker.Check(schema, bad, "body");
  const auto by_text = [](const Finding& a, const Finding& b) { return a.pointer + a.detail < b.pointer + b.detail; };
  auto sorted = expected;
  std::sort(sorted.begin(), sorted.end(), by_text);
  std::sort(findings.begin(), findings.end(), by_text);
  ASSERT_EQ(findings.size(), sorted.size());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    EXPECT_EQ(findings[i].pointer, sorted[i].pointer);
    EXPECT_EQ(findings[i].detail, sorted[i].detail);
  }
}

TEST(JsonSchema, AlternativesReportTheOneThatWasMeant) {
  const Json schema = {{"anyOf", {{{"type", "null"}}, {{"type", "object"}, {"required", {"value"}}}}}};
  const SchemaChecker checker = Checker();
  EXPECT_TRUE(checker.Check(schema, nullptr).empty());
  EXPECT_EQ(checker.Check(schema, Json::object()).at(0).detail, "lacks \"value\"");
  EXPECT_EQ(checker.Check(schema, 5).at(0).detail, "is of type integer, which fits none of the allowed forms");
}

TEST(JsonSchema, SaysAtMostTwentyThings) {
  const Json schema = {{"items", {{"type", "string"}}}};
  EXPECT_EQ(Checker().Check(schema, Json(std::vector<int>(1000, 1))).size(), 20U);
}

TEST(JsonSchema, EndsWhereASchemaMeansItself) {
  const SchemaChecker checker = Checker({{"Loop", {{"$ref", "#/components/schemas/Loop"}}}});
  EXPECT_FALSE(checker.Check({{"$ref", "#/components/schemas/Loop"}}, 1).empty());
}

TEST(JsonSchema, RefusesWhatItDoesNotCheck) {
  const SchemaChecker checker = Checker();
  const Json bad_schemas[] = {{{"pattern", "^a"}},
                              {{"type", "text"}},
                              {{"format", "email"}},
                              {{"$ref", "#/components/schemas/Nowhere"}},
                              {{"$ref", "https://example.org/schema"}},
                              {{"properties", {{"a", {{"if", true}}}}}},
                              {{"items", {{"anyOf", Json::array()}}}},
                              {{"minimum", "1"}},
                              {{"required", "a"}},
                              "text"};
  for (const Json& schema : bad_schemas) {
    const Status status = checker.Accepts(schema, "route");
    ASSERT_FALSE(status.ok()) << schema;
    EXPECT_EQ(status.error().code, ErrorCode::kInternal);
    EXPECT_EQ(status.error().where.substr(0, 5), "route");
  }
  EXPECT_FALSE(SchemaChecker::Create({{"A", {{"pattern", "x"}}}}).ok());
}

}  // namespace
}  // namespace meterhound::http
