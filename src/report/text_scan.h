// Text scan: English text taken apart into words, numbers with their units, and dates.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"

namespace meterhound::report {

/// One thing of a text. Words are in lower case; a date may lack its day (0), or day and month.
struct Token {
  enum class Kind : std::uint8_t { kWord, kNumber, kDate, kMark, kOdd };
  Kind kind = Kind::kWord;
  std::string text;  ///< as written, lower case
  bool capital = false;
  double number = 0;
  int decimals = 0;
  CivilDate date{0, 0, 0};
};

/// Letters with digits in them, and whatever is not ASCII, become kOdd; numbers with st, nd, rd or th are numbers.
std::vector<Token> Scan(std::string_view text);

}  // namespace meterhound::report
