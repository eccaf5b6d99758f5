// JSON Schema as the route table uses it: one schema checks requests and stands in the OpenAPI document.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::http {

/// One thing that is wrong with a request.
struct Finding {
  std::string
      pointer;  ///< JSON pointer into the body ("/consumers/0/readings"), or "query/limit", "path/id", "header/..."
  std::string detail;  ///< what was found and what was expected, without a final full stop
  bool operator==(const Finding&) const = default;
};

/// Checks values against the part of JSON Schema 2020-12 that our tables use: type (also lists), enum, const,
/// properties, required, additionalProperties, items, min/maxItems, uniqueItems, min/maxLength (in code points), format
/// (date, date-time, uuid, uri-reference unchecked), minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf,
/// oneOf, anyOf, allOf, not and $ref to "#/components/schemas/NAME". Annotations (title, description, default,
/// examples, ...) are passed over; any other keyword is an error of Create, so that no table promises what nobody
/// checks.
class SchemaChecker {
 public:
  /// @param components name -> schema, what "#/components/schemas/..." means.
  static Result<SchemaChecker> Create(Json components);

  /// kInternal naming the place when `schema` uses what Check does not know, or a $ref that leads nowhere.
  Status Accepts(const Json& schema, std::string_view where) const;

  /// What is wrong with `value`, at most 20 findings; empty when it fits. `pointer` is put before each.
  std::vector<Finding> Check(const Json& schema, const Json& value, std::string_view pointer = {}) const;

  const Json& components() const { return components_; }

 private:
  explicit SchemaChecker(Json components) : components_(std::move(components)) {}
  Json components_;
};

}  // namespace meterhound::http
