// What libcurl's easy interface needs once a process and once a transfer.
#include "network/curl_handle.h"

#include <mutex>

namespace meterhound::network {
namespace {

constexpr long kConnectSeconds = 20;

int StopOnRequest(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::stop_token*>(user)->stop_requested() ? 1 : 0;
}

}  // namespace

Result<CurlPointer> NewHandle(const std::string& url) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  CurlPointer handle(curl_easy_init());
  if (!handle) return Error{ErrorCode::kInternal, "libcurl cannot be used", {}};
  curl_easy_setopt(handle.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle.get(), CURLOPT_USERAGENT, "meterhound");
  return handle;
}

void Append(ListPointer& list, const std::string& line) {
  // On failure, which is lack of memory, curl leaves the list as it is.
  if (curl_slist* longer = curl_slist_append(list.get(), line.c_str()); longer != nullptr) {
    (void)list.release();
    list.reset(longer);
  }
}

void WatchStop(CURL* handle, const std::stop_token& stop) {
  curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, &StopOnRequest);
  curl_easy_setopt(handle, CURLOPT_XFERINFODATA, &stop);
}

Error Unreachable(CURLcode code, const std::string& where) {
  return Unavailable(std::string("the server cannot be reached or broke off: ") + curl_easy_strerror(code), where);
}

std::string Printable(std::string_view text) {
  std::string clean;
  for (const char c : text.substr(0, 200)) clean += c >= ' ' && c < 127 ? c : ' ';
  return clean;
}

}  // namespace meterhound::network
