// Settings of alerts.* and the secrets beside them.
#include "serve/alert_channels.h"

#include "base/file.h"
#include "base/secret.h"
#include "base/status_of.h"
#include "notify/mail.h"
#include "notify/webhook.h"

namespace meterhound::serve {
namespace {

constexpr const char* kWebhookSecret = "METERHOUND_ALERTS_WEBHOOK";
constexpr const char* kMailSecret = "METERHOUND_ALERTS_MAIL_PASSWORD";

Result<notify::WebhookOptions> Webhook(const pipeline::Config& config) {
  notify::WebhookOptions options;
  METERHOUND_ASSIGN_OR_RETURN(options.url, ReadSecret(kWebhookSecret));
  options.hosts = pipeline::ListItems(config.alerts_webhook_hosts);
  options.ca_file = config.alerts_ca_file;
  if (options.url.empty() && options.hosts.empty()) return options;  // no such channel
  if (options.hosts.empty()) {
    return InvalidInput("found an address to post to but no host in alerts.webhook_hosts, expected those that may be",
                        kWebhookSecret);
  }
  if (options.url.empty()) {
    return InvalidInput(
        "found no address, but alerts.webhook_hosts names a host; expected the address in this variable, or in the "
        "file "
        "that METERHOUND_ALERTS_WEBHOOK_FILE names",
        kWebhookSecret);
  }
  METERHOUND_RETURN_IF_ERROR(notify::CheckWebhook(options));
  return options;
}

Result<notify::MailOptions> Mail(const pipeline::Config& config) {
  notify::MailOptions options;
  METERHOUND_ASSIGN_OR_RETURN(options.password, ReadSecret(kMailSecret));
  options.server = config.alerts_mail_server;
  options.user = config.alerts_mail_user;
  options.from = config.alerts_mail_from;
  options.to = pipeline::ListItems(config.alerts_mail_to);
  options.ca_file = config.alerts_ca_file;
  if (options.server.empty()) {
    if (options.user.empty() && options.from.empty() && options.to.empty() && options.password.empty()) return options;
    return InvalidInput("found no server, but other settings of mail; expected one such as smtps://mail.example.org",
                        "alerts.mail_server");
  }
  METERHOUND_RETURN_IF_ERROR(notify::CheckMail(options));
  if (options.user.empty() != options.password.empty()) {
    return InvalidInput(
        "found only one of alerts.mail_user and METERHOUND_ALERTS_MAIL_PASSWORD (or _FILE), expected "
        "both or none",
        "alerts.mail_user");
  }
  return options;
}

Error NoChannel(const std::string& channel) {
  return InvalidInput(
      "the settings here name no such channel; whoever finds something wrong and whoever tells it need "
      "the same alerts.* settings",
      "alerts: " + channel);
}

}  // namespace

std::vector<std::string> AlertChannels(const pipeline::Config& config) {
  std::vector<std::string> channels;
  if (!config.alerts_webhook_hosts.empty()) channels.emplace_back(kWebhookChannel);
  if (!config.alerts_mail_server.empty()) channels.emplace_back(kMailChannel);
  return channels;
}

Status CheckAlertChannels(const pipeline::Config& config) {
  METERHOUND_RETURN_IF_ERROR(StatusOf(Webhook(config)));
  METERHOUND_RETURN_IF_ERROR(StatusOf(Mail(config)));
  if (config.alerts_ca_file.empty()) return {};
  const auto certificates = ReadFile(config.alerts_ca_file);
  return certificates ? Status() : InvalidInput(certificates.error().ToString(), "alerts.ca_file");
}

Status SendAlert(const pipeline::Config& config, const std::string& channel, const notify::Message& message,
                 const std::string& id, const std::stop_token& stop) {
  if (channel == kWebhookChannel) {
    METERHOUND_ASSIGN_OR_RETURN(const auto options, Webhook(config));
    return options.url.empty() ? NoChannel(channel) : notify::PostWebhook(options, message, stop);
  }
  if (channel == kMailChannel) {
    METERHOUND_ASSIGN_OR_RETURN(const auto options, Mail(config));
    return options.server.empty() ? NoChannel(channel) : notify::SendMail(options, message, id, stop);
  }
  return NoChannel(channel);
}

}  // namespace meterhound::serve
