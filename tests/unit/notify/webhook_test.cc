// Which addresses may be posted to, and what is posted.
#include "notify/webhook.h"

#include <gtest/gtest.h>

namespace meterhound::notify {
namespace {

WebhookOptions To(const std::string& url) {
  WebhookOptions options;
  options.url = url;
  options.hosts = {"hooks.slack.com", "Chat.Example.org", "127.0.0.1"};
  return options;
}

TEST(Webhook, GoesToListedHostsOnly) {
  for (const char* url : {"https://hooks.slack.com/services/T0/B0/x", "https://HOOKS.slack.com/x",
                          "https://chat.example.org:8065/hooks/x", "http://127.0.0.1:9000/x"}) {
    EXPECT_TRUE(CheckWebhook(To(url)).ok()) << url;
  }
  for (const char* url :
       {"http://hooks.slack.com/secret", "http://chat.example.org/secret", "ftp://hooks.slack.com/secret",
        "https://evil.example/secret", "https://hooks.slack.com.evil.example/secret",
        "https://x.hooks.slack.com/secret", "https://hooks.slack.com@evil.example/secret",
        "https://anna:secret@hooks.slack.com/", "hooks.slack.com/secret", "http://localhost/secret", "file:///secret",
        "https://hooks.slack.com./secret"}) {
    const Status checked = CheckWebhook(To(url));
    ASSERT_FALSE(checked.ok()) << url;
    EXPECT_EQ(checked.error().code, ErrorCode::kInvalidInput) << url;
    EXPECT_EQ(checked.error().ToString().find("secret"), std::string::npos) << checked.error().ToString();
  }
}

TEST(Webhook, SaysWhichHostsWereExpected) {
  const std::string said = CheckWebhook(To("https://evil.example/secret")).error().ToString();
  EXPECT_EQ(said,
            "METERHOUND_ALERTS_WEBHOOK: found the host 'evil.example', expected one of alerts.webhook_hosts "
            "(hooks.slack.com, Chat.Example.org, 127.0.0.1)");
}

TEST(Webhook, NothingIsPostedToAHostThatIsNotListed) {
  const Status posted = PostWebhook(To("https://evil.invalid/secret"), {}, {});
  ASSERT_FALSE(posted.ok());
  EXPECT_EQ(posted.error().code, ErrorCode::kInvalidInput);
}

TEST(Webhook, NoTextBecomesAMentionOrALink) {
  Message message;
  message.title = "drift\n<!channel> & co";
  message.text = "a < b\n<https://evil.example|click>";
  message.fields = {{"List", "<@U1>"}};
  message.link = "docs/operations.md#drift";
  const Json body = SlackBody(message);
  EXPECT_EQ(body.at("text"), "Warning: drift &lt;!channel&gt; &amp; co");
  const Json& attachment = body.at("attachments").at(0);
  EXPECT_EQ(attachment.at("text"), "a &lt; b\n&lt;https://evil.example|click&gt;");
  EXPECT_EQ(attachment.at("fields").at(0).at("value"), "&lt;@U1&gt;");
  EXPECT_EQ(attachment.at("fields").at(1).at("value"), "docs/operations.md#drift");
  EXPECT_EQ(body.dump().find('<'), std::string::npos);
}

TEST(Webhook, LongTextIsCutBetweenCharacters) {
  Message message;
  for (int i = 0; i < 3000; ++i) message.text += "\u00e4";
  const std::string text = SlackBody(message).at("attachments").at(0).at("text");
  EXPECT_LE(text.size(), 3003U);
  EXPECT_NO_THROW(SlackBody(message).dump());  // which throws on half a character
}

TEST(Message, GoesThroughJsonUnchanged) {
  Message message;
  message.severity = Severity::kCritical;
  message.resolved = true;
  message.title = "t";
  message.text = "x\ny";
  message.fields = {{"a", "b"}, {"c", "d"}};
  message.link = "l";
  message.at = 1764126865;
  const Message back = ParseMessage(ToJson(message)).value();
  EXPECT_EQ(ToJson(back), ToJson(message));
  EXPECT_EQ(Headline(back), "Resolved: t");
  EXPECT_EQ(TimeOf(back), "2025-11-26 03:14 UTC");
  EXPECT_EQ(ParseMessage({{"title", "t"}}).error().code, ErrorCode::kCorrupt);
}

}  // namespace
}  // namespace meterhound::notify
