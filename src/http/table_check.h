// A route table that is at odds with itself is refused when the server is made, not when a request meets it.
#pragma once

#include <vector>

#include "base/result.h"
#include "http/json_schema.h"
#include "http/route.h"

namespace meterhound::http {

/// kInternal naming the row: no handler, an operation id twice, a path parameter without row or a row without path
/// parameter, a schema that the checker does not know, a default that breaks its own schema.
Status CheckTable(const std::vector<Route>& routes, const SchemaChecker& checker);

}  // namespace meterhound::http
