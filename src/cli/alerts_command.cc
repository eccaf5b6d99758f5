// `meterhound alerts`: what the service has found wrong, and a message that tries whom it would tell.
#include <chrono>
#include <memory>

#include "cli/command.h"
#include "cli/store_flags.h"
#include "serve/alert_channels.h"
#include "serve/alerting.h"
#include "store/alert_store.h"
#include "store/identifiers.h"

namespace meterhound::cli {
namespace {

using store::AlertRecord;

std::string Lines(const AlertRecord& record) {
  std::string lines = record.alert.key + "  " + (record.firing ? "firing" : "resolved") + "  " +
                      std::string(SeverityName(record.alert.severity)) + "  since " + store::FormatTime(record.since) +
                      "  told " + TimeText(record.last_told) + "\n    " + record.alert.title + "\n";
  for (std::size_t begin = 0; begin < record.alert.text.size();) {
    const std::size_t end = std::min(record.alert.text.find('\n', begin), record.alert.text.size());
    lines += "    " + record.alert.text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return lines;
}

Status ListAlerts(Session& session, const StoreFlags& where) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const auto records, store::AlertStore(database).List());
  Json items = Json::array();
  for (const AlertRecord& record : records) {
    session.Say(Lines(record));
    items.push_back(serve::AlertJson(record));
  }
  if (records.empty()) session.Say("Nothing was found wrong\n");
  session.Answer({{"items", items}});
  return {};
}

Status TestChannels(Session& session) {
  METERHOUND_RETURN_IF_ERROR(serve::CheckAlertChannels(session.config));
  const auto channels = serve::AlertChannels(session.config);
  if (channels.empty()) {
    return InvalidInput("found neither alerts.webhook_hosts nor alerts.mail_server, expected one of them", "alerts");
  }
  notify::Message message;
  message.severity = Severity::kInfo;
  message.title = "this is a test";
  message.text = "Nothing is wrong. Alerts of the service will arrive here.";
  message.link = "docs/alerts.md";
  message.at = store::NowMilliseconds() / 1000;
  Json results = Json::array();
  std::optional<Error> first;
  for (const std::string& channel : channels) {
    const Status sent =
        serve::SendAlert(session.config, channel, message, "test-" + store::NewId(), session.context.stop);
    session.Say(channel + ": " + (sent.ok() ? "sent" : sent.error().ToString()) + "\n");
    results.push_back({{"channel", channel}, {"error", sent.ok() ? Json() : Json(sent.error().ToString())}});
    if (!sent.ok() && !first) first = sent.error();
  }
  session.Answer({{"channels", results}});
  return first ? Status(*first) : Status();
}

}  // namespace

Action DeclareAlerts(CLI::App& app) {
  const auto where = std::make_shared<StoreFlags>();
  app.require_subcommand(1);
  where->Declare(app);
  CLI::App* list = app.add_subcommand("list", "What was found wrong, firing first");
  CLI::App* test = app.add_subcommand("test", "Send a test message to each channel now");
  for (CLI::App* sub : {list, test}) sub->fallthrough();
  return
      [=](Session& session) -> Status { return list->parsed() ? ListAlerts(session, *where) : TestChannels(session); };
}

}  // namespace meterhound::cli
