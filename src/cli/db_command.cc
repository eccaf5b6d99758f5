// `meterhound db`: make, check, save and bring back the service's store.
#include <memory>

#include "base/numbers.h"
#include "cli/command.h"
#include "cli/store_flags.h"
#include "store/audit_log.h"
#include "store/backup.h"
#include "store/schema.h"

namespace meterhound::cli {
namespace {

struct DbFlags {
  StoreFlags where;
  std::string file;
  bool force = false;
};

Status MigrateStore(Session& session, const DbFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, store::Database::Open(flags.where.StoreUrl(session.config)));
  METERHOUND_ASSIGN_OR_RETURN(const auto applied, store::Migrate(*database));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, store::SchemaVersion(*database));
  session.Say(database->name() + ": " +
              (applied.empty() ? "nothing to do" : std::to_string(applied.size()) + " migrations applied") +
              ", schema version " + std::to_string(version) + "\n");
  session.Answer({{"store", database->name()}, {"applied", applied}, {"version", version}});
  return {};
}

Status BackUp(Session& session, const DbFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_RETURN_IF_ERROR(store::Backup(*database, flags.where.StoreUrl(session.config), flags.file, flags.force));
  session.Say(flags.file + ": backup of " + database->name() + "\n");
  session.Answer({{"store", database->name()}, {"file", flags.file}});
  return {};
}

Status BringBack(Session& session, const DbFlags& flags) {
  const std::string url = flags.where.StoreUrl(session.config);
  METERHOUND_RETURN_IF_ERROR(store::Restore(url, flags.file, flags.force));
  METERHOUND_ASSIGN_OR_RETURN(const auto database, store::Database::Open(url));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, store::SchemaVersion(*database));
  session.Say(database->name() + ": restored from " + flags.file + ", schema version " + std::to_string(version) +
              "\n");
  session.Answer({{"store", database->name()}, {"file", flags.file}, {"version", version}});
  return {};
}

Status ShowStatus(Session& session, const DbFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, store::SchemaVersion(*database));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t bytes, database->Bytes());
  METERHOUND_ASSIGN_OR_RETURN(const auto audit, store::AuditLog(database).Verify());
  Json rows = Json::object();
  std::string text;
  for (const std::string table : {"jobs", "runs", "cases", "feedback", "models", "inputs", "api_keys", "audit"}) {
    METERHOUND_ASSIGN_OR_RETURN(const auto row, database->QueryOne("SELECT COUNT(*) FROM " + table));
    rows[table] = row->Int(0);
    text += "  " + table + std::string(12 - table.size(), ' ') + WithThousands(static_cast<std::size_t>(row->Int(0))) +
            "\n";
  }
  session.Say(
      database->name() + ": schema version " + std::to_string(version) + ", " +
      WithThousands(static_cast<std::size_t>(bytes / 1000)) + " kB\n" + text + "  audit chain " +
      (audit.intact ? "intact" : "broken at entry " + std::to_string(audit.first_broken) + ": " + audit.reason) + "\n");
  session.Answer({{"store", database->name()},
                  {"backend", database->backend() == store::Backend::kSqlite ? "sqlite" : "postgresql"},
                  {"version", version},
                  {"bytes", bytes},
                  {"rows", rows},
                  {"audit_intact", audit.intact}});
  return audit.intact ? Status() : Status(Corrupt("the audit log was changed: " + audit.reason, database->name()));
}

}  // namespace

Action DeclareDb(CLI::App& app) {
  const auto flags = std::make_shared<DbFlags>();
  app.require_subcommand(1);
  const auto action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->fallthrough();
    return sub;
  };
  flags->where.Declare(app);
  CLI::App* migrate = action("migrate", "Make the tables, or bring them up to this program's version");
  CLI::App* backup = action("backup", "Copy the store into a file while it is in use");
  CLI::App* restore = action("restore", "Put a backup in the store's place");
  for (CLI::App* sub : {backup, restore}) {
    sub->add_option("FILE", flags->file, "The backup")->required();
    sub->add_flag("--force", flags->force, sub == backup ? "Replace FILE" : "Replace what the store holds");
  }
  action("status", "Version, size and rows; whether the audit log is intact");
  return [=](Session& session) -> Status {
    if (migrate->parsed()) return MigrateStore(session, *flags);
    if (backup->parsed()) return BackUp(session, *flags);
    if (restore->parsed()) return BringBack(session, *flags);
    return ShowStatus(session, *flags);
  };
}

}  // namespace meterhound::cli
