// Slack's incoming webhooks: one JSON document, answered by "ok".
#include "notify/webhook.h"

#include <algorithm>

#include "network/http_client.h"
#include "network/url.h"

namespace meterhound::notify {
namespace {

constexpr const char* kVariable = "METERHOUND_ALERTS_WEBHOOK";
constexpr std::size_t kLongestText = 3000;  // of what a chat shows without folding it
constexpr std::size_t kLongestWord = 60;

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

// Slack's three: nothing that follows becomes a link or a mention.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Cut(const std::string& text) {
  if (text.size() <= kLongestText) return text;
  std::size_t end = kLongestText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // between characters
  return text.substr(0, end) + "...";
}

const char* Colour(const Message& message) {
  if (message.resolved) return "#2e7d32";
  if (message.severity == Severity::kCritical) return "#c62828";
  return message.severity == Severity::kWarning ? "#f9a825" : "#1565c0";
}

// A server may repeat the address in its answer. A single word that is no part of it can be shown.
std::string Reason(std::string body, const std::string& url) {
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r')) body.pop_back();
  const bool word = !body.empty() && body.size() <= kLongestWord &&
                    body.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
  return word && url.find(body) == std::string::npos ? " (" + body + ")" : "";
}

Status Judge(const network::HttpResponse& response, const std::string& url, const std::string& where) {
  const long status = response.status;
  if (status >= 200 && status < 300) return {};
  const std::string said = "the server answers " + std::to_string(status) + Reason(response.body, url);
  if (status >= 300 && status < 400) return InvalidInput(said + ", a redirect, which is not followed", where);
  if (status < 500 && status != 408 && status != 429) return InvalidInput(said, where);
  return Unavailable(said, where);
}

Result<network::Url> Check(const WebhookOptions& options) {
  auto url = network::ParseUrl(options.url);
  if (!url) return InvalidInput(url.error().message, kVariable);
  const bool local = url->scheme == "http" && network::IsLoopbackHost(url->host);
  if (url->scheme != "https" && !local) {
    return InvalidInput("found a URL that is not https, expected one (http is for this machine alone)", kVariable);
  }
  if (url->has_user) return InvalidInput("found a user or password in the URL, expected none", kVariable);
  std::string listed;
  for (const std::string& host : options.hosts) {
    if (Lower(host) == url->host) return url;
    listed += (listed.empty() ? "" : ", ") + host;
  }
  return InvalidInput("found the host '" + url->host + "', expected one of alerts.webhook_hosts (" + listed + ")",
                      kVariable);
}

}  // namespace

Status CheckWebhook(const WebhookOptions& options) {
  const auto url = Check(options);
  return url ? Status() : url.error();
}

Json SlackBody(const Message& message) {
  Json fields = Json::array();
  const auto add = [&fields](const std::string& name, const std::string& value) {
    fields.push_back({{"title", Escaped(OneLine(name))}, {"value", Escaped(value)}, {"short", value.size() <= 40}});
  };
  for (const auto& [name, value] : message.fields) add(name, value);
  if (!message.link.empty()) add("What to do", message.link);
  const std::string headline = Escaped(Headline(message));
  return {{"text", headline},
          {"attachments", Json::array({{{"fallback", headline},
                                        {"color", Colour(message)},
                                        {"text", Escaped(Cut(message.text))},
                                        {"fields", fields},
                                        {"footer", "Meterhound, " + TimeOf(message)},
                                        {"ts", message.at}}})}};
}

Status PostWebhook(const WebhookOptions& options, const Message& message, const std::stop_token& stop) {
  METERHOUND_ASSIGN_OR_RETURN(const network::Url url, Check(options));
  const std::string where = "webhook at " + url.host;
  const auto response = network::PostJson(
      options.url, SlackBody(message).dump(-1, ' ', false, Json::error_handler_t::replace),
      {.headers = {}, .timeout = options.timeout, .ca_file = options.ca_file, .direct = url.scheme == "http"}, stop);
  if (!response) return Error{response.error().code, response.error().message, where};  // not the URL, which is secret
  return Judge(*response, options.url, where);
}

}  // namespace meterhound::notify
