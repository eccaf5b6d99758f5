// The files of the page at /docs, which shows /openapi.json.
#pragma once

#include <string_view>

namespace meterhound::http {

std::string_view DocsHtml();
std::string_view DocsScript();
std::string_view DocsStyle();

}  // namespace meterhound::http
