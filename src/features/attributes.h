// AttributeEncoder: columns of the consumers' table as features.
#pragma once

#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/json.h"
#include "base/panel.h"

namespace meterhound::features {

/// Remembers the attributes' names, types and categories, so that a category has the same code whenever it is met.
class AttributeEncoder {
 public:
  static AttributeEncoder Fit(const Panel& panel);

  /// Appends a column `attribute__<name>` an attribute: the category's place in the sorted list (NaN when unseen), the
  /// number, or days since 1970-01-01. A panel without one of the attributes, or with one of another type, is an error.
  Status Append(const Panel& panel, FeatureTable& table) const;

  Json ToJson() const;
  static Result<AttributeEncoder> FromJson(const Json& json);

 private:
  struct Entry {
    std::string name;
    Attribute::Type type;
    FeatureGroup group;
    std::vector<std::string> categories;
  };
  Result<std::vector<double>> Encode(const Entry& entry, const Panel& panel) const;

  std::vector<Entry> entries_;
};

}  // namespace meterhound::features
