// Decoding in any pieces gives what was packed, and no more than is allowed.
#include "http/content_coding.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <zstd.h>

namespace meterhound::http {
namespace {

std::string ZstdEncode(const std::string& bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

Result<std::string> Decode(Coding coding, const std::string& packed, DecodeLimits limits, std::size_t piece) {
  const auto decoder = Decoder::Create(coding, limits);
  std::string out;
  for (std::size_t at = 0; at < packed.size(); at += piece) {
    METERHOUND_RETURN_IF_ERROR(
        decoder->Feed(std::string_view(packed).substr(at, piece), [&](std::string_view bytes) -> Status {
          out += bytes;
          return {};
        }));
  }
  METERHOUND_RETURN_IF_ERROR(decoder->End());
  return out;
}

RC_GTEST_PROP(ContentCoding, GivesBackWhatWasPacked, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::arbitrary<std::string>());
  std::string text;
  for (const std::string& word : words) text += word + word + word;
  const auto piece = *rc::gen::inRange<std::size_t>(1, 100);
  const DecodeLimits limits{.max_bytes = text.size()};
  const auto plain = Decode(Coding::kIdentity, text, limits, piece);
  RC_ASSERT(plain.ok() && *plain == text);
  const auto gzip = Decode(Coding::kGzip, GzipEncode(text), limits, piece);
  RC_ASSERT(gzip.ok() && *gzip == text);
  const auto zstd = Decode(Coding::kZstd, ZstdEncode(text), limits, piece);
  RC_ASSERT(zstd.ok() && *zstd == text);
  const auto members =
      Decode(Coding::kGzip, GzipEncode(text) + GzipEncode(text), {.max_bytes = 2 * text.size()}, piece);
  RC_ASSERT(members.ok() && *members == text + text);
}

TEST(ContentCoding, StopsAtTheLimits) {
  const std::string text(3000000, 'a');
  for (const auto& [coding, packed] :
       {std::pair{Coding::kGzip, GzipEncode(text)}, std::pair{Coding::kZstd, ZstdEncode(text)}}) {
    const auto exact = Decode(coding, packed, {.max_bytes = text.size(), .max_ratio = 1e9}, 1 << 20);
    EXPECT_TRUE(exact.ok());
    const auto size = Decode(coding, packed, {.max_bytes = text.size() - 1, .max_ratio = 1e9}, 1 << 20);
    ASSERT_FALSE(size.ok());
    EXPECT_EQ(size.error().code, ErrorCode::kUnsupported);
    const auto ratio = Decode(coding, packed, {.max_bytes = text.size(), .max_ratio = 200}, 1 << 20);
    ASSERT_FALSE(ratio.ok());
    EXPECT_EQ(ratio.error().code, ErrorCode::kUnsupported);
  }
}

TEST(ContentCoding, BrokenAndCutStreamsAreBadInput) {
  const std::string text = "some text that is packed, some text that is packed";
  for (const auto& [coding, packed] :
       {std::pair{Coding::kGzip, GzipEncode(text)}, std::pair{Coding::kZstd, ZstdEncode(text)}}) {
    for (std::size_t cut = 1; cut < packed.size(); ++cut) {
      const auto decoded = Decode(coding, packed.substr(0, cut), {.max_bytes = 1000}, 1000);
      ASSERT_FALSE(decoded.ok()) << cut;
      EXPECT_EQ(decoded.error().code, ErrorCode::kInvalidInput);
    }
    EXPECT_FALSE(Decode(coding, "plain text", {.max_bytes = 1000}, 1000).ok());
    EXPECT_FALSE(Decode(coding, packed + "x", {.max_bytes = 1000}, 1000).ok());
  }
}

TEST(ContentCoding, ReadsAcceptEncoding) {
  for (const char* yes : {"gzip", "GZIP", "br, gzip;q=0.5", "*", "deflate, *;q=0.1", "x-gzip", "gzip; q=1"})
    EXPECT_TRUE(AcceptsGzip(yes)) << yes;
  for (const char* no : {"", "br", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "identity", "gzip;q=x"})
    EXPECT_FALSE(AcceptsGzip(no)) << no;
}

}  // namespace
}  // namespace meterhound::http
