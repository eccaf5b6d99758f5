// Applies migrations, each in a transaction that first makes sure that nobody else is applying it.
#include "store/schema.h"

#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kCreateTable =
    "CREATE TABLE IF NOT EXISTS schema_migrations (version BIGINT PRIMARY KEY, name TEXT NOT NULL, applied BIGINT NOT "
    "NULL)";
constexpr std::int64_t kMigrationLock = 0x6d657465;  // of PostgreSQL's advisory locks

Result<bool> HasTable(Transaction& transaction) {
  const bool sqlite = transaction.backend() == Backend::kSqlite;
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row,
      transaction.QueryOne(sqlite ? "SELECT COUNT(*) FROM sqlite_master WHERE type='table' AND name='schema_migrations'"
                                  : "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname=current_schema() AND "
                                    "tablename='schema_migrations'"));
  return row && row->Int(0) > 0;
}

Result<std::int64_t> VersionIn(Transaction& transaction) {
  METERHOUND_ASSIGN_OR_RETURN(const bool there, HasTable(transaction));
  if (!there) return std::int64_t{0};
  METERHOUND_ASSIGN_OR_RETURN(const auto row, transaction.QueryOne("SELECT MAX(version) FROM schema_migrations"));
  return row ? row->Int(0) : std::int64_t{0};
}

Error TooNew(std::int64_t version, const std::string& store) {
  return Unsupported("the store's schema has version " + std::to_string(version) + ", this program knows up to " +
                         std::to_string(Migrations().back().version) + "; use a newer meterhound",
                     store);
}

Status LockForMigration(Transaction& transaction) {
  if (transaction.backend() == Backend::kSqlite) return {};  // a writing transaction is alone anyway
  const auto locked = transaction.Query("SELECT pg_advisory_xact_lock(?)", {kMigrationLock});
  return locked ? Status() : Status(locked.error());
}

Status Apply(Transaction& transaction, const Migration& migration) {
  METERHOUND_RETURN_IF_ERROR(transaction.Script(migration.sql));
  const bool sqlite = transaction.backend() == Backend::kSqlite;
  const std::string_view own = sqlite ? migration.sqlite : migration.postgres;
  if (!own.empty()) METERHOUND_RETURN_IF_ERROR(transaction.Script(own));
  return Done(transaction.Execute("INSERT INTO schema_migrations (version, name, applied) VALUES (?, ?, ?)",
                                  {migration.version, migration.name, NowMilliseconds()}));
}

Result<bool> ApplyUnlessThere(Transaction& transaction, const Migration& migration, const std::string& store) {
  METERHOUND_RETURN_IF_ERROR(LockForMigration(transaction));
  METERHOUND_RETURN_IF_ERROR(transaction.Script(kCreateTable));
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, VersionIn(transaction));
  if (version > Migrations().back().version) return TooNew(version, store);
  if (version >= migration.version) return false;
  METERHOUND_RETURN_IF_ERROR(Apply(transaction, migration));
  return true;
}

}  // namespace

Result<std::int64_t> SchemaVersion(Database& database) { return database.ReadFor<std::int64_t>(VersionIn); }

Result<std::vector<std::int64_t>> Migrate(Database& database) {
  std::vector<std::int64_t> applied;
  for (const Migration& migration : Migrations()) {
    METERHOUND_ASSIGN_OR_RETURN(const bool done, database.WriteFor<bool>([&](Transaction& transaction) {
      return ApplyUnlessThere(transaction, migration, database.name());
    }));
    if (done) applied.push_back(migration.version);
  }
  return applied;
}

Status CheckSchema(Database& database) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t version, SchemaVersion(database));
  const std::int64_t newest = Migrations().back().version;
  if (version == newest) return {};
  if (version > newest) return TooNew(version, database.name());
  return Unsupported(
      (version == 0 ? std::string("the store has no tables yet")
                    : "the store's schema has version " + std::to_string(version) + " of " + std::to_string(newest)) +
          "; run: meterhound db migrate",
      database.name());
}

}  // namespace meterhound::store
