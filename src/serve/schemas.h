// The shapes of the API's documents: components of the OpenAPI document, and what checks requests.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.h"

namespace meterhound::serve {

// Builders of JSON Schema.
using Properties = std::initializer_list<std::pair<const char*, Json>>;
Json Object(Properties required, Properties optional = {}, bool closed = false);
Json ArrayOf(Json items);
Json OrNull(Json schema);
Json Text();
Json Integer();
Json Number();
Json Flag();
Json OneOf(std::initializer_list<const char*> names);
Json Languages();                       ///< of reports
Json Component(std::string_view name);  ///< a $ref

/// By name: Job, Run, Case, CaseSummary, Feedback, ...
Json ComponentSchemas();

}  // namespace meterhound::serve
