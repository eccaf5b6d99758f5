// `meterhound keys`: API keys of the service: make, list, revoke.
#include <memory>

#include "cli/command.h"
#include "cli/store_flags.h"
#include "store/identifiers.h"
#include "store/key_store.h"

namespace meterhound::cli {
namespace {

struct KeysFlags {
  StoreFlags where;
  std::string name;
  std::vector<std::string> scopes;
};

Json KeyJson(const store::ApiKey& key) {
  return {{"id", key.id},
          {"name", key.name},
          {"scopes", key.scopes},
          {"created", TimeJson(key.created)},
          {"revoked", TimeJson(key.revoked)},
          {"last_used", TimeJson(key.last_used)}};
}

Status AddKey(Session& session, const KeysFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const store::NewKey made, store::KeyStore(database).Add(flags.name, flags.scopes));
  session.Say(made.secret + "\nIt is shown this once and stored nowhere; " + flags.name +
              " sends it as Authorization: " + "Bearer mh_...\n");
  Json answer = KeyJson(made.key);
  answer["key"] = made.secret;
  session.Answer(answer);
  return {};
}

Status ListKeys(Session& session, const KeysFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const auto keys, store::KeyStore(database).List());
  Json items = Json::array();
  for (const store::ApiKey& key : keys) {
    std::string scopes;
    for (const std::string& scope : key.scopes) scopes += (scopes.empty() ? "" : ",") + scope;
    session.Say(key.id + "  " + key.name + "  " + scopes + "  made " + store::FormatTime(key.created) + "  used " +
                TimeText(key.last_used) + (key.revoked ? "  revoked " + store::FormatTime(*key.revoked) : "") + "\n");
    items.push_back(KeyJson(key));
  }
  if (keys.empty()) session.Say("No keys: the service listens to this machine alone and asks for none\n");
  session.Answer({{"items", items}});
  return {};
}

Status RevokeKey(Session& session, const KeysFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const store::ApiKey key, store::KeyStore(database).Revoke(flags.name));
  session.Say("The key of " + key.name + " is revoked\n");
  session.Answer(KeyJson(key));
  return {};
}

}  // namespace

Action DeclareKeys(CLI::App& app) {
  const auto flags = std::make_shared<KeysFlags>();
  app.require_subcommand(1);
  const auto action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->fallthrough();
    return sub;
  };
  flags->where.Declare(app);
  CLI::App* add = action("add", "Make a key and show it, once");
  add->add_option("NAME", flags->name, "Whose it is")->required();
  add->add_option("--scope", flags->scopes,
                  "score (jobs and scores), review (cases, feedback, plans), admin (models, audit, system); several by "
                  "commas")
      ->delimiter(',')
      ->required()
      ->type_name("SCOPE[,SCOPE...]");
  CLI::App* list = action("list", "Every key, without its secret");
  CLI::App* revoke = action("revoke", "End a key and its sessions");
  revoke->add_option("NAME", flags->name, "Its name or id")->required();
  return [=](Session& session) -> Status {
    if (add->parsed()) return AddKey(session, *flags);
    return list->parsed() ? ListKeys(session, *flags) : RevokeKey(session, *flags);
  };
}

}  // namespace meterhound::cli
