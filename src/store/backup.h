// Backups of the store while it is in use, and their return.
#pragma once

#include <string>

#include "store/database.h"

namespace meterhound::store {

/// SQLite: a database file by SQLite's backup API, checked. PostgreSQL: an archive by pg_dump, which must be on PATH.
/// The file appears whole or not at all. kInvalidInput when it exists, unless `force`.
Status Backup(Database& database, const std::string& url, const std::string& path, bool force);
/// Puts a backup in place of the store at `url`. Refused (kInvalidInput) when the store holds a schema, unless `force`.
/// No process may use it meanwhile.
Status Restore(const std::string& url, const std::string& path, bool force);

}  // namespace meterhound::store
