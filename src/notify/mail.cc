// SMTP by libcurl; the mail's own form by hand, since it is short and must not let anything in.
#include "notify/mail.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/calendar.h"
#include "network/curl_handle.h"
#include "network/url.h"

namespace meterhound::notify {
namespace {

constexpr std::size_t kLongestSubject = 200;
constexpr std::size_t kPlainSubject = 60;  // longer ones are folded, which only encoded words survive unharmed
constexpr std::size_t kBytesOfWord = 36;   // of an encoded word: 48 letters, so that no line is longer than 76
constexpr std::size_t kBytesOfLine = 57;   // of the body: 76 letters
constexpr std::size_t kLongestAddress = 254;

std::string Base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');  // with the zero that OpenSSL writes
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                      reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

// Where a piece of at most `most` bytes ends without cutting a character.
std::size_t PieceEnd(std::string_view text, std::size_t begin, std::size_t most) {
  if (text.size() - begin <= most) return text.size();
  std::size_t end = begin + most;
  while (end > begin + 1 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return end;
}

std::string HeaderText(const std::string& text) {
  const bool plain = text.size() <= kPlainSubject && text.find("=?") == std::string::npos &&
                     std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 127; });
  if (plain) return text;
  std::string words;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = PieceEnd(text, begin, kBytesOfWord);
    words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") +
             Base64(std::string_view(text).substr(begin, end - begin)) + "?=";
    begin = end;
  }
  return words;
}

// "Thu, 26 Nov 2026 03:14:25 +0000", whatever the locale.
std::string MailDate(std::int64_t at) {
  constexpr std::array kDays = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::int64_t day = DayOf(static_cast<double>(at));
  const CivilDate date = CivilFromDays(day);
  const std::string time = FormatDateTime(static_cast<double>(at)).substr(11);
  return std::string(kDays[static_cast<std::size_t>(WeekdayOf(day))]) + ", " + std::to_string(date.day) + " " +
         kMonths[static_cast<std::size_t>(date.month - 1)] + " " + std::to_string(date.year) + " " + time + " +0000";
}

std::string Body(const Message& message) {
  std::string body = Headline(message) + "\n\n" + message.text + "\n\n";
  for (const auto& [name, value] : message.fields) body += OneLine(name) + ": " + OneLine(value) + "\n";
  if (!message.link.empty()) body += "What to do: " + OneLine(message.link) + "\n";
  return body + "\nMeterhound, " + TimeOf(message) + "\n";
}

std::string CrLf(std::string_view text) {
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\r\n") : c == '\r' ? std::string() : std::string(1, c);
  return lines;
}

Status CheckAddress(const std::string& address, const char* key) {
  const std::size_t at = address.find('@');
  const bool plain = at != std::string::npos && at > 0 && at + 1 < address.size() &&
                     address.size() <= kLongestAddress && address.find('@', at + 1) == std::string::npos &&
                     address.find_first_of("<>()[]\\,;:\"") == std::string::npos &&
                     std::all_of(address.begin(), address.end(), [](char c) { return c > ' ' && c < 127; });
  if (plain) return {};
  return InvalidInput("found '" + network::Printable(address) + "', expected an address such as operator@example.org",
                      key);
}

Result<network::Url> Check(const MailOptions& options) {
  constexpr const char* kKey = "alerts.mail_server";
  constexpr const char* kExpected = "expected smtps://host or smtp://host, with :port where it is another";
  auto url = network::ParseUrl(options.server);
  if (!url) return InvalidInput(url.error().message + "; " + kExpected, kKey);
  if ((url->scheme != "smtp" && url->scheme != "smtps") || url->host.empty()) {
    return InvalidInput(std::string("found another kind of URL, ") + kExpected, kKey);
  }
  if (url->has_user) {
    return InvalidInput(
        "found a user or password in the URL, expected them in alerts.mail_user and "
        "METERHOUND_ALERTS_MAIL_PASSWORD",
        kKey);
  }
  if (url->path != "/" && !url->path.empty()) return InvalidInput(std::string("found a path, ") + kExpected, kKey);
  METERHOUND_RETURN_IF_ERROR(CheckAddress(options.from, "alerts.mail_from"));
  if (options.to.empty()) return InvalidInput("found no address, expected one or several", "alerts.mail_to");
  for (const std::string& to : options.to) METERHOUND_RETURN_IF_ERROR(CheckAddress(to, "alerts.mail_to"));
  return url;
}

struct Unread {
  std::string_view text;
};

std::size_t GiveBytes(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& unread = *static_cast<Unread*>(user);
  const std::size_t given = std::min(size * count, unread.text.size());
  std::copy_n(unread.text.begin(), given, buffer);
  unread.text.remove_prefix(given);
  return given;
}

Status Judge(CURLcode code, long reply, const std::string& where) {
  if (code == CURLE_OK) return {};
  if (code == CURLE_USE_SSL_FAILED) return Unavailable("the mail server offers no TLS", where);
  // A reply that refuses is the reason, whatever libcurl calls it.
  const std::string said =
      "the mail server answers " + std::to_string(reply) + (code == CURLE_LOGIN_DENIED ? " to the login" : "");
  if (reply >= 500 && reply < 600) return InvalidInput(said, where);
  if (reply >= 400 && reply < 500) return Unavailable(said, where);
  return network::Unreachable(code, where);
}

}  // namespace

Status CheckMail(const MailOptions& options) {
  const auto url = Check(options);
  return url ? Status() : url.error();
}

std::string ComposeMail(const MailOptions& options, const Message& message, const std::string& id) {
  std::string to;
  for (const std::string& address : options.to) to += (to.empty() ? "" : ",\r\n ") + address;
  std::string subject = Headline(message);
  subject.resize(PieceEnd(subject, 0, kLongestSubject));
  std::string mail = "From: Meterhound <" + options.from + ">\r\nTo: " + to + "\r\nSubject: " + HeaderText(subject) +
                     "\r\nDate: " + MailDate(message.at) + "\r\nMessage-ID: <" + id +
                     options.from.substr(options.from.find('@')) +
                     ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n";
  const std::string body = CrLf(Body(message));
  for (std::size_t begin = 0; begin < body.size(); begin += kBytesOfLine) {
    mail += Base64(std::string_view(body).substr(begin, kBytesOfLine)) + "\r\n";
  }
  return mail;
}

Status SendMail(const MailOptions& options, const Message& message, const std::string& id,
                const std::stop_token& stop) {
  METERHOUND_ASSIGN_OR_RETURN(const network::Url url, Check(options));
  METERHOUND_ASSIGN_OR_RETURN(const network::CurlPointer handle, network::NewHandle(options.server));
  const bool local = network::IsLoopbackHost(url.host);
  const std::string mail = ComposeMail(options, message, id);
  Unread unread{mail};
  network::ListPointer to;
  for (const std::string& address : options.to) network::Append(to, "<" + address + ">");
  const std::string from = "<" + options.from + ">";
  CURL* curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(local ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (local) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
  if (!options.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, options.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, options.password.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, &GiveBytes);
  curl_easy_setopt(curl, CURLOPT_READDATA, &unread);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout * 1000));
  network::WatchStop(curl, stop);
  const CURLcode code = curl_easy_perform(curl);
  if (stop.stop_requested()) return Cancelled();
  long reply = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &reply);
  return Judge(code, reply, "mail server " + url.host);
}

}  // namespace meterhound::notify
