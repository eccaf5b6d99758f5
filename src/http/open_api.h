// The OpenAPI 3.1 document of a route table, and the page at /docs that shows it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "http/route.h"

namespace meterhound::http {

/// What the table of routes does not say.
struct ApiDescription {
  std::string title, version, description;
  Json schemas = Json::object();                          ///< components/schemas, by name; Problem is added
  std::vector<std::pair<std::string, std::string>> tags;  ///< name, description, in the order of the page
};

/// Every documented route with its parameters, bodies, answers and the errors that the server itself may answer.
Json OpenApiDocument(const ApiDescription& api, const std::vector<Route>& routes, std::string_view session_cookie);

/// GET /openapi.json, /docs and what the page needs (/docs/docs.js, /docs/docs.css): public, nothing from elsewhere, no
/// inline script. Put in front of the table's own rows by Dispatcher.
std::vector<Route> DocumentationRoutes(Json document);

}  // namespace meterhound::http
