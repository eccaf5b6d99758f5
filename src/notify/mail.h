// Mail: a message handed to a mail server by SMTP with TLS.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "notify/message.h"

namespace meterhound::notify {

struct MailOptions {
  std::string server = {};    ///< smtps://host[:465], or smtp://host[:587], where STARTTLS is required
  std::string user = {};      ///< empty: without login
  std::string password = {};  ///< a secret
  std::string from = {};      ///< one address
  std::vector<std::string> to = {};
  std::string ca_file = {};  ///< PEM of whom to trust; empty: whom the system trusts
  double timeout = 30;       ///< seconds
};

/// kInvalidInput unless the server's URL is as above, without user and path, and the addresses are plain ones
/// (name@host in printable ASCII). Without TLS only to this machine. No error repeats the password.
Status CheckMail(const MailOptions& options);

/// The mail as it is sent (RFC 5322, lines end in CRLF). `id` makes the Message-ID: a mail that was sent twice bears
/// the same one. No line of a header comes from the message: words beyond ASCII and all that is long become RFC 2047's
/// encoded words, the body is UTF-8 in base64.
std::string ComposeMail(const MailOptions& options, const Message& message, const std::string& id);

/// Checks and sends. kUnavailable for what may mend itself (connection, certificate, the server's 4yz), kInvalidInput
/// for its 5yz. Errors name the host and the reply's number.
Status SendMail(const MailOptions& options, const Message& message, const std::string& id, const std::stop_token& stop);

}  // namespace meterhound::notify
