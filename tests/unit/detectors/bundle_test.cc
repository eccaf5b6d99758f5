// A bundle reads back what was written and refuses every altered byte.
#include "detectors/bundle.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

Bundle MakeBundle() {
  Bundle bundle;
  bundle.manifest()["version"] = "0.1.0";
  bundle.manifest()["seed"] = 3;
  std::string noise;
  for (const double u : Uniforms(700, 5)) noise.push_back(static_cast<char>(u * 256));
  bundle.SetPart("trees-0.ubj", noise);
  bundle.SetPart("empty", "");
  bundle.SetJsonPart("pipeline.json", {{"a", 1.5}});
  return bundle;
}

TEST(Bundle, ReadsBackAndSameContentGivesSameBytes) {
  const auto path = std::filesystem::temp_directory_path() / "meterhound_bundle_test" / "model.mh";
  const Bundle bundle = MakeBundle();
  ASSERT_TRUE(bundle.Write(path).ok());
  const auto back = Bundle::Read(path);
  ASSERT_TRUE(back.ok()) << back.error().ToString();
  EXPECT_EQ(back->parts(), bundle.parts());
  EXPECT_EQ(back->manifest()["version"], "0.1.0");
  EXPECT_EQ(back->JsonPart("pipeline.json").value()["a"], 1.5);
  EXPECT_EQ(back->Encode(), bundle.Encode());
  EXPECT_EQ(bundle.Fingerprint(), Sha256File(path).value());
  const auto missing = back->Part("forest.bin");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(missing.error().message.find("forest.bin"), std::string::npos);
  std::filesystem::remove_all(path.parent_path());
  EXPECT_EQ(Bundle::Read(path).error().code, ErrorCode::kNotFound);
}

TEST(Bundle, EveryFlippedByteIsRefused) {
  const std::string bytes = MakeBundle().Encode();
  ASSERT_GT(bytes.size(), 1000U);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int mask : {0x01, 0x20, 0x80, 0xff}) {
      std::string altered = bytes;
      altered[at] = static_cast<char>(altered[at] ^ mask);
      const auto read = Bundle::Decode(altered, "model.mh");
      ASSERT_FALSE(read.ok()) << "byte " << at << " mask " << mask;
      EXPECT_TRUE(read.error().code == ErrorCode::kCorrupt || read.error().code == ErrorCode::kUnsupported);
      EXPECT_EQ(read.error().where, "model.mh");
    }
  }
}

TEST(Bundle, EveryCutAndAnyTailIsRefused) {
  const std::string bytes = MakeBundle().Encode();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_FALSE(Bundle::Decode(std::string_view(bytes).substr(0, size), "model.mh").ok()) << size;
  }
  EXPECT_FALSE(Bundle::Decode(bytes + "x", "model.mh").ok());
}

TEST(Bundle, NamesTheDamagedPartAndTheNewerFormat) {
  std::string bytes = MakeBundle().Encode();
  const std::size_t inside = bytes.size() - 300;  // of trees-0.ubj, the last part by name
  bytes[inside] = static_cast<char>(bytes[inside] ^ 1);
  EXPECT_NE(Bundle::Decode(bytes, "m").error().message.find("trees-0.ubj"), std::string::npos);
  bytes = MakeBundle().Encode();
  bytes[8] = 2;
  const auto newer = Bundle::Decode(bytes, "m");
  EXPECT_EQ(newer.error().code, ErrorCode::kUnsupported);
  EXPECT_NE(newer.error().message.find("newer"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::detectors
