// Guards and pseudonyms of exported text.
#include "serve/export_csv.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "base/csv_text.h"
#include "serve/routes.h"
#include "serve/schemas.h"

namespace meterhound::serve {
namespace {

constexpr const char* kKeyVariable = "METERHOUND_PSEUDONYM_KEY";
constexpr std::size_t kPseudonymDigits = 24;

}  // namespace

std::string SafeForSpreadsheet(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
  return (formula ? "'" : "") + std::string(text);
}

void AppendSafeCsvField(std::string& to, std::string_view field) { AppendCsvField(to, SafeForSpreadsheet(field)); }

Result<Names> Names::Of(const http::Request& request) {
  Names names;
  const auto wanted = request.query_parameters.find("pseudonymous");
  if (wanted == request.query_parameters.end() || wanted->second.is_null() || !wanted->second.get<bool>()) return names;
  const char* key = std::getenv(kKeyVariable);
  if (key == nullptr || *key == '\0') {
    return InvalidInput(std::string("found no key, expected one in the server's ") + kKeyVariable, "pseudonymous");
  }
  names.key_ = key;
  return names;
}

std::string Names::Of(const std::string& consumer_id) const {
  if (key_.empty()) return consumer_id;
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(consumer_id.data()), consumer_id.size(), mac, &size);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "p";
  for (std::size_t i = 0; text.size() < kPseudonymDigits + 1 && i < size; ++i) {
    text += kHex[mac[i] >> 4];
    text += kHex[mac[i] & 15];
  }
  return text;
}

http::Parameter PseudonymousParameter() {
  return Query("pseudonymous", "consumers' ids replaced by keyed hashes", {{"type", "boolean"}, {"default", false}});
}

}  // namespace meterhound::serve
