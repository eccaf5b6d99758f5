// The model that a rollback would bring back.
#pragma once

#include <optional>
#include <string>

#include "store/database.h"

namespace meterhound::store {

/// The fingerprint of the model that BundleStore::RollBack would make active; none when it would refuse.
Result<std::optional<std::string>> ModelBefore(Database& database);

}  // namespace meterhound::store
