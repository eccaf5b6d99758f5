// Idempotency keys: a request that is sent twice is done once and answered the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "store/database.h"

namespace meterhound::store {

struct IdempotencyKey {
  std::string scope{};         ///< who asks for what, e.g. the API key's id and the route
  std::string key{};           ///< the header's value; empty: the request may be repeated
  std::string request_hash{};  ///< SHA-256 of the request; another one under the same key is refused
};

/// What was remembered for the key; nothing when it is new, empty or expired. kInvalidInput (where:
/// "Idempotency-Key") when it was used for another request.
Result<std::optional<std::string>> FindAnswer(Transaction& transaction, const IdempotencyKey& key);
/// Remembers `answer` (a job's id, a document) for a day, in the transaction that does what was asked. kUnavailable
/// when another request with the key is being done at this moment.
Status RememberAnswer(Transaction& transaction, const IdempotencyKey& key, const std::string& answer);
/// Forgets those that have expired. @return how many.
Result<std::int64_t> ForgetAnswers(Database& database);

}  // namespace meterhound::store
