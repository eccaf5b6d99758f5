// AlertStore: one row for each thing that may be wrong, and whether people have to be told of its change.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/severity.h"
#include "store/database.h"

namespace meterhound::store {

/// What is wrong. No secret and no consumer's id: it leaves the house.
struct Alert {
  std::string key{};  ///< one of a few, such as "drift": the same thing wrong again has the same key
  Severity severity = Severity::kWarning;
  std::string title{};           ///< a line
  std::string text{};            ///< sentences, a paragraph a line
  Json detail = Json::object();  ///< names with values, shown one a line
  std::string link{};            ///< what to do: "docs/operations.md#drift"
};

/// Times are milliseconds since 1970 UTC.
struct AlertRecord {
  Alert alert{};
  bool firing = false;
  std::int64_t since = 0;    ///< when it began to fire
  std::int64_t updated = 0;  ///< when it was last raised or resolved
  std::optional<std::int64_t> resolved{};
  std::optional<std::int64_t> last_told{};  ///< since it fires; nothing before anybody was
  std::int64_t times = 0;                   ///< raised since it fires
};

/// A row as it now is, and whether people have to be told.
struct AlertChange {
  AlertRecord record{};
  bool tell = false;
};

class AlertStore {
 public:
  explicit AlertStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// The thing is wrong, for the first time or still. To be told: when it was not firing, when nobody was told since it
  /// fires, when it is more severe than it was told, and when that was `cool_down` milliseconds ago or longer.
  static Result<AlertChange> Raise(Transaction& transaction, const Alert& alert, std::int64_t cool_down);
  /// The thing is well. Nothing when it was not firing. To be told when its firing was. `text` takes the alert's place.
  static Result<std::optional<AlertChange>> Resolve(Transaction& transaction, const std::string& key,
                                                    const std::string& text);
  /// People are told of a firing alert, as severe as it now is.
  static Status MarkTold(Transaction& transaction, const std::string& key);

  /// Firing first, then the most severe, then the latest.
  Result<std::vector<AlertRecord>> List();
  Result<std::optional<AlertRecord>> Find(const std::string& key);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
