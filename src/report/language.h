// Language: the words, plurals, numbers and dates of one language, from its resource file in languages/.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/json.h"

namespace meterhound::report {

/// Part of a pattern: words that stand as they are, or the name of a slot ("before" for `{before}`).
struct Piece {
  std::string text;
  bool is_slot = false;
};
std::vector<Piece> Pieces(std::string_view pattern);

/// Resource files are JSON, embedded when the program is built. A key is dotted ("sheet.for"); it holds one text, or
/// several wordings of the same, or the plural forms "one" and "other".
class Language {
 public:
  /// Nothing when there is no such language. Codes are "en", "es", "fr", "pt", "zh".
  static const Language* Find(std::string_view code);
  static const Language& English();
  static std::vector<std::string> Codes();

  Language(std::string code, const Json& resource);

  const std::string& code() const { return code_; }
  const std::map<std::string, std::vector<std::string>, std::less<>>& entries() const { return entries_; }
  bool Has(std::string_view key) const { return entries_.contains(key); }
  /// A key that the file lacks is a broken promise and throws.
  const std::vector<std::string>& Wordings(std::string_view key) const;
  const std::string& Text(std::string_view key) const { return Wordings(key).front(); }
  /// The text of a key with its slots filled.
  std::string Text(std::string_view key, const std::map<std::string, std::string>& slots) const;

  // Numbers as base/numbers.h rounds them, with this language's separators.
  std::string Decimal(double value, int decimals) const;
  std::string Significant(double value) const;
  std::string Percent(double share) const;
  std::string Count(std::size_t number) const;
  /// "12 readings": the plural form of a unit. @param unit "units.readings".
  std::string Counted(std::string_view unit, std::size_t number) const;
  /// "31 May 2014", or "step 12" without a calendar.
  std::string Date(double time, Cadence cadence) const;

  /// What a feature measures, in words; see docs/reports.md for what happens to names without a translation.
  std::string FeatureTitle(const std::string& column_name) const;

 private:
  std::string OwnTitle(const std::string& calculator,
                       const std::vector<std::pair<std::string, std::string>>& parameters) const;
  std::string Localise(std::string english) const;

  std::string code_;
  std::map<std::string, std::vector<std::string>, std::less<>> entries_;
};

/// The pattern with each slot replaced by what `value` gives for its name.
std::string Fill(std::string_view pattern, const std::function<std::string(const std::string&)>& value);

}  // namespace meterhound::report
