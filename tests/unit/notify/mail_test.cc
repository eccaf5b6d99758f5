// The form of a mail, whatever the message holds. That a mail reader understands it is tested with Python's
// (tests/functional/test_alerts.py).
#include "notify/mail.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

namespace meterhound::notify {
namespace {

MailOptions Options() {
  MailOptions options;
  options.server = "smtps://mail.example.org";
  options.from = "meterhound@example.org";
  options.to = {"anna@example.org", "bert@example.org"};
  return options;
}

std::vector<std::string> Lines(const std::string& mail) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end = mail.find("\r\n"); end != std::string::npos; end = mail.find("\r\n", begin)) {
    lines.push_back(mail.substr(begin, end - begin));
    begin = end + 2;
  }
  EXPECT_EQ(begin, mail.size());  // the last line is ended, too
  return lines;
}

// Names of the header's fields, without what continues a line.
std::vector<std::string> FieldNames(const std::vector<std::string>& lines) {
  std::vector<std::string> names;
  for (const std::string& line : lines) {
    if (line.empty()) break;
    if (line.front() != ' ') names.push_back(line.substr(0, line.find(':')));
  }
  return names;
}

TEST(Mail, HasTheHeadOfAnAutomaticMail) {
  Message message;
  message.title = "drift";
  message.at = 1764126865;
  const std::string mail = ComposeMail(Options(), message, "0123");
  EXPECT_NE(mail.find("From: Meterhound <meterhound@example.org>\r\n"), std::string::npos);
  EXPECT_NE(mail.find("To: anna@example.org,\r\n bert@example.org\r\n"), std::string::npos);
  EXPECT_NE(mail.find("Subject: Warning: drift\r\n"), std::string::npos);
  EXPECT_NE(mail.find("Date: Wed, 26 Nov 2025 03:14:25 +0000\r\n"), std::string::npos);
  EXPECT_NE(mail.find("Message-ID: <0123@example.org>\r\n"), std::string::npos);
  EXPECT_EQ(mail, ComposeMail(Options(), message, "0123"));
}

RC_GTEST_PROP(Mail, NothingInAMessageBecomesAHeader, ()) {
  const auto any = [] {
    return *rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element('\r', '\n', ':', '=', '?', '.', '\xc3', '\xa4')));
  };
  Message message;
  message.title = any();
  message.text = any();
  message.fields = {{any(), any()}};
  message.link = any();
  const auto lines = Lines(ComposeMail(Options(), message, "0123"));
  const std::vector<std::string> expected = {"From",         "To",           "Subject",
                                             "Date",         "Message-ID",   "Auto-Submitted",
                                             "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};
  RC_ASSERT(FieldNames(lines) == expected);
  for (const std::string& line : lines) {
    RC_ASSERT(line.size() <= 76U);
    for (const char c : line) RC_ASSERT(c >= ' ' && c < 127);
  }
}

TEST(Mail, TakesPlainAddressesAndServersOnly) {
  EXPECT_TRUE(CheckMail(Options()).ok());
  for (const char* address :
       {"", "anna", "@example.org", "anna@", "a@b@c", "anna@example.org\r\nBcc: eve@example.org", "anna@example.org>",
        "<anna@example.org>", "an na@example.org", "a,b@example.org", "\xc3\xa4@example.org"}) {
    MailOptions options = Options();
    options.to.emplace_back(address);
    EXPECT_EQ(CheckMail(options).error().where, "alerts.mail_to") << address;
    options = Options();
    options.from = address;
    EXPECT_EQ(CheckMail(options).error().where, "alerts.mail_from") << address;
  }
  for (const char* server : {"", "mail.example.org", "https://mail.example.org", "smtps://anna:secret@mail.example.org",
                             "smtp://mail.example.org/path", "smtps://"}) {
    MailOptions options = Options();
    options.server = server;
    const Status checked = CheckMail(options);
    ASSERT_FALSE(checked.ok()) << server;
    EXPECT_EQ(checked.error().where, "alerts.mail_server") << server;
    EXPECT_EQ(checked.error().ToString().find("secret"), std::string::npos);
  }
  MailOptions nobody = Options();
  nobody.to.clear();
  EXPECT_FALSE(CheckMail(nobody).ok());
}

}  // namespace
}  // namespace meterhound::notify
