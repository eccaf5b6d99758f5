// Database: pools of connections, and transactions that are tried again after a conflict or a lost connection.
#include "store/database.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>

#include "store/connection.h"
#include "store/dialect.h"
#include "store/postgres_connection.h"
#include "store/sqlite_connection.h"

namespace meterhound::store {
namespace {

constexpr std::size_t kReaders = 8;
constexpr std::size_t kPostgresConnections = 10;
constexpr int kLostTries = 3;
constexpr std::chrono::seconds kConflictPatience{30};
constexpr std::size_t kValuesAtOnce = 1500;

/// Up to `most` connections, made when first needed; whoever asks for one more waits.
class Pool {
 public:
  Pool(ConnectionMaker make, std::size_t most) : make_(std::move(make)), most_(most) {}

  Result<std::unique_ptr<Connection>> Take() {
    std::unique_lock lock(mutex_);
    freed_.wait(lock, [&] { return !idle_.empty() || taken_ < most_; });
    ++taken_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    lock.unlock();
    auto made = make_();
    if (!made) GiveUp();
    return made;
  }
  void Return(std::unique_ptr<Connection> connection) {
    {
      const std::lock_guard lock(mutex_);
      --taken_;
      idle_.push_back(std::move(connection));
    }
    freed_.notify_one();
  }
  /// After a lost connection the idle ones are as old and as dead.
  void Discard() {
    std::vector<std::unique_ptr<Connection>> dead;
    {
      const std::lock_guard lock(mutex_);
      dead.swap(idle_);
    }
    GiveUp();
  }

 private:
  void GiveUp() {
    {
      const std::lock_guard lock(mutex_);
      --taken_;
    }
    freed_.notify_one();
  }

  ConnectionMaker make_;
  std::size_t most_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t taken_ = 0;
  std::vector<std::unique_ptr<Connection>> idle_;
};

/// A connection that goes back to its pool, rolled back unless it was committed.
class Borrowed {
 public:
  Borrowed(Pool& pool, std::unique_ptr<Connection> connection) : pool_(pool), connection_(std::move(connection)) {}
  ~Borrowed() {
    if (!committed_) connection_->Rollback();
    if (connection_->trouble() == Connection::Trouble::kLost) {
      connection_.reset();
      pool_.Discard();
    } else {
      pool_.Return(std::move(connection_));
    }
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

  Connection& operator*() { return *connection_; }
  Connection* operator->() { return connection_.get(); }
  Status Commit() {
    const Status status = connection_->Commit();
    committed_ = status.ok();
    return status;
  }

 private:
  Pool& pool_;
  std::unique_ptr<Connection> connection_;
  bool committed_ = false;
};

void SleepBeforeNextTry(int attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  const int most = std::min(100, 2 << std::min(attempt, 6));
  std::this_thread::sleep_for(std::chrono::milliseconds(std::uniform_int_distribution<int>(1, most)(random)));
}

struct Attempt {
  Status status;
  Connection::Trouble trouble = Connection::Trouble::kNone;
  bool committing = false;  // whether it was the commit that failed
  std::vector<std::function<void()>> then;
};

Result<Attempt> TryOnce(Pool& pool, Connection::Mode mode, Backend backend, const Database::Body& body) {
  METERHOUND_ASSIGN_OR_RETURN(auto taken, pool.Take());
  Borrowed connection(pool, std::move(taken));
  Attempt attempt;
  attempt.status = connection->Begin(mode);
  if (attempt.status.ok()) {
    Transaction transaction(*connection, backend);
    attempt.status = body(transaction);
    if (attempt.status.ok()) {
      attempt.committing = true;
      attempt.status = connection.Commit();
      attempt.then = transaction.TakeAfterCommit();
    }
  }
  attempt.trouble = connection->trouble();
  return attempt;
}

Status RunTransaction(Pool& pool, Connection::Mode mode, Backend backend, const Database::Body& body) {
  const auto deadline = std::chrono::steady_clock::now() + kConflictPatience;
  for (int attempts = 1, lost = 0;; ++attempts) {
    METERHOUND_ASSIGN_OR_RETURN(const Attempt attempt, TryOnce(pool, mode, backend, body));
    if (attempt.status.ok()) {
      for (const auto& then : attempt.then) then();
      return {};
    }
    const Error& error = attempt.status.error();
    if (attempt.trouble == Connection::Trouble::kLost) {
      if (attempt.committing && mode == Connection::Mode::kWrite) {
        return Unavailable(error.message + " while committing; whether that happened is not known", error.where);
      }
      if (++lost >= kLostTries) return error;
    } else if (attempt.trouble != Connection::Trouble::kConflict || std::chrono::steady_clock::now() >= deadline) {
      return error;
    }
    SleepBeforeNextTry(attempts);
  }
}

class SqliteDatabase : public Database {
 public:
  explicit SqliteDatabase(const std::string& path)
      : path_(path),
        name_("sqlite:" + path),
        writer_([path] { return SqliteConnection::Open(path, false); }, 1),
        readers_([path] { return SqliteConnection::Open(path, true); }, kReaders) {}

  Backend backend() const override { return Backend::kSqlite; }
  const std::string& name() const override { return name_; }
  Status Write(const Body& body) override { return RunTransaction(writer_, Connection::Mode::kWrite, backend(), body); }
  Status Read(const Body& body) override { return RunTransaction(readers_, Connection::Mode::kRead, backend(), body); }

  Result<std::int64_t> Bytes() override {
    std::int64_t bytes = 0;
    for (const char* suffix : {"", "-wal"}) {
      std::error_code error;
      const auto size = std::filesystem::file_size(path_ + suffix, error);
      if (!error) bytes += static_cast<std::int64_t>(size);
    }
    return bytes;
  }

  Status CopyTo(const std::string& path) override {
    METERHOUND_ASSIGN_OR_RETURN(auto connection, SqliteConnection::Open(path_, true));
    return static_cast<SqliteConnection&>(*connection).CopyTo(path);
  }

 private:
  std::string path_;
  std::string name_;
  Pool writer_;
  Pool readers_;
};

class PostgresDatabase : public Database {
 public:
  PostgresDatabase(const std::string& url, const std::string& name)
      : name_(name), pool_([url, name] { return PostgresConnection::Open(url, name); }, kPostgresConnections) {}

  Backend backend() const override { return Backend::kPostgres; }
  const std::string& name() const override { return name_; }
  Status Write(const Body& body) override { return RunTransaction(pool_, Connection::Mode::kWrite, backend(), body); }
  Status Read(const Body& body) override { return RunTransaction(pool_, Connection::Mode::kRead, backend(), body); }

  Result<std::int64_t> Bytes() override {
    METERHOUND_ASSIGN_OR_RETURN(const auto row, QueryOne("SELECT pg_database_size(current_database())"));
    return row ? row->Int(0) : 0;
  }
  Status CopyTo(const std::string&) override {
    return Unsupported("PostgreSQL is copied by pg_dump, not by this program", name_);
  }

 private:
  std::string name_;
  Pool pool_;
};

/// "postgresql://user:secret@host/db" -> "postgresql://user@host/db".
std::string WithoutPassword(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  const std::size_t at = url.find('@', begin);
  const std::size_t colon = url.find(':', begin);
  std::string name = url;
  if (at != std::string::npos && colon < at) name.erase(colon, at - colon);
  const std::size_t query = name.find('?');
  return name.substr(0, query);  // it may hold a password, too
}

}  // namespace

std::int64_t Row::Int(std::size_t column) const {
  return IsNull(column) ? 0 : std::get<std::int64_t>(at(column).storage());
}

double Row::Real(std::size_t column) const {
  if (IsNull(column)) return 0;
  if (const auto* whole = std::get_if<std::int64_t>(&at(column).storage())) return static_cast<double>(*whole);
  return std::get<double>(at(column).storage());
}

const std::string& Row::Text(std::size_t column) const {
  static const std::string empty;
  return IsNull(column) ? empty : std::get<std::string>(at(column).storage());
}

const std::string& Row::Bytes(std::size_t column) const {
  static const std::string empty;
  return IsNull(column) ? empty : std::get<Blob>(at(column).storage()).bytes;
}

std::optional<std::int64_t> Row::OptionalInt(std::size_t column) const {
  return IsNull(column) ? std::nullopt : std::optional(Int(column));
}
std::optional<double> Row::OptionalReal(std::size_t column) const {
  return IsNull(column) ? std::nullopt : std::optional(Real(column));
}
std::optional<std::string> Row::OptionalText(std::size_t column) const {
  return IsNull(column) ? std::nullopt : std::optional(Text(column));
}

Result<std::int64_t> Transaction::Execute(std::string_view sql, const Values& values) {
  return connection_.Execute(sql, values);
}
Result<Rows> Transaction::Query(std::string_view sql, const Values& values) { return connection_.Query(sql, values); }

Status Transaction::Script(std::string_view sql) { return connection_.Script(ToDialect(sql, backend_)); }

Result<std::optional<Row>> Transaction::QueryOne(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(Rows rows, connection_.Query(sql, values));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows.front()));
}

Status Transaction::InsertMany(std::string_view table, const std::vector<std::string>& columns,
                               const std::vector<Values>& rows) {
  std::string head = "INSERT INTO " + std::string(table) + " (";
  std::string one = "(";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    head += (i == 0 ? "" : ", ") + columns[i];
    one += i == 0 ? "?" : ", ?";
  }
  head += ") VALUES ";
  one += ")";
  const std::size_t at_once = std::max<std::size_t>(1, kValuesAtOnce / columns.size());
  std::string many = head;
  for (std::size_t i = 0; i < at_once; ++i) many += (i == 0 ? "" : ", ") + one;
  const std::string single = head + one;
  std::size_t row = 0;
  Values values;
  while (row < rows.size()) {
    // Two statements only: full pieces, and one row each for the rest; so few are prepared.
    const std::size_t count = rows.size() - row >= at_once ? at_once : 1;
    values.clear();
    for (std::size_t end = row + count; row < end; ++row)
      values.insert(values.end(), rows[row].begin(), rows[row].end());
    METERHOUND_RETURN_IF_ERROR(Done(connection_.Execute(count == 1 ? single : many, values)));
  }
  return {};
}

Result<Rows> Database::Query(std::string_view sql, const Values& values) {
  return ReadFor<Rows>([&](Transaction& transaction) { return transaction.Query(sql, values); });
}

Result<std::optional<Row>> Database::QueryOne(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(Rows rows, Query(sql, values));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows.front()));
}

Result<std::int64_t> Database::Execute(std::string_view sql, const Values& values) {
  return WriteFor<std::int64_t>([&](Transaction& transaction) { return transaction.Execute(sql, values); });
}

std::optional<std::string> SqlitePath(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme)) return std::nullopt;
  return std::string(url.substr(kScheme.size()));
}

Result<std::shared_ptr<Database>> Database::Open(const std::string& url) {
  std::shared_ptr<Database> database;
  if (const auto path = SqlitePath(url)) {
    if (path->empty() || path->front() == ':' || path->starts_with("//")) {
      return InvalidInput("found '" + url + "', expected sqlite:PATH with the path of a file", "store");
    }
    database = std::make_shared<SqliteDatabase>(*path);
  } else if (url.starts_with("postgresql://") || url.starts_with("postgres://")) {
    database = std::make_shared<PostgresDatabase>(url, WithoutPassword(url));
  } else {
    return InvalidInput("found a store that is neither sqlite:PATH nor postgresql://user@host/name", "store");
  }
  METERHOUND_RETURN_IF_ERROR(database->Read([](Transaction&) { return Status(); }));
  return database;
}

}  // namespace meterhound::store
