// CSV (RFC 4180) over bytes in memory: fields as views, each with its place for error messages.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace meterhound::readings {

/// Walks the records of a CSV text. Handles LF and CRLF, quoted fields with delimiters, doubled quotes and line breaks
/// inside, and a UTF-8 byte-order mark. Blank lines are skipped.
class CsvReader {
 public:
  /// @param name the file's name, for errors. @param delimiter 0: found in the first line among comma, semicolon and
  /// tab.
  CsvReader(std::string_view text, std::string name, char delimiter = 0);
  /// Goes on in the middle of a text: `text` begins at line `first_line`.
  static CsvReader Piece(std::string_view text, std::string name, char delimiter, std::size_t first_line);

  /// Reads the next record into fields(); false at the end of the text. A quote that never closes, or text after a
  /// closing quote, is an error.
  Result<bool> Next();

  const std::vector<std::string_view>& fields() const { return fields_; }
  std::size_t line() const { return record_line_; }
  char delimiter() const { return delimiter_; }
  /// Bytes not yet read.
  std::string_view rest() const { return text_.substr(at_); }
  std::size_t next_line() const { return line_; }

  /// "file:line:column" of a field (column = character position in its line, from 1).
  std::string Place(std::size_t field) const;
  /// "file:line" of the record.
  std::string Place() const;

 private:
  CsvReader() = default;
  Status ReadQuoted();

  std::string_view text_;
  std::string name_;
  char delimiter_ = ',';
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_begin_ = 0;
  std::size_t record_line_ = 0;
  std::vector<std::string_view> fields_;
  struct Position {
    std::size_t line;
    std::size_t column;
  };
  std::vector<Position> positions_;
  std::deque<std::string> unquoted_;  // owns fields whose doubled quotes had to be undone; growing moves none
};

/// An error with its place unless the record has `width` fields, as the header did.
Status CheckWidth(const CsvReader& csv, std::size_t width);
/// Empty, NaN, NULL, NA and N/A in any case: no reading.
bool IsMissing(std::string_view field);
/// Without blanks at both ends.
std::string_view Trim(std::string_view field);
/// A field as an error message shows it: quoted, and cut when long.
std::string Quote(std::string_view field);

}  // namespace meterhound::readings
