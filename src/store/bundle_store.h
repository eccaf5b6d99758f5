// BundleStore: detection models (.mh files) in the store, which of them is active, and the way back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"

namespace meterhound::store {

struct BundleInfo {
  std::string fingerprint{};
  std::string name{};
  std::int64_t added = 0;  ///< 0 in Add: now
  std::int64_t bytes = 0;  ///< set by Add
  std::int64_t consumers = 0;
  std::int64_t features = 0;
  Json manifest{};
  Json evaluation{};  ///< or null
  bool active = false;
};

class BundleStore {
 public:
  explicit BundleStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// The file at `path`, in parts, in one transaction. False when the fingerprint is there already (nothing changes).
  Result<bool> Add(const BundleInfo& info, const std::string& path);
  /// The same in a transaction of the caller's.
  static Result<bool> Add(Transaction& transaction, const BundleInfo& info, const std::string& path);
  /// Latest first.
  Result<std::vector<BundleInfo>> List();
  Result<BundleInfo> Find(const std::string& fingerprint);  ///< kNotFound
  /// Writes the model's file (whole or not at all), its SHA-256 checked.
  Status Export(const std::string& fingerprint, const std::string& path);

  /// The active model's fingerprint, if any.
  Result<std::optional<std::string>> Active();
  static Result<std::optional<std::string>> Active(Transaction& transaction);
  /// kNotFound for a model that is not there.
  static Status Activate(Transaction& transaction, const std::string& fingerprint, const std::string& who);
  /// The fingerprint of the model that RollBack would make active, if there is one.
  Result<std::optional<std::string>> Before();
  /// Makes the model active that was before. kInvalidInput when there was none. @return its fingerprint.
  static Result<std::string> RollBack(Transaction& transaction, const std::string& who);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
