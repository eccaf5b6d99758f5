// What libcurl makes of a URL, and which hosts are this machine.
#include "network/url.h"

#include <gtest/gtest.h>

namespace meterhound::network {
namespace {

TEST(Url, HasPartsAsLibcurlReadsThem) {
  const Url url = ParseUrl("HTTPS://Hooks.Example.ORG:8443/a/b?c=d#e").value();
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "hooks.example.org");
  EXPECT_FALSE(url.has_user);
  EXPECT_EQ(url.path, "/a/b?c=d");
  EXPECT_EQ(ParseUrl("http://[::1]:80/").value().host, "::1");
  EXPECT_TRUE(ParseUrl("https://anna@example.org/").value().has_user);
  EXPECT_TRUE(ParseUrl("https://:word@example.org/").value().has_user);
}

// What a reader of URLs could take for a listed host is not the one that libcurl would ask.
TEST(Url, IsNotDeceivedAboutTheHost) {
  EXPECT_EQ(ParseUrl("https://hooks.slack.com@evil.example/").value().host, "evil.example");
  EXPECT_EQ(ParseUrl("https://hooks.slack.com:x@evil.example/").value().host, "evil.example");
  EXPECT_EQ(ParseUrl("https://evil.example/hooks.slack.com").value().host, "evil.example");
  EXPECT_EQ(ParseUrl("https://evil.example?@hooks.slack.com/").value().host, "evil.example");
  EXPECT_EQ(ParseUrl("https://evil.example#@hooks.slack.com/").value().host, "evil.example");
  EXPECT_EQ(ParseUrl("http://127.1/").value().host, "127.0.0.1");
}

TEST(Url, RefusesWhatIsNoneWithoutRepeatingIt) {
  for (const char* text :
       {"", "T000/B000/secret", "https://", "https://exa mple.org/secret", "https://example.org:99999/secret"}) {
    const auto url = ParseUrl(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(url.error().ToString().find("secret"), std::string::npos);
  }
}

TEST(Url, LoopbackIsThisMachineOnly) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.10", "::1"}) EXPECT_TRUE(IsLoopbackHost(host)) << host;
  for (const char* host : {"127.example.org", "localhost.example.org", "a.localhost", "10.0.0.1", "::", "0.0.0.0", ""})
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
}

}  // namespace
}  // namespace meterhound::network
