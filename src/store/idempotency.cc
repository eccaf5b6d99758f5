// One row a key; the primary key decides between two requests that come at once.
#include "store/idempotency.h"

#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kRemembered = 86'400'000;

}  // namespace

Result<std::optional<std::string>> FindAnswer(Transaction& transaction, const IdempotencyKey& key) {
  if (key.key.empty()) return std::optional<std::string>();
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row,
      transaction.QueryOne(
          "SELECT request_hash, answer FROM idempotency WHERE scope=? AND idempotency_key=? AND expires>?",
          {key.scope, key.key, NowMilliseconds()}));
  if (!row) return std::optional<std::string>();
  if (row->Text(0) != key.request_hash) {
    return InvalidInput("this key was used for another request; expected a new key", "Idempotency-Key");
  }
  return std::optional(row->Text(1));
}

Status RememberAnswer(Transaction& transaction, const IdempotencyKey& key, const std::string& answer) {
  if (key.key.empty()) return {};
  const std::int64_t now = NowMilliseconds();
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t expired,
      transaction.Execute("DELETE FROM idempotency WHERE scope=? AND idempotency_key=? AND expires<=?",
                          {key.scope, key.key, now}));
  (void)expired;
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t written,
      transaction.Execute("INSERT INTO idempotency (scope, idempotency_key, request_hash, answer, expires) "
                          "VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                          {key.scope, key.key, key.request_hash, answer, now + kRemembered}));
  if (written == 1) return {};
  return Unavailable("a request with this key is being done; send it again for its answer", "Idempotency-Key");
}

Result<std::int64_t> ForgetAnswers(Database& database) {
  return database.Execute("DELETE FROM idempotency WHERE expires<=?", {NowMilliseconds()});
}

}  // namespace meterhound::store
