// libpq: prepared statements, the binary form of values, and the meaning of SQLSTATE codes.
#include "store/postgres_connection.h"

#include <bit>
#include <cstring>

#include "base/numbers.h"
#include "store/dialect.h"

namespace meterhound::store {
namespace {

// Types of pg_type.h, which the client library does not bring along.
constexpr Oid kBool = 16;
constexpr Oid kBytes = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kText = 25;
constexpr Oid kFloat8 = 701;
constexpr Oid kVarchar = 1043;
constexpr Oid kVoid = 2278;

std::string OneLine(const char* message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  return text;
}

/// Whole numbers come in network order.
std::int64_t WholeNumber(const char* data, int size) {
  std::uint64_t number = (static_cast<unsigned char>(data[0]) & 0x80U) != 0 ? ~0ULL : 0;
  for (int i = 0; i < size; ++i) number = (number << 8) | static_cast<unsigned char>(data[i]);
  return static_cast<std::int64_t>(number);
}

Result<Value> Field(const PGresult* answer, int row, int column) {
  if (PQgetisnull(answer, row, column) == 1) return Value();
  const char* data = PQgetvalue(answer, row, column);
  const int size = PQgetlength(answer, row, column);
  const auto bytes = [&] { return std::string(data, static_cast<std::size_t>(size)); };
  switch (const Oid type = PQftype(answer, column); type) {
    case kBool:
      return Value(static_cast<std::int64_t>(data[0]));
    case kInt2:
    case kInt4:
    case kInt8:
      return Value(WholeNumber(data, size));
    case kFloat8:
      return Value(std::bit_cast<double>(WholeNumber(data, size)));
    case kBytes:
      return Value(Blob{bytes()});
    case kText:
    case kVarchar:
      return Value(bytes());
    case kVoid:
      return Value();
    default:
      return Error{ErrorCode::kInternal, "a column of PostgreSQL's type " + std::to_string(type) + " is not read", {}};
  }
}

/// Values as libpq takes them: text for all but bytes.
struct Parameters {
  explicit Parameters(const Values& values) {
    texts.reserve(values.size());
    for (const Value& value : values) {
      std::visit(*this, value.storage());
    }
  }
  void operator()(std::monostate) { Add(nullptr, 0, 0); }
  void operator()(std::int64_t number) { AddText(std::to_string(number)); }
  void operator()(double number) { AddText(FormatDouble(number)); }
  void operator()(const std::string& text) { Add(text.c_str(), text.size(), 0); }
  void operator()(const Blob& blob) { Add(blob.bytes.data(), blob.bytes.size(), 1); }

  void AddText(std::string text) {
    texts.push_back(std::move(text));  // never reallocates: reserved
    Add(texts.back().c_str(), texts.back().size(), 0);
  }
  void Add(const char* data, std::size_t size, int format) {
    data_of.push_back(data);
    sizes.push_back(static_cast<int>(size));
    formats.push_back(format);
  }

  std::vector<std::string> texts;
  std::vector<const char*> data_of;
  std::vector<int> sizes;
  std::vector<int> formats;
};

}  // namespace

Result<std::unique_ptr<Connection>> PostgresConnection::Open(const std::string& url, const std::string& name) {
  const char* const keys[] = {"dbname", "connect_timeout", "application_name", "client_encoding", nullptr};
  const char* const settings[] = {url.c_str(), "5", "meterhound", "UTF8", nullptr};
  PGconn* handle = PQconnectdbParams(keys, settings, 1);
  std::unique_ptr<PostgresConnection> connection(new PostgresConnection(handle, name));
  if (PQstatus(handle) != CONNECTION_OK) {
    return Unavailable("PostgreSQL does not answer (" + OneLine(PQerrorMessage(handle)) + ")", name);
  }
  // Whatever the server's own settings are, an answered commit is on disk.
  METERHOUND_RETURN_IF_ERROR(connection->Script("SET client_min_messages=warning; SET synchronous_commit=on"));
  return std::unique_ptr<Connection>(std::move(connection));
}

PostgresConnection::~PostgresConnection() { PQfinish(handle_); }

Result<PostgresConnection::Answer> PostgresConnection::Check(Answer answer, std::string_view sql) {
  const ExecStatusType status = PQresultStatus(answer.get());
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return answer;
  const char* field = answer ? PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE) : nullptr;
  const std::string state = field == nullptr ? "" : field;
  const std::string message = OneLine(answer ? PQresultErrorMessage(answer.get()) : PQerrorMessage(handle_));
  const std::string family = state.substr(0, 2);
  if (PQstatus(handle_) != CONNECTION_OK || family == "08" || family == "57") {
    trouble_ = Trouble::kLost;
    return Unavailable("the connection to PostgreSQL was lost (" + message + ")", name_);
  }
  if (family == "40" || state == "55P03") {
    trouble_ = Trouble::kConflict;
    return Unavailable("another writer was first (" + message + ")", name_);
  }
  if (state == "53100") return Unavailable("the disk of PostgreSQL is full", name_);
  if (family == "53" || family == "58") return Unavailable("PostgreSQL refused (" + message + ")", name_);
  if (family == "22") return InvalidInput("PostgreSQL takes no such value (" + message + ")", name_);
  if (family == "XX") return Corrupt("PostgreSQL's data is damaged (" + message + ")", name_);
  const std::string in = family == "42" ? " in: " + std::string(sql.substr(0, 300)) : "";
  return Error{ErrorCode::kInternal, message + in, name_};
}

Status PostgresConnection::Begin(Mode mode) {
  trouble_ = Trouble::kNone;
  return Script(mode == Mode::kWrite ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

Status PostgresConnection::Commit() {
  METERHOUND_ASSIGN_OR_RETURN(const Answer answer, Check(Answer(PQexec(handle_, "COMMIT")), "COMMIT"));
  // A transaction in which a statement failed is rolled back by COMMIT, which calls that a success.
  if (std::string_view(PQcmdStatus(answer.get())) != "COMMIT") {
    return Error{ErrorCode::kInternal, "the transaction had failed and was rolled back", name_};
  }
  return {};
}

void PostgresConnection::Rollback() {
  if (PQstatus(handle_) == CONNECTION_OK && PQtransactionStatus(handle_) != PQTRANS_IDLE) {
    PQclear(PQexec(handle_, "ROLLBACK"));
  }
}

Status PostgresConnection::Script(const std::string& sql) {
  const auto answer = Check(Answer(PQexec(handle_, sql.c_str())), sql);
  return answer ? Status() : Status(answer.error());
}

Result<std::string> PostgresConnection::Prepare(std::string_view sql, std::size_t parameters) {
  std::string key(sql);
  if (const auto found = statements_.find(key); found != statements_.end()) return found->second;
  const std::string name = "s" + std::to_string(statements_.size());
  const std::string text = ToDialect(sql, Backend::kPostgres);
  const auto answer =
      Check(Answer(PQprepare(handle_, name.c_str(), text.c_str(), static_cast<int>(parameters), nullptr)), sql);
  if (!answer) return answer.error();
  statements_.emplace(std::move(key), name);
  return name;
}

Result<PostgresConnection::Answer> PostgresConnection::Run(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, Prepare(sql, values.size()));
  const Parameters parameters(values);
  return Check(Answer(PQexecPrepared(handle_, name.c_str(), static_cast<int>(values.size()), parameters.data_of.data(),
                                     parameters.sizes.data(), parameters.formats.data(), 1)),
               sql);
}

Result<std::int64_t> PostgresConnection::Execute(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(const Answer answer, Run(sql, values));
  const std::string changed = PQcmdTuples(answer.get());
  return changed.empty() ? std::int64_t{0} : static_cast<std::int64_t>(std::stoll(changed));
}

Result<Rows> PostgresConnection::Query(std::string_view sql, const Values& values) {
  METERHOUND_ASSIGN_OR_RETURN(const Answer answer, Run(sql, values));
  Rows rows;
  const int columns = PQnfields(answer.get());
  for (int row = 0; row < PQntuples(answer.get()); ++row) {
    Values fields;
    for (int column = 0; column < columns; ++column) {
      METERHOUND_ASSIGN_OR_RETURN(Value value, Field(answer.get(), row, column));
      fields.push_back(std::move(value));
    }
    rows.emplace_back(std::move(fields));
  }
  return rows;
}

}  // namespace meterhound::store
