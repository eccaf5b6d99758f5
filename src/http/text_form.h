// Small forms of text that HTTP and JSON Schema name: dates, uuids, tokens, hex, UTF-8, lists of a header.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace meterhound::http {

bool IsDate(std::string_view text);      ///< "2014-01-31", a day that exists (RFC 3339)
bool IsDateTime(std::string_view text);  ///< "2014-01-31T12:30:00.123Z" or with "+02:00" (RFC 3339)
bool IsUuid(std::string_view text);      ///< 8-4-4-4-12 hex digits
/// ", such as 2014-01-31", for messages; empty for formats without one.
std::string_view FormatExample(std::string_view format);

bool IsUtf8(std::string_view text);
bool IsHex(std::string_view text);  ///< lower-case digits only, not empty
/// Without control characters (tab is allowed): fit to be a header's value.
bool IsHeaderValue(std::string_view text);
/// RFC 9110 token: a header's name, a method.
bool IsToken(std::string_view text);
/// An absent, empty or over-long id is not taken from strangers: 1 to 64 of [A-Za-z0-9._-].
bool IsRequestId(std::string_view text);

std::string LowerCase(std::string_view text);
bool EqualNoCase(std::string_view a, std::string_view b);
std::string_view Trim(std::string_view text);  ///< blanks and tabs
/// Parts between separators, trimmed, empty ones left out.
std::vector<std::string_view> Split(std::string_view text, char separator);

/// "%41" -> "A", and "+" -> " " when `plus`. Nothing when an escape is broken.
std::optional<std::string> PercentDecode(std::string_view text, bool plus);
/// All but unreserved characters escaped.
std::string PercentEncode(std::string_view text);
/// `bytes` random bytes as hex digits.
std::string RandomHex(std::size_t bytes);

}  // namespace meterhound::http
