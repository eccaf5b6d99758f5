// Handles of libcurl: how every transfer of this program begins, is stopped, and says why it failed.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound::network {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlPointer = std::unique_ptr<CURL, CurlDeleter>;
using ListPointer = std::unique_ptr<curl_slist, ListDeleter>;

/// For one transfer with `url` on the calling thread; certificates are checked. kInternal when libcurl cannot be used.
Result<CurlPointer> NewHandle(const std::string& url);
void Append(ListPointer& list, const std::string& line);
/// Ends the transfer soon after a stop; `stop` must live as long as it.
void WatchStop(CURL* handle, const std::stop_token& stop);

/// kUnavailable in libcurl's words, which name neither address nor secret.
Error Unreachable(CURLcode code, const std::string& where);
/// At most 200 printable characters of what a server said, for an error message.
std::string Printable(std::string_view text);

}  // namespace meterhound::network
