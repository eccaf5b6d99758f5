// SQLite's C interface: statements, values and the meaning of its result codes.
#include "store/sqlite_connection.h"

#include <chrono>
#include <thread>

#include "store/dialect.h"

namespace meterhound::store {
namespace {

constexpr int kBusyMilliseconds = 10'000;
constexpr int kOpenTries = 100;

Error MakeError(int code, const std::string& message, const std::string& path) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Unavailable("the disk is full", path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Unavailable("the store is locked by another process", path);
    case SQLITE_IOERR:
      return Unavailable("reading or writing the store failed (" + message + ")", path);
    case SQLITE_CANTOPEN:
      return Unavailable("the store cannot be opened (" + message + "); does its folder exist, may it be written?",
                         path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return Unavailable("the store may not be written (" + message + ")", path);
    case SQLITE_NOMEM:
      return Unavailable("out of memory", path);
    case SQLITE_CORRUPT:
      return Corrupt("the store is damaged (" + message + "); restore a backup", path);
    case SQLITE_NOTADB:
      return Corrupt("is no SQLite database", path);
    case SQLITE_TOOBIG:
      return InvalidInput("a value is too large for the store", path);
    default:
      return {ErrorCode::kInternal, message, path};
  }
}

int Bind(sqlite3_stmt* statement, int index, const Value& value) {
  struct Binder {
    sqlite3_stmt* statement;
    int index;
    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t number) const { return sqlite3_bind_int64(statement, index, number); }
    int operator()(double number) const { return sqlite3_bind_double(statement, index, number); }
    int operator()(const std::string& text) const {
      return sqlite3_bind_text64(statement, index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    int operator()(const Blob& blob) const {
      if (blob.bytes.empty()) return sqlite3_bind_zeroblob(statement, index, 0);
      return sqlite3_bind_blob64(statement, index, blob.bytes.data(), blob.bytes.size(), SQLITE_STATIC);
    }
  };
  return std::visit(Binder{statement, index}, value.storage());
}

Value Column(sqlite3_stmt* statement, int column) {
  const auto bytes = [&](const void* data) {
    return std::string(static_cast<const char*>(data),
                       static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
  };
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return Value(static_cast<std::int64_t>(sqlite3_column_int64(statement, column)));
    case SQLITE_FLOAT:
      return Value(sqlite3_column_double(statement, column));
    case SQLITE_TEXT:
      return Value(bytes(sqlite3_column_text(statement, column)));
    case SQLITE_BLOB: {
      const void* data = sqlite3_column_blob(statement, column);
      return Value(Blob{data == nullptr ? std::string() : bytes(data)});
    }
    default:
      return {};
  }
}

/// Leaves a statement ready for the next use, whatever happens.
struct Reset {
  sqlite3_stmt* statement;
  ~Reset() {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
  }
};

}  // namespace

Result<std::unique_ptr<Connection>> SqliteConnection::Open(const std::string& path, bool read_only) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  std::unique_ptr<SqliteConnection> connection(new SqliteConnection(handle, path));
  if (code != SQLITE_OK) {
    return MakeError(code, handle != nullptr ? sqlite3_errmsg(handle) : "out of memory", path);
  }
  METERHOUND_RETURN_IF_ERROR(connection->SetUp(read_only));
  return std::unique_ptr<Connection>(std::move(connection));
}

Status SqliteConnection::SetUp(bool read_only) {
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
  // Two processes that turn a new file to write-ahead mode at once meet a lock that the busy time-out does not cover.
  Status status;
  for (int i = 0; i < kOpenTries; ++i) {
    status = Script("PRAGMA journal_mode=WAL");
    if (status.ok() || trouble_ != Trouble::kConflict) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  METERHOUND_RETURN_IF_ERROR(status);
  METERHOUND_RETURN_IF_ERROR(
      Script("PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16384"));
  return read_only ? Script("PRAGMA query_only=ON") : Status();
}

SqliteConnection::~SqliteConnection() {
  statements_.clear();
  sqlite3_close_v2(handle_);
}

Error SqliteConnection::Failure(std::string_view sql) {
  const int code = sqlite3_extended_errcode(handle_);
  const int primary = code & 0xff;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) trouble_ = Trouble::kConflict;
  std::string message = sqlite3_errmsg(handle_);
  if (primary == SQLITE_ERROR && !sql.empty()) message += " in: " + std::string(sql.substr(0, 300));
  return MakeError(code, message, path_);
}

Status SqliteConnection::Begin(Mode mode) {
  trouble_ = Trouble::kNone;
  const auto done = Execute(mode == Mode::kWrite ? "BEGIN IMMEDIATE" : "BEGIN", {});
  return done ? Status() : Status(done.error());
}

Status SqliteConnection::Commit() {
  const auto done = Execute("COMMIT", {});
  return done ? Status() : Status(done.error());
}

void SqliteConnection::Rollback() {
  // After a full disk SQLite may have rolled back by itself.
  if (sqlite3_get_autocommit(handle_) == 0) (void)Execute("ROLLBACK", {});
}

Status SqliteConnection::Script(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return Failure(sql);
}

Result<sqlite3_stmt*> SqliteConnection::Prepare(std::string_view sql) {
  std::string key(sql);
  if (const auto found = statements_.find(key); found != statements_.end()) return found->second.get();
  const std::string text = ToDialect(sql, Backend::kSqlite);
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(handle_, text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                         nullptr) != SQLITE_OK) {
    return Failure(sql);
  }
  statements_.emplace(std::move(key), Statement(statement));
  return statement;
}

Result<std::int64_t> SqliteConnection::Execute(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(sqlite3_stmt* const statement, Prepare(sql));
  const Reset reset{statement};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (Bind(statement, static_cast<int>(i + 1), values[i]) != SQLITE_OK) return Failure(sql);
  }
  int code = sqlite3_step(statement);
  while (code == SQLITE_ROW) code = sqlite3_step(statement);
  if (code != SQLITE_DONE) return Failure(sql);
  return static_cast<std::int64_t>(sqlite3_changes(handle_));
}

Result<Rows> SqliteConnection::Query(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(sqlite3_stmt* const statement, Prepare(sql));
  const Reset reset{statement};
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (Bind(statement, static_cast<int>(i + 1), values[i]) != SQLITE_OK) return Failure(sql);
  }
  Rows rows;
  int code = sqlite3_step(statement);
  for (; code == SQLITE_ROW; code = sqlite3_step(statement)) {
    Values columns;
    const int count = sqlite3_column_count(statement);
    columns.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) columns.push_back(Column(statement, i));
    rows.emplace_back(std::move(columns));
  }
  if (code != SQLITE_DONE) return Failure(sql);
  return rows;
}

Status SqliteConnection::CopyTo(const std::string& path) {
  sqlite3* target = nullptr;
  Status status;
  if (const int code = sqlite3_open(path.c_str(), &target); code != SQLITE_OK) {
    status = MakeError(code, sqlite3_errmsg(target), path);
  } else if (sqlite3_backup* backup = sqlite3_backup_init(target, "main", handle_, "main"); backup == nullptr) {
    status = MakeError(sqlite3_errcode(target), sqlite3_errmsg(target), path);
  } else {
    int step = SQLITE_OK;
    // All pages in one step: read under one snapshot, so that writers beside it cannot make it begin again.
    for (int i = 0; i < kOpenTries; ++i) {
      step = sqlite3_backup_step(backup, -1);
      if (step != SQLITE_BUSY && step != SQLITE_LOCKED) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    sqlite3_backup_finish(backup);
    if (step != SQLITE_DONE) status = MakeError(step, sqlite3_errstr(step), path);
  }
  sqlite3_close_v2(target);
  return status;
}

}  // namespace meterhound::store
