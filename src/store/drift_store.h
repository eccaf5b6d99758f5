// DriftStore: drift reports as they were made.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"

namespace meterhound::store {

struct DriftRecord {
  std::string id;
  std::int64_t at = 0;
  std::string model;
  Json report;
};

class DriftStore {
 public:
  explicit DriftStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  static Result<std::string> Insert(Transaction& transaction, const std::string& model, const Json& report);
  /// Latest first.
  Result<std::vector<DriftRecord>> List(std::int64_t limit = 100);
  Result<std::optional<DriftRecord>> Latest();

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
