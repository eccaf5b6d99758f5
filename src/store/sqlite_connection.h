// SqliteConnection: one handle on a SQLite file in write-ahead mode, every commit synced to disk.
#pragma once

#include <sqlite3.h>

#include <string>
#include <unordered_map>

#include "store/connection.h"

namespace meterhound::store {

class SqliteConnection : public Connection {
 public:
  /// Makes the file when it is missing.
  static Result<std::unique_ptr<Connection>> Open(const std::string& path, bool read_only);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  Status Begin(Mode mode) override;
  Status Commit() override;
  void Rollback() override;
  Result<std::int64_t> Execute(std::string_view sql, const Values& values) override;
  Result<Rows> Query(std::string_view sql, const Values& values) override;
  Status Script(const std::string& sql) override;

  /// Copies the whole database into the file at `path`, while others write.
  Status CopyTo(const std::string& path);

 private:
  struct FreeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  using Statement = std::unique_ptr<sqlite3_stmt, FreeStatement>;

  SqliteConnection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  Status SetUp(bool read_only);
  Result<sqlite3_stmt*> Prepare(std::string_view sql);
  Error Failure(std::string_view sql = {});

  sqlite3* handle_;
  std::string path_;
  std::unordered_map<std::string, Statement> statements_;
};

}  // namespace meterhound::store
