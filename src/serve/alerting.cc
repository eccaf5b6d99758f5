// Alerts and the jobs that tell them are written together.
#include "serve/alerting.h"

#include "base/status_of.h"
#include "serve/alert_channels.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

constexpr double kMillisecondsPerHour = 3'600'000;

notify::Message MessageOf(const store::AlertRecord& record) {
  const store::Alert& alert = record.alert;
  notify::Message message;
  message.severity = alert.severity;
  message.resolved = !record.firing;
  message.title = alert.title;
  message.text = alert.text;
  for (const auto& [name, value] : alert.detail.items()) {
    message.fields.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  message.fields.emplace_back("Since", store::FormatTime(record.since).substr(0, 19) + "Z");
  if (record.firing && record.times > 1) message.fields.emplace_back("Seen", std::to_string(record.times) + " times");
  message.link = record.firing ? alert.link : "";
  message.at = record.updated / 1000;
  return message;
}

Status OrderTelling(Service& service, store::Transaction& transaction, const store::AlertRecord& record,
                    const std::vector<std::string>& channels) {
  const Json message = notify::ToJson(MessageOf(record));
  for (const std::string& channel : channels) {
    const store::NewJob telling{
        .kind = kTell,
        .queue = kAlertQueue,
        .title = record.alert.key + (record.firing ? " to " : ", resolved, to ") + channel,
        .owner = {},
        .request = {{"channel", channel}, {"alert", record.alert.key}, {"since", record.since}, {"message", message}},
        .input = {},
        .max_attempts = service.config.alerts_attempts};
    METERHOUND_RETURN_IF_ERROR(StatusOf(store::Accept(transaction, *service.queue, telling)));
  }
  return {};
}

// A message that was long on its way says what has come of it: the news that it is over may have gone ahead.
Status AddMeanwhile(Service& service, const store::Job& job, notify::Message& message) {
  if (message.resolved) return {};
  METERHOUND_ASSIGN_OR_RETURN(const auto record, service.alerts.Find(job.request.at("alert").get<std::string>()));
  if (!record || (record->firing && record->since == job.request.at("since").get<std::int64_t>())) return {};
  message.fields.emplace_back("Meanwhile", "this is over");
  return {};
}

}  // namespace

Status RaiseAlert(Service& service, store::Transaction& transaction, const store::Alert& alert) {
  const auto cool_down = static_cast<std::int64_t>(service.config.alerts_cool_down * kMillisecondsPerHour);
  METERHOUND_ASSIGN_OR_RETURN(const store::AlertChange change, store::AlertStore::Raise(transaction, alert, cool_down));
  const auto channels = AlertChannels(service.config);
  if (!change.tell || channels.empty()) return {};
  METERHOUND_RETURN_IF_ERROR(OrderTelling(service, transaction, change.record, channels));
  return store::AlertStore::MarkTold(transaction, alert.key);
}

Status ResolveAlert(Service& service, store::Transaction& transaction, const std::string& key,
                    const std::string& text) {
  METERHOUND_ASSIGN_OR_RETURN(const auto change, store::AlertStore::Resolve(transaction, key, text));
  if (!change || !change->tell) return {};
  return OrderTelling(service, transaction, change->record, AlertChannels(service.config));
}

Status Announce(Service& service, store::Transaction& transaction, const store::Alert& news) {
  const std::int64_t now = store::NowMilliseconds();
  const store::AlertRecord once{.alert = news, .firing = true, .since = now, .updated = now, .times = 1};
  return OrderTelling(service, transaction, once, AlertChannels(service.config));
}

Json AlertJson(const store::AlertRecord& record) {
  const auto time = [](const std::optional<std::int64_t>& at) { return at ? Json(store::FormatTime(*at)) : Json(); };
  return {{"alert", record.alert.key},
          {"state", record.firing ? "firing" : "resolved"},
          {"severity", SeverityName(record.alert.severity)},
          {"title", record.alert.title},
          {"text", record.alert.text},
          {"detail", record.alert.detail},
          {"link", record.alert.link},
          {"since", store::FormatTime(record.since)},
          {"updated", store::FormatTime(record.updated)},
          {"resolved", time(record.resolved)},
          {"last_told", time(record.last_told)},
          {"times", record.times}};
}

Result<store::Effects> Tell(Service& service, const store::Job& job, store::JobContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(notify::Message message, notify::ParseMessage(job.request.at("message")));
  METERHOUND_RETURN_IF_ERROR(AddMeanwhile(service, job, message));
  const std::string channel = job.request.at("channel");
  METERHOUND_RETURN_IF_ERROR(SendAlert(service.config, channel, message, job.id, context.stop));
  return store::Effects{.result = {{"alert", job.request.at("alert")}, {"channel", channel}}, .write = {}};
}

}  // namespace meterhound::serve
