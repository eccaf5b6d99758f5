// PostgresConnection: one connection to PostgreSQL through libpq, values and answers in binary where that is exact.
#pragma once

#include <libpq-fe.h>

#include <string>
#include <unordered_map>

#include "store/connection.h"

namespace meterhound::store {

class PostgresConnection : public Connection {
 public:
  /// @param name the URL without its password, for errors.
  static Result<std::unique_ptr<Connection>> Open(const std::string& url, const std::string& name);
  ~PostgresConnection() override;
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  Status Begin(Mode mode) override;
  Status Commit() override;
  void Rollback() override;
  Result<std::int64_t> Execute(std::string_view sql, const Values& values) override;
  Result<Rows> Query(std::string_view sql, const Values& values) override;
  Status Script(const std::string& sql) override;

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Answer = std::unique_ptr<PGresult, Clear>;

  PostgresConnection(PGconn* handle, std::string name) : handle_(handle), name_(std::move(name)) {}
  Result<std::string> Prepare(std::string_view sql, std::size_t parameters);
  Result<Answer> Run(std::string_view sql, const Values& values);
  Result<Answer> Check(Answer answer, std::string_view sql);

  PGconn* handle_;
  std::string name_;
  std::unordered_map<std::string, std::string> statements_;  // SQL -> name
};

}  // namespace meterhound::store
