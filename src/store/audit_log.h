// AuditLog: who saw and changed what; append-only, each entry sealed with the hash of all before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"

namespace meterhound::store {

struct AuditEntry {
  std::int64_t seq = 0;
  std::int64_t at = 0;
  std::string who{};     ///< name of the key, or "anonymous", "system"
  std::string action{};  ///< "case.view", "feedback.add", ...
  std::string target{};  ///< "case:RUN-RANK", "key:...", or empty
  Json detail{};
  std::string hash{};  ///< SHA-256 of the previous entry's hash and this entry as canonical JSON
};

struct AuditPage {
  std::vector<AuditEntry> entries{};  ///< latest first
  std::optional<std::string> next{};
};

/// What Verify found.
struct AuditVerdict {
  bool intact = true;
  std::int64_t entries = 0;       ///< that were read
  std::int64_t first_broken = 0;  ///< seq of the first entry that does not fit, or 0
  std::string reason{};
};

class AuditLog {
 public:
  explicit AuditLog(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// From here to its end no other transaction appends: what is read next stays true for all that write it down.
  static Status TakeTurn(Transaction& transaction);
  /// Appends in the transaction of what it speaks of; seq, at and hash are filled in.
  static Result<AuditEntry> Append(Transaction& transaction, const AuditEntry& entry);
  /// Several at once, each in order (views are gathered and written together).
  static Status AppendAll(Transaction& transaction, const std::vector<AuditEntry>& entries);

  Result<AuditPage> Page(std::int64_t limit = 100, const std::string& cursor = {});
  /// All about one target, oldest first.
  Result<std::vector<AuditEntry>> Of(const std::string& target, std::int64_t limit = 1000);
  /// Reads the whole chain.
  Result<AuditVerdict> Verify();

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
