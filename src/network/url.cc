// libcurl's own parser, so that what is checked is what is asked.
#include "network/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace meterhound::network {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string found(text);
  curl_free(text);
  return found;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return text;
}

}  // namespace

Result<Url> ParseUrl(const std::string& url) {
  const std::unique_ptr<CURLU, UrlDeleter> handle(curl_url());
  if (!handle) return Error{ErrorCode::kInternal, "libcurl cannot be used", {}};
  if (const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_NON_SUPPORT_SCHEME);
      code != CURLUE_OK) {
    return InvalidInput(std::string("is no URL: ") + curl_url_strerror(code));
  }
  Url parts;
  parts.scheme = Lower(Part(handle.get(), CURLUPART_SCHEME));
  parts.host = Lower(Part(handle.get(), CURLUPART_HOST));
  if (parts.host.starts_with('[') && parts.host.ends_with(']'))
    parts.host = parts.host.substr(1, parts.host.size() - 2);
  parts.has_user = !Part(handle.get(), CURLUPART_USER).empty() || !Part(handle.get(), CURLUPART_PASSWORD).empty();
  parts.path = Part(handle.get(), CURLUPART_PATH);
  if (const std::string query = Part(handle.get(), CURLUPART_QUERY); !query.empty()) parts.path += "?" + query;
  return parts;
}

bool IsLoopbackHost(const std::string& host) {
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace meterhound::network
