// The page inside the program: whole, found by its paths, and within the policy that it is served under.
#include "serve/page_files.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include "base/hashing.h"

namespace meterhound::serve {
namespace {

std::string Inflate(std::string_view packed) {
  std::string body(64 << 20, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(body.data());
  stream.avail_out = static_cast<uInt>(body.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  body.resize(stream.total_out);
  inflateEnd(&stream);
  return body;
}

class PageFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    if (PageFiles().empty()) GTEST_SKIP() << "this build has no page (METERHOUND_DASHBOARD=OFF)";
  }
};

TEST_F(PageFilesTest, EveryFileInflatesToWhatItsTagAndSizeSay) {
  for (const PageFile& file : PageFiles()) {
    const std::string body = Inflate(file.gzip);
    EXPECT_EQ(body.size(), file.size) << file.path;
    EXPECT_EQ(file.etag, '"' + Sha256Hex(body) + '"') << file.path;
    EXPECT_FALSE(file.content_type.empty()) << file.path;
  }
}

TEST_F(PageFilesTest, FilesAreFoundByTheirPathsAlone) {
  EXPECT_TRUE(std::ranges::is_sorted(PageFiles(), {}, &PageFile::path));
  for (const PageFile& file : PageFiles()) EXPECT_EQ(FindPageFile(file.path), &file);
  ASSERT_NE(FindPageFile("/"), nullptr);
  EXPECT_EQ(FindPageFile("/index.html"), FindPageFile("/"));
  EXPECT_FALSE(FindPageFile("/")->immutable);
  for (const char* path :
       {"", "//", "/assets", "/assets/", "/assets/../index.html", "/~", "/index.html/", "index.html"}) {
    EXPECT_EQ(FindPageFile(path), nullptr) << path;
  }
}

// Every src and href of the page is a file of its own, and nothing stands inline: the policy forbids both.
TEST_F(PageFilesTest, ThePageNeedsNothingFromElsewhere) {
  const std::string page = Inflate(FindPageFile("/")->gzip);
  const std::regex link(R"re((?:src|href)="([^"]*)")re");
  std::set<std::string> seen;
  for (auto at = std::sregex_iterator(page.begin(), page.end(), link); at != std::sregex_iterator(); ++at) {
    seen.insert((*at)[1]);
    EXPECT_NE(FindPageFile((*at)[1].str()), nullptr) << (*at)[1];
  }
  EXPECT_GE(seen.size(), 3U);  // script, style sheet, icon
  EXPECT_FALSE(std::regex_search(page, std::regex(R"re(<style|style=| on[a-z]+=|<script(?![^>]*src=))re")));
}

}  // namespace
}  // namespace meterhound::serve
