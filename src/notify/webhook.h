// Webhook: a message posted to a chat in Slack's form, which Mattermost, Rocket.Chat and others take as well.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "notify/message.h"

namespace meterhound::notify {

struct WebhookOptions {
  std::string url = {};                 ///< a secret: whoever knows it may post
  std::vector<std::string> hosts = {};  ///< that may be posted to
  std::string ca_file = {};             ///< PEM of whom to trust; empty: whom the system trusts
  double timeout = 10;                  ///< seconds
};

/// kInvalidInput unless the URL is https (http to this machine alone), names no user and one of the hosts, compared
/// whole and without case. What a host's name resolves to does not matter: it was listed on purpose. No error repeats
/// the URL.
Status CheckWebhook(const WebhookOptions& options);

/// {"text", "attachments": [{"color", "title", "text", "fields", "footer", "ts"}]}; &, < and > are escaped, so that no
/// text becomes a link or a mention.
Json SlackBody(const Message& message);

/// Checks and posts; redirects are not followed. kUnavailable for what may mend itself (connection, certificate, 408,
/// 429, 5xx), kInvalidInput for a refusal. Errors name the host, never the URL, and of the answer only a single word
/// such as Slack's "channel_is_archived".
Status PostWebhook(const WebhookOptions& options, const Message& message, const std::stop_token& stop);

}  // namespace meterhound::notify
