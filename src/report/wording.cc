// Number formatting for readers; locale-free.
#include "report/wording.h"

#include <algorithm>
#include <vector>

namespace meterhound::report {
namespace {

constexpr std::size_t kLineWidth = 100;
constexpr const char* kReplacement = "\xEF\xBF\xBD";

// Length of the well-formed UTF-8 sequence at the start of `text`, 0 when there is none.
std::size_t SequenceLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) >= 0xA0;
  const bool too_large = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || surrogate || too_large ? 0 : length;
}

/// What stays together on a line: a word, or one character of a script that is written without blanks.
struct Chunk {
  std::string text;
  std::size_t width = 0;  // columns; such a character takes two
  bool after_blank = false;
};

bool IsWide(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character[0]);
  return character.size() >= 3 && lead >= 0xE3;
}

// Chinese marks that may not begin a line.
bool Closes(std::string_view character) {
  for (const std::string_view mark : {"\xEF\xBC\x8C", "\xE3\x80\x82", "\xEF\xBC\x9B", "\xEF\xBC\x9A", "\xE3\x80\x81",
                                      "\xEF\xBC\x89", "\xE3\x80\x8D", "\xEF\xBC\x9F"}) {
    if (character == mark) return true;
  }
  return false;
}

std::vector<Chunk> Chunks(std::string_view text) {
  std::vector<Chunk> chunks;
  bool after_blank = false;
  bool may_break = true;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(SequenceLength(text), 1));
    text.remove_prefix(character.size());
    // "62 %" stays on one line.
    if (character == " " && !text.starts_with("%")) {
      after_blank = may_break = true;
      continue;
    }
    const bool wide = IsWide(character);
    if (chunks.empty() || after_blank || ((may_break || wide) && !Closes(character))) {
      chunks.push_back({.text = {}, .width = 0, .after_blank = after_blank});
    }
    chunks.back().text += character;
    chunks.back().width += wide ? 2 : 1;
    after_blank = false;
    may_break = wide;
  }
  return chunks;
}

}  // namespace

std::string EnergyRange(const explain::Estimate& kwh) {
  return Decimal(kwh.value, 0) + " kWh (" + Decimal(kwh.low, 0) + " to " + Decimal(kwh.high, 0) + ")";
}

std::string MoneyRange(const explain::Estimate& money, const std::string& currency) {
  return Decimal(money.value, 0) + (currency.empty() ? "" : " " + currency) + " (" + Decimal(money.low, 0) + " to " +
         Decimal(money.high, 0) + ")";
}

std::string When(double time, Cadence cadence) {
  return HasCalendar(cadence) ? FormatDate(time) : "step " + Decimal(time, 0);
}

std::string Printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = SequenceLength(text);
    const bool control = length == 1 && (static_cast<unsigned char>(text[0]) < 0x20 || text[0] == 0x7F);
    if (length == 0 || control) {
      result += kReplacement;
    } else {
      result += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

void AppendWrapped(std::string& to, std::string_view first, std::string_view text) {
  const std::string indent(first.size(), ' ');
  std::string line(first);
  std::size_t width = first.size();
  bool begun = false;
  for (const Chunk& chunk : Chunks(text)) {
    const std::size_t blank = begun && chunk.after_blank ? 1 : 0;
    if (begun && width + blank + chunk.width > kLineWidth) {
      to += line + "\n";
      line = indent;
      width = indent.size();
    } else if (blank == 1) {
      line += ' ';
      ++width;
    }
    line += chunk.text;
    width += chunk.width;
    begun = true;
  }
  to += line + "\n";
}

}  // namespace meterhound::report
