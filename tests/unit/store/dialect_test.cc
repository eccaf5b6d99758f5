// Words of SQL that differ by backend, and names that nobody can guess.
#include "store/dialect.h"

#include <gtest/gtest.h>

#include <set>

#include "store/compressed_text.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

TEST(Dialect, NumbersParametersForPostgresAlone) {
  const char* sql = "SELECT a FROM t WHERE a=? AND b<>'what? {BLOB}' AND c=?";
  EXPECT_EQ(ToDialect(sql, Backend::kSqlite), sql);
  EXPECT_EQ(ToDialect(sql, Backend::kPostgres), "SELECT a FROM t WHERE a=$1 AND b<>'what? {BLOB}' AND c=$2");
}

TEST(Dialect, ReplacesWords) {
  EXPECT_EQ(ToDialect("a {BLOB}, {FIND}(x)", Backend::kSqlite), "a BLOB, instr(x)");
  EXPECT_EQ(ToDialect("a {BLOB}, {FIND}(x)", Backend::kPostgres), "a BYTEA, strpos(x)");
  EXPECT_THROW(ToDialect("{BLOP}", Backend::kSqlite), std::logic_error);
  EXPECT_THROW(ToDialect("{BLOB", Backend::kSqlite), std::logic_error);
}

TEST(Identifiers, TimesInIso8601) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTime(1764104580123), "2025-11-25T21:03:00.123Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Identifiers, NamesDifferAndSortByTime) {
  std::set<std::string> names;
  std::string before = NewId();
  for (int i = 0; i < 10000; ++i) names.insert(NewId());
  EXPECT_EQ(names.size(), 10000U);
  for (const std::string& name : names) {
    EXPECT_EQ(name.size(), 28U);
    EXPECT_GE(name.substr(0, 12), before.substr(0, 12));
  }
}

TEST(Identifiers, CursorsReadBackOrAreRefused) {
  const std::string text("[\"-probability\",0.25,7]\n\0\xff", 26);
  EXPECT_EQ(DecodeCursor(EncodeCursor(text)).value(), text);
  for (const char* wrong : {"abc", "zz", "../", "0g"}) {
    EXPECT_EQ(DecodeCursor(wrong).error().code, ErrorCode::kInvalidInput) << wrong;
  }
}

TEST(CompressedText, ReadsBackAndKnowsDamage) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "{\"value\": " + std::to_string(i % 7) + "}";
  const Blob blob = CompressText(text);
  EXPECT_LT(blob.bytes.size(), text.size() / 5);
  EXPECT_EQ(UncompressText(blob.bytes).value(), text);
  EXPECT_EQ(UncompressText(CompressText("").bytes).value(), "");
  EXPECT_EQ(UncompressText(blob.bytes.substr(0, blob.bytes.size() / 2)).error().code, ErrorCode::kCorrupt);
  EXPECT_EQ(UncompressText("no zstd").error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace meterhound::store
