// Where secrets come from, and that no error tells one.
#include "base/secret.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace meterhound {
namespace {

constexpr const char* kVariable = "METERHOUND_TEST_SECRET";
constexpr const char* kFileVariable = "METERHOUND_TEST_SECRET_FILE";

class SecretTest : public testing::Test {
 protected:
  void TearDown() override {
    ::unsetenv(kVariable);
    ::unsetenv(kFileVariable);
    std::filesystem::remove(file_);
  }
  void Keep(const std::string& bytes) {
    std::ofstream(file_, std::ios::binary) << bytes;
    ::setenv(kFileVariable, file_.c_str(), 1);
  }
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / ("meterhound-secret-" + std::to_string(::getpid()));
};

TEST_F(SecretTest, ComesFromTheVariableOrTheFile) {
  EXPECT_EQ(ReadSecret(kVariable).value(), "");
  Keep("of the file\nnot this\n");
  EXPECT_EQ(ReadSecret(kVariable).value(), "of the file");
  Keep("without an end");
  EXPECT_EQ(ReadSecret(kVariable).value(), "without an end");
  Keep("of Windows\r\n");
  EXPECT_EQ(ReadSecret(kVariable).value(), "of Windows");
  ::setenv(kVariable, "of the variable", 1);
  EXPECT_EQ(ReadSecret(kVariable).value(), "of the variable");
}

TEST_F(SecretTest, AFileThatIsNotThereIsNamed) {
  ::setenv(kFileVariable, "/nowhere/secret", 1);
  const auto secret = ReadSecret(kVariable);
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().where, "/nowhere/secret");
}

TEST_F(SecretTest, ControlCharactersAreRefusedUntold) {
  ::setenv(kVariable, "hidden\r\nRCPT TO:<eve@example.org>", 1);
  const auto secret = ReadSecret(kVariable);
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(secret.error().ToString().find("hidden"), std::string::npos);
}

}  // namespace
}  // namespace meterhound
