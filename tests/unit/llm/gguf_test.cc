// The header reader against files made byte by byte: what is sound is read, what is not is refused in words.
#include "llm/gguf.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstring>

#include "llm/memory_need.h"

namespace meterhound::llm {
namespace {

/// Writes GGUF as its specification says.
class Writer {
 public:
  template <typename T>
  Writer& Put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Writer& Text(std::string_view text) {
    Put<std::uint64_t>(text.size());
    bytes_ += text;
    return *this;
  }
  Writer& Header(std::uint64_t tensors, std::uint64_t keys, std::uint32_t version = 3) {
    bytes_ += "GGUF";
    return Put(version).Put(tensors).Put(keys);
  }
  Writer& Key(std::string_view key, std::string_view text) { return Text(key).Put<std::uint32_t>(8).Text(text); }
  Writer& Key(std::string_view key, std::uint32_t number) { return Text(key).Put<std::uint32_t>(4).Put(number); }
  Writer& Tensor(std::string_view name, std::uint64_t columns, std::uint64_t rows, std::uint32_t type,
                 std::uint64_t offset) {
    return Text(name).Put<std::uint32_t>(2).Put(columns).Put(rows).Put(type).Put(offset);
  }
  Writer& Data(std::size_t bytes) {
    bytes_.resize((bytes_.size() + 31) / 32 * 32 + bytes);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }
  Result<GgufFile> Parse() const { return ParseGguf(bytes_, bytes_.size(), "m.gguf"); }

 private:
  std::string bytes_;
};

Writer Sound() {
  Writer writer;
  writer.Header(2, 7).Key("general.architecture", "llama").Key("general.license", "mit").Key("llama.block_count", 2);
  writer.Key("llama.embedding_length", 64).Key("llama.attention.head_count", 4).Key("llama.context_length", 128);
  writer.Text("llama.feed_forward_length").Put<std::uint32_t>(9).Put<std::uint32_t>(5).Put<std::uint64_t>(2);
  writer.Put<std::int32_t>(100).Put<std::int32_t>(200);
  writer.Tensor("a", 64, 10, 0, 0).Tensor("b", 256, 3, 12, 2560).Data(2560 + 3 * 144);
  return writer;
}

TEST(Gguf, ReadsKeysTensorsAndSizes) {
  const auto file = Sound().Parse();
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  EXPECT_EQ(file->architecture(), "llama");
  EXPECT_EQ(file->Text("general.license"), "mit");
  EXPECT_EQ(file->ShapeNumber("block_count"), 2);
  EXPECT_EQ(file->Count("llama.feed_forward_length"), 2U);
  EXPECT_EQ(file->parameters(), 640U + 768U);
  EXPECT_EQ(file->weight_bytes(), 2560U + 432U);
  EXPECT_EQ(file->quantization(), "F32");  // most bytes
  EXPECT_EQ(file->Number("general.license"), std::nullopt);
}

TEST(Gguf, EveryTruncationIsRefused) {
  const std::string whole = Sound().bytes();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto file = ParseGguf(std::string_view(whole).substr(0, length), length, "m.gguf");
    ASSERT_FALSE(file.ok()) << length;
    if (length >= 4) {
      EXPECT_EQ(file.error().code, ErrorCode::kCorrupt) << length;
      EXPECT_NE(file.error().message.find("cut short"), std::string::npos) << file.error().ToString();
    }
  }
}

TEST(Gguf, LiesAboutLengthsAreRefusedBeforeAnythingIsKept) {
  constexpr std::uint64_t kHuge = 0x7fff'ffff'ffff'ffff;
  const auto refused = [](const Writer& writer, std::string_view words) {
    const auto file = writer.Parse();
    ASSERT_FALSE(file.ok()) << words;
    EXPECT_NE(file.error().ToString().find(words), std::string::npos) << file.error().ToString();
  };
  refused(Writer().Header(0, kHuge), "keys, at most");
  refused(Writer().Header(kHuge, 0), "tensors, at most");
  refused(Writer().Header(0, 0, 9), "version 9");
  refused(Writer().Header(0, 1).Put<std::uint64_t>(kHuge), "says it has");
  refused(Writer().Header(0, 1).Text("k").Put<std::uint32_t>(77), "unknown type 77");
  for (const std::uint32_t type : {0U, 8U, 10U, 12U}) {
    refused(Writer().Header(0, 1).Text("k").Put<std::uint32_t>(9).Put(type).Put<std::uint64_t>(kHuge), "cut short");
  }
  refused(Writer().Header(0, 1).Text("k").Put<std::uint32_t>(9).Put<std::uint32_t>(9).Put<std::uint64_t>(1), "type 9");
  refused(Writer().Header(0, 2).Key("k", 1).Key("k", 2), "'k' twice");
  refused(Writer().Header(1, 0).Tensor("t", kHuge, kHuge, 0, 0), "impossible shape");
  refused(Writer().Header(1, 0).Tensor("t", 0, 1, 0, 0), "impossible shape");
  refused(Writer().Header(1, 0).Tensor("t", 1U << 30U, 1U << 30U, 0, ~std::uint64_t{31}), "impossible");
  refused(Writer().Header(1, 0).Tensor("t", 100, 1, 12, 0), "multiple of 256");
  refused(Writer().Header(1, 0).Tensor("t", 256, 1, 99, 0), "unknown type 99");
  refused(Writer().Header(1, 0).Tensor("t", 32, 1, 0, 7).Data(256), "not aligned");
  refused(Writer().Header(1, 0).Text("t").Put<std::uint32_t>(5), "5 dimensions");
  refused(Writer().Header(0, 1).Key("general.alignment", 24), "power of two");
}

RC_GTEST_PROP(Gguf, AnyDamageIsSoundOrRefused, ()) {
  std::string bytes = Sound().bytes();
  const auto place = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[place] = *rc::gen::arbitrary<char>();
  const auto file = ParseGguf(bytes, bytes.size(), "m.gguf");
  if (file.ok()) {
    for (const GgufTensor& tensor : file->tensors) {
      RC_ASSERT(file->header_bytes + tensor.offset + tensor.bytes <= bytes.size());
    }
    (void)EstimateMemory(*file, {});
  } else {
    RC_ASSERT(!file.error().message.empty());
  }
}

TEST(MemoryNeed, CountsTheCacheOfEveryLayer) {
  const auto file = Sound().Parse();
  ASSERT_TRUE(file.ok());
  const auto need = EstimateMemory(*file, {.context = 4096, .ubatch = 128, .parallel = 1});
  ASSERT_TRUE(need.ok());
  EXPECT_EQ(need->weights, file->weight_bytes());
  // Trained on 128 tokens, rounded up to 256; 2 layers x (64 keys + 64 values) x 2 bytes.
  EXPECT_EQ(need->cache, 256U * 2 * 128 * 2);
}

TEST(MemoryNeed, AFileWithoutShapeIsRefused) {
  Writer writer;
  writer.Header(0, 1).Key("general.architecture", "clip");
  const auto file = writer.Parse();
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(EstimateMemory(*file, {}).error().code, ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace meterhound::llm
