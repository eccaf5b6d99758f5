// What leaves as a file: fields that no spreadsheet takes for a formula, and names that need not be the consumers' own.
#pragma once

#include <string>
#include <string_view>

#include "http/route.h"

namespace meterhound::serve {

/// Text that begins as a formula does (= + - @, tab, line break) gets an apostrophe before it, as OWASP advises.
/// Numbers do not go through this.
std::string SafeForSpreadsheet(std::string_view text);
/// Such a text as a CSV field.
void AppendSafeCsvField(std::string& to, std::string_view field);

/// `?pseudonymous=true`: ids become HMAC-SHA-256 under the key in METERHOUND_PSEUDONYM_KEY, the same in every export.
class Names {
 public:
  /// kInvalidInput when it is asked for and no key is set.
  static Result<Names> Of(const http::Request& request);
  std::string Of(const std::string& consumer_id) const;

 private:
  std::string key_;  ///< empty: ids as they are
};
http::Parameter PseudonymousParameter();

}  // namespace meterhound::serve
