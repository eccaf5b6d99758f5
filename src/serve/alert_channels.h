// Channels of alerts: what settings and secrets make of them, and sending.
#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "notify/message.h"
#include "pipeline/config.h"

namespace meterhound::serve {

inline constexpr const char* kWebhookChannel = "webhook";
inline constexpr const char* kMailChannel = "mail";

/// By which people are told: "webhook" where alerts.webhook_hosts names a host, "mail" where alerts.mail_server names a
/// server. Needs no secret, so that whoever finds something wrong can order the telling.
std::vector<std::string> AlertChannels(const pipeline::Config& config);

/// For a process that tells: settings and secrets of every channel are there and fit. A secret without its channel is
/// an error as well.
Status CheckAlertChannels(const pipeline::Config& config);

/// Sends now. `id` names the message (see notify::ComposeMail). Secrets are read each time, so that they may be
/// changed.
Status SendAlert(const pipeline::Config& config, const std::string& channel, const notify::Message& message,
                 const std::string& id, const std::stop_token& stop);

}  // namespace meterhound::serve
