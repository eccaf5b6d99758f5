// Database: SQL with two real backends, SQLite (one machine) and PostgreSQL (several), written once with `?` for
// values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace meterhound::store {

/// Bytes, as against text: BLOB in SQLite, BYTEA in PostgreSQL.
struct Blob {
  std::string bytes;
  bool operator==(const Blob&) const = default;
};

/// A value that goes into or comes out of a statement.
class Value {
 public:
  using Storage = std::variant<std::monostate, std::int64_t, double, std::string, Blob>;

  Value() = default;  ///< NULL
  // NOLINTBEGIN(google-explicit-constructor)
  Value(std::nullptr_t) {}
  template <typename T>
  requires std::is_integral_v<T> Value(T number) : storage_(static_cast<std::int64_t>(number)) {}
  Value(double number) : storage_(number) {}
  Value(std::string text) : storage_(std::move(text)) {}
  Value(std::string_view text) : storage_(std::string(text)) {}
  Value(const char* text) : storage_(std::string(text)) {}
  Value(Blob blob) : storage_(std::move(blob)) {}
  template <typename T>
  Value(const std::optional<T>& value) {
    if (value) *this = Value(*value);
  }
  // NOLINTEND(google-explicit-constructor)

  bool is_null() const { return storage_.index() == 0; }
  const Storage& storage() const { return storage_; }
  bool operator==(const Value&) const = default;

 private:
  Storage storage_;
};

using Values = std::vector<Value>;

/// One row of an answer. The typed readers take NULL as zero or empty; asking for another type than the column's throws
/// std::bad_variant_access (a broken promise of this program's own SQL), except that Real also takes whole numbers.
class Row {
 public:
  explicit Row(Values values) : values_(std::move(values)) {}

  std::size_t size() const { return values_.size(); }
  const Value& at(std::size_t column) const { return values_.at(column); }
  bool IsNull(std::size_t column) const { return at(column).is_null(); }
  std::int64_t Int(std::size_t column) const;
  double Real(std::size_t column) const;
  const std::string& Text(std::size_t column) const;
  const std::string& Bytes(std::size_t column) const;
  std::optional<std::int64_t> OptionalInt(std::size_t column) const;
  std::optional<double> OptionalReal(std::size_t column) const;
  std::optional<std::string> OptionalText(std::size_t column) const;

 private:
  Values values_;
};

using Rows = std::vector<Row>;

enum class Backend { kSqlite, kPostgres };

class Connection;

/// Statements that succeed or fail together. SQL is written once: `?` for values, and words in braces that differ by
/// backend (see Dialect in dialect.h). Statements are prepared once a connection and kept.
class Transaction {
 public:
  Transaction(Connection& connection, Backend backend) : connection_(connection), backend_(backend) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Backend backend() const { return backend_; }
  /// @return rows changed.
  Result<std::int64_t> Execute(std::string_view sql, const Values& values = {});
  Result<Rows> Query(std::string_view sql, const Values& values = {});
  /// The first row, if there is one.
  Result<std::optional<Row>> QueryOne(std::string_view sql, const Values& values = {});
  /// Several statements without values, in the words of dialect.h.
  Status Script(std::string_view sql);
  /// `INSERT INTO table (columns) VALUES ...`, many rows a statement.
  Status InsertMany(std::string_view table, const std::vector<std::string>& columns, const std::vector<Values>& rows);
  /// Called once the transaction is committed, before Write returns; never when it is rolled back or its commit is in
  /// doubt. It may use the database.
  void AfterCommit(std::function<void()> then) { after_commit_.push_back(std::move(then)); }
  std::vector<std::function<void()>> TakeAfterCommit() { return std::exchange(after_commit_, {}); }

 private:
  Connection& connection_;
  Backend backend_;
  std::vector<std::function<void()>> after_commit_;
};

/// A store that is open; any number of threads may use it. Errors: kUnavailable when the disk is full, the file locked
/// for longer than the time-out or the server gone (the message says which), kCorrupt when the file is damaged.
class Database {
 public:
  using Body = std::function<Status(Transaction&)>;

  virtual ~Database() = default;

  /// @param url "sqlite:FOLDER/meterhound.db" (":memory:" is not offered: readers have connections of their own) or
  ///   "postgresql://user:password@host:port/name". A SQLite file that is missing is made. Asks nothing of the schema:
  ///   see Migrate and CheckSchema.
  static Result<std::shared_ptr<Database>> Open(const std::string& url);

  virtual Backend backend() const = 0;
  /// The URL without a password.
  virtual const std::string& name() const = 0;

  /// Runs `body` in a transaction and commits. On a conflict with another writer (SQLite: busy; PostgreSQL:
  /// serialization failure, deadlock), or when the connection was lost before the commit, it is rolled back and `body`
  /// runs again, so `body` must set what it captures anew each time. An error of `body` rolls back and is returned.
  /// A connection lost during the commit itself leaves open whether it happened: kUnavailable, never repeated.
  virtual Status Write(const Body& body) = 0;
  /// Runs `body` on one unchanging view of the data; it may not write. Nor may one be begun inside another of a thread.
  virtual Status Read(const Body& body) = 0;

  /// Write and Read whose body makes a value.
  template <typename T>
  Result<T> WriteFor(const std::function<Result<T>(Transaction&)>& body) {
    std::optional<T> made;
    const Status status = Write([&](Transaction& transaction) { return Keep(body(transaction), made); });
    return status.ok() ? Result<T>(std::move(*made)) : Result<T>(status.error());
  }
  template <typename T>
  Result<T> ReadFor(const std::function<Result<T>(Transaction&)>& body) {
    std::optional<T> made;
    const Status status = Read([&](Transaction& transaction) { return Keep(body(transaction), made); });
    return status.ok() ? Result<T>(std::move(*made)) : Result<T>(status.error());
  }

  /// One statement by itself, in Read.
  Result<Rows> Query(std::string_view sql, const Values& values = {});
  Result<std::optional<Row>> QueryOne(std::string_view sql, const Values& values = {});
  /// One statement by itself, in Write. @return rows changed.
  Result<std::int64_t> Execute(std::string_view sql, const Values& values = {});

  /// What the data takes on disk.
  virtual Result<std::int64_t> Bytes() = 0;
  /// Copies a SQLite store into a file while it is in use (SQLite's backup API). PostgreSQL: kUnsupported, use pg_dump.
  virtual Status CopyTo(const std::string& path) = 0;

 private:
  template <typename T>
  static Status Keep(Result<T> result, std::optional<T>& made) {
    if (!result) return result.error();
    made = std::move(result).value();
    return {};
  }
};

/// Of a statement whose number of rows does not matter.
inline Status Done(const Result<std::int64_t>& changed) { return changed ? Status() : Status(changed.error()); }

/// The path of "sqlite:PATH", or nothing.
std::optional<std::string> SqlitePath(std::string_view url);

}  // namespace meterhound::store
