// JSON from strangers: the same values as nlohmann's own parser where it is taken, and a place where it is not.
#include "http/request_json.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace meterhound::http {
namespace {

// Any JSON value of small size.
rc::Gen<Json> AnyJson(int depth) {
  const auto leaf = rc::gen::oneOf(
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](auto v) { return Json(v); }),
      rc::gen::map(rc::gen::arbitrary<double>(), [](auto v) { return Json(v); }),
      rc::gen::map(rc::gen::arbitrary<bool>(), [](auto v) { return Json(v); }), rc::gen::just(Json()),
      rc::gen::map(rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)), [](auto v) { return Json(v); }));
  if (depth == 0) return leaf;
  const auto list =
      rc::gen::map(rc::gen::container<std::vector<Json>>(AnyJson(depth - 1)), [](auto v) { return Json(v); });
  const auto object =
      rc::gen::map(rc::gen::container<std::map<std::string, Json>>(
                       rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127)), AnyJson(depth - 1)),
                   [](const auto& members) {
                     Json value = Json::object();
                     for (const auto& [key, member] : members) value[key] = member;
                     return value;
                   });
  return rc::gen::oneOf(leaf, list, object);
}

RC_GTEST_PROP(RequestJson, ReadsWhatWasWritten, ()) {
  const Json value = *AnyJson(2);
  const auto parsed = ParseRequestJson(value.dump(), 64);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == Json::parse(value.dump()));
}

TEST(RequestJson, NamesThePlace) {
  const auto where = [](const std::string& text) {
    const auto parsed = ParseRequestJson(text, 3);
    return parsed.ok() ? std::string("taken") : parsed.error().where;
  };
  EXPECT_EQ(where("{\n  \"a\": tru,\n}"), "line 2, column 11");
  EXPECT_EQ(where("[1, 2"), "line 1, column 6");
  EXPECT_EQ(where(""), "line 1, column 1");
  EXPECT_EQ(where("[[[1]]]"), "taken");
  EXPECT_EQ(where("[[[[1]]]]"), "line 1, column 4");
  EXPECT_EQ(where("{\"a\":1,\n\"a\":2}"), "line 2, column 6");
  EXPECT_EQ(where("{\"a\":{\"b\":1},\"c\":{\"b\":1}}"), "taken");
  EXPECT_EQ(where("[9223372036854775807, -9223372036854775808]"), "taken");
  EXPECT_NE(where("[9223372036854775808]"), "taken");
  EXPECT_NE(where("[-9223372036854775809]"), "taken");
  EXPECT_NE(where("[1e400]"), "taken");
  EXPECT_NE(where("[\"\\ud800\"]"), "taken");
  EXPECT_NE(where("[\"\xed\xa0\x80\"]"), "taken");
  EXPECT_NE(where("// note\n1"), "taken");
}

TEST(RequestJson, BoundsKeysAndDepth) {
  std::string many = "{";
  for (int i = 0; i < 10001; ++i) many += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":0";
  const auto parsed = ParseRequestJson(many + "}", 64);
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().message, "the body has more than 10000 keys");
  const auto deep = ParseRequestJson(std::string(1000000, '['), 64);
  ASSERT_FALSE(deep.ok());
  EXPECT_EQ(deep.error().message, "the body is nested deeper than 64 levels");
}

}  // namespace
}  // namespace meterhound::http
