// The tables, as numbered migrations that are applied in order and never edited once released.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "store/database.h"

namespace meterhound::store {

struct Migration {
  std::int64_t version = 0;
  std::string_view name;
  std::string_view sql;       ///< both backends, in the words of dialect.h
  std::string_view sqlite;    ///< after it, SQLite only; may be empty
  std::string_view postgres;  ///< after it, PostgreSQL only; may be empty
};

/// In order of their versions.
const std::vector<Migration>& Migrations();

/// The version that the store has; 0 when it was never migrated.
Result<std::int64_t> SchemaVersion(Database& database);
/// Applies what is missing, each migration in a transaction of its own; two processes may try at once. A store newer
/// than this program is kUnsupported. @return the versions that were applied.
Result<std::vector<std::int64_t>> Migrate(Database& database);
/// kUnsupported, saying what to do, unless the store has exactly this program's schema.
Status CheckSchema(Database& database);

}  // namespace meterhound::store
