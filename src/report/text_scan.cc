// A hand-written scanner; dates are joined from their tokens afterwards.
#include "report/text_scan.h"

#include <algorithm>
#include <array>

#include "base/numbers.h"

namespace meterhound::report {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// "1,230.5": commas must stand before groups of three.
bool WellGrouped(std::string_view digits) {
  const std::string_view whole = digits.substr(0, digits.find('.'));
  if (whole.find(',') == std::string_view::npos) return true;
  const std::size_t first = whole.find(',');
  if (first == 0 || first > 3) return false;
  for (std::size_t at = first; at < whole.size(); at += 4) {
    if (whole[at] != ',' || at + 3 >= whole.size() + 0 || whole.substr(at + 1, 3).find(',') != std::string_view::npos) {
      return false;
    }
  }
  return (whole.size() - first) % 4 == 0;
}

Token NumberToken(std::string_view text) {
  Token token{.kind = Token::Kind::kNumber, .text = std::string(text)};
  std::string plain(text);
  std::erase(plain, ',');
  const auto value = ParseDouble(plain);
  if (!value || !WellGrouped(text)) {
    token.kind = Token::Kind::kOdd;
    return token;
  }
  token.number = *value;
  const std::size_t point = plain.find('.');
  token.decimals = point == std::string::npos ? 0 : static_cast<int>(plain.size() - point - 1);
  return token;
}

// Length of the number at the start: digits, with commas and points that digits follow.
std::size_t NumberLength(std::string_view text) {
  std::size_t i = 0;
  bool point = false;
  while (i < text.size()) {
    const bool joins =
        i > 0 && (text[i] == ',' || (text[i] == '.' && !point)) && i + 1 < text.size() && IsDigit(text[i + 1]);
    if (!IsDigit(text[i]) && !joins) break;
    point = point || text[i] == '.';
    ++i;
  }
  return i;
}

std::optional<CivilDate> IsoDate(std::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (const std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!IsDigit(text[i])) return std::nullopt;
  }
  const auto part = [&](std::size_t at, std::size_t size) { return std::stoi(std::string(text.substr(at, size))); };
  return CivilDate{part(0, 4), part(5, 2), part(8, 2)};
}

Token WordToken(std::string_view text) {
  Token token{.kind = Token::Kind::kWord, .text = {}, .capital = text[0] >= 'A' && text[0] <= 'Z'};
  for (const char c : text) token.text += Lower(c);
  if (std::any_of(text.begin(), text.end(), IsDigit)) token.kind = Token::Kind::kOdd;
  return token;
}

// A word: letters, digits in it, and apostrophes and hyphens between letters.
std::size_t WordLength(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const bool joins = i > 0 && (text[i] == '\'' || text[i] == '-' || text[i] == '_') && i + 1 < text.size() &&
                       (IsLetter(text[i + 1]) || IsDigit(text[i + 1]));
    if (!IsLetter(text[i]) && !IsDigit(text[i]) && !joins) break;
    ++i;
  }
  return i;
}

Token Next(std::string_view& text) {
  Token token;
  std::size_t length = 1;
  if (const auto iso = IsoDate(text)) {
    token = {.kind = Token::Kind::kDate, .text = std::string(text.substr(0, 10)), .date = *iso};
    length = 10;
  } else if (IsDigit(text[0])) {
    length = NumberLength(text);
    token = NumberToken(text.substr(0, length));
    const std::size_t letters = WordLength(text.substr(length));
    const std::string suffix = letters > 0 ? WordToken(text.substr(length, letters)).text : "";
    if (suffix == "st" || suffix == "nd" || suffix == "rd" || suffix == "th") {
      length += letters;
    } else if (letters > 0 && suffix != "kwh") {
      length += letters;
      token = {.kind = Token::Kind::kOdd, .text = std::string(text.substr(0, length))};
    }
  } else if (IsLetter(text[0])) {
    length = WordLength(text);
    token = WordToken(text.substr(0, length));
  } else {
    const bool ascii = static_cast<unsigned char>(text[0]) < 0x80;
    token = {.kind = ascii ? Token::Kind::kMark : Token::Kind::kOdd, .text = std::string(1, text[0])};
  }
  text.remove_prefix(length);
  return token;
}

int MonthOf(const Token& token) {
  if (token.kind != Token::Kind::kWord) return 0;
  const auto* const found = std::find(kMonths.begin(), kMonths.end(), token.text);
  if (found == kMonths.end() || (token.text == "may" && !token.capital)) return 0;
  return static_cast<int>(found - kMonths.begin()) + 1;
}

bool IsWhole(const Token& token, double low, double high) {
  return token.kind == Token::Kind::kNumber && token.decimals == 0 && token.number >= low && token.number <= high;
}

bool IsYear(const Token& token) { return IsWhole(token, 1900, 2100) && token.text.size() == 4; }

// "31 May 2014", "May 31, 2014", "May 2014"; how many tokens it takes, 0 when it is none.
std::size_t DateAt(const std::vector<Token>& tokens, std::size_t at, CivilDate& date) {
  const auto token = [&](std::size_t i) { return at + i < tokens.size() ? tokens[at + i] : Token{}; };
  if (IsWhole(token(0), 1, 31) && MonthOf(token(1)) > 0 && IsYear(token(2))) {
    date = {static_cast<int>(token(2).number), MonthOf(token(1)), static_cast<int>(token(0).number)};
    return 3;
  }
  if (MonthOf(token(0)) == 0) return 0;
  if (IsYear(token(1))) {
    date = {static_cast<int>(token(1).number), MonthOf(token(0)), 0};
    return 2;
  }
  if (!IsWhole(token(1), 1, 31)) return 0;
  const std::size_t comma = token(2).text == "," ? 1 : 0;
  if (!IsYear(token(2 + comma))) return 0;
  date = {static_cast<int>(token(2 + comma).number), MonthOf(token(0)), static_cast<int>(token(1).number)};
  return 3 + comma;
}

}  // namespace

std::vector<Token> Scan(std::string_view text) {
  std::vector<Token> raw;
  while (!text.empty()) {
    if (text[0] == ' ') {
      text.remove_prefix(1);
    } else {
      raw.push_back(Next(text));
    }
  }
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < raw.size();) {
    CivilDate date;
    const std::size_t taken = DateAt(raw, i, date);
    if (taken == 0) {
      tokens.push_back(std::move(raw[i++]));
      continue;
    }
    tokens.push_back({.kind = Token::Kind::kDate, .text = {}, .date = date});
    for (std::size_t j = 0; j < taken; ++j) tokens.back().text += (j > 0 ? " " : "") + raw[i + j].text;
    i += taken;
  }
  return tokens;
}

}  // namespace meterhound::report
