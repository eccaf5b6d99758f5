// Parameters of path, query and headers: from text to the values that their schemas describe.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/json_schema.h"
#include "http/route.h"
#include "http/router.h"

namespace meterhound::http {

/// Fills the request's parameter maps from the match, the decoded query and the request's headers. What is wrong:
/// unknown or repeated names, missing ones, values that break their schema.
std::vector<Finding> ReadParameters(const Route& route, const SchemaChecker& checker, const Match& match,
                                    const std::vector<std::pair<std::string, std::string>>& query, Request& request);

}  // namespace meterhound::http
