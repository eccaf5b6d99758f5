// RunStore: runs (one list of scored consumers each) and their larger documents.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"

namespace meterhound::store {

struct Run {
  std::string id{};  ///< empty in Insert: one is made
  std::string title{};
  std::int64_t created = 0;  ///< 0 in Insert: now
  std::string model{};       ///< fingerprint
  std::int64_t consumers = 0;
  std::int64_t high = 0;
  std::int64_t medium = 0;
  std::int64_t detailed = 0;
  bool simulated = false;
  std::int64_t trained_on = 0;
  std::string currency{};
  double tariff = 0;
  Json districts = Json::array();  ///< [{"name", "consumers", "high", "expected_kwh"}]
  std::string job{};               ///< that made it, or empty
};

class RunStore {
 public:
  explicit RunStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// @return its id.
  static Result<std::string> Insert(Transaction& transaction, const Run& run);
  /// A document of the run under a name ("quality", "evaluation", "peers"), compressed; replaces an earlier one.
  static Status PutDetail(Transaction& transaction, const std::string& run, const std::string& name,
                          const Json& detail);

  Result<Run> Find(const std::string& id);  ///< kNotFound
  /// Latest first.
  Result<std::vector<Run>> List(std::int64_t limit = 200);
  /// The id of the latest, if there is any.
  Result<std::optional<std::string>> Latest();
  /// Null when the run has no document of that name.
  Result<Json> Detail(const std::string& run, const std::string& name);
  /// With its cases and documents; feedback stays.
  Status Delete(const std::string& id);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
