// Activations that were undone are no way back.
#include "store/model_before.h"

namespace meterhound::store {

Result<std::optional<std::string>> ModelBefore(Database& database) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row, database.QueryOne("SELECT fingerprint FROM model_activations WHERE undone=0 ORDER BY seq DESC "
                                        "LIMIT 1 OFFSET 1"));
  return row ? row->OptionalText(0) : std::nullopt;
}

}  // namespace meterhound::store
