// The tokenizer: a plain field costs one scan to the next delimiter.
#include "readings/csv.h"

#include <algorithm>
#include <array>

namespace meterhound::readings {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

// The candidate that occurs most often in the first line outside quotes; a comma when none does.
char FindDelimiter(std::string_view text) {
  std::array<std::size_t, 3> counts{};
  constexpr std::array<char, 3> kCandidates = {',', ';', '\t'};
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    for (std::size_t i = 0; i < kCandidates.size(); ++i) counts[i] += c == kCandidates[i] ? 1 : 0;
  }
  return kCandidates[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name, char delimiter) : text_(text), name_(std::move(name)) {
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  delimiter_ = delimiter != 0 ? delimiter : FindDelimiter(text_);
}

CsvReader CsvReader::Piece(std::string_view text, std::string name, char delimiter, std::size_t first_line) {
  CsvReader reader;
  reader.text_ = text;
  reader.name_ = std::move(name);
  reader.delimiter_ = delimiter;
  reader.line_ = first_line;
  return reader;
}

Result<bool> CsvReader::Next() {
  fields_.clear();
  positions_.clear();
  unquoted_.clear();
  while (at_ < text_.size() && (text_[at_] == '\n' || text_[at_] == '\r')) {
    if (text_[at_] == '\n') ++line_;
    ++at_;
    line_begin_ = at_;
  }
  if (at_ >= text_.size()) return false;
  record_line_ = line_;
  while (true) {
    positions_.push_back({line_, at_ - line_begin_ + 1});
    if (at_ < text_.size() && text_[at_] == '"') {
      METERHOUND_RETURN_IF_ERROR(ReadQuoted());
    } else {
      const std::size_t begin = at_;
      while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') ++at_;
      std::size_t end = at_;
      if (end > begin && text_[end - 1] == '\r' && (at_ == text_.size() || text_[at_] == '\n')) --end;
      fields_.push_back(text_.substr(begin, end - begin));
    }
    if (at_ < text_.size() && text_[at_] == delimiter_) {
      ++at_;
      continue;
    }
    if (at_ < text_.size()) {  // a line break
      ++at_;
      ++line_;
      line_begin_ = at_;
    }
    return true;
  }
}

Status CsvReader::ReadQuoted() {
  const Position opened = positions_.back();
  const std::size_t begin = ++at_;
  bool doubled = false;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      return InvalidInput("a quoted field is opened here and never closed",
                          name_ + ":" + std::to_string(opened.line) + ":" + std::to_string(opened.column));
    }
    for (; at_ < quote; ++at_) {
      if (text_[at_] == '\n') {
        ++line_;
        line_begin_ = at_ + 1;
      }
    }
    at_ = quote + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    doubled = true;
    ++at_;
  }
  const std::string_view raw = text_.substr(begin, at_ - 1 - begin);
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') {
    return InvalidInput("found text after a closing quote, expected a delimiter or the end of the line",
                        name_ + ":" + std::to_string(line_) + ":" + std::to_string(at_ - line_begin_ + 1));
  }
  if (!doubled) {
    fields_.push_back(raw);
    return {};
  }
  std::string text;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    text.push_back(raw[i]);
    if (raw[i] == '"') ++i;
  }
  unquoted_.push_back(std::move(text));
  fields_.push_back(unquoted_.back());
  return {};
}

std::string CsvReader::Place(std::size_t field) const {
  const Position& position = positions_[field];
  return name_ + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
}

std::string CsvReader::Place() const { return name_ + ":" + std::to_string(record_line_); }

Status CheckWidth(const CsvReader& csv, std::size_t width) {
  if (csv.fields().size() == width) return {};
  return InvalidInput("found " + std::to_string(csv.fields().size()) + " fields, expected " + std::to_string(width) +
                          " as in the header",
                      csv.Place());
}

bool IsMissing(std::string_view field) {
  field = Trim(field);
  if (field.empty()) return true;
  if (field.size() > 4) return false;
  std::string lower(field);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return lower == "nan" || lower == "null" || lower == "na" || lower == "n/a";
}

std::string_view Trim(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t' || field.back() == '\r'))
    field.remove_suffix(1);
  return field;
}

std::string Quote(std::string_view field) {
  std::string shown = "'";
  for (const char c : field.substr(0, 40)) shown.push_back(static_cast<unsigned char>(c) < 0x20 ? '?' : c);
  return shown + (field.size() > 40 ? "...'" : "'");
}

}  // namespace meterhound::readings
