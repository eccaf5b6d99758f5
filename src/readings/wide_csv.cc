// Two passes over pieces of the text: count rows, then parse each piece into its place.
#include "readings/wide_csv.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>
#include <unordered_map>

#include "readings/columns.h"
#include "readings/csv.h"

namespace meterhound::readings {
namespace {

constexpr std::size_t kPieceBytes = 4 << 20;

struct Layout {
  std::size_t id = 0;
  std::optional<std::size_t> label;
  std::vector<std::ptrdiff_t> place;  // for each column: position on the time axis, or -1
  std::shared_ptr<Timeline> timeline = std::make_shared<Timeline>();
};

Result<Layout> ReadHeader(const CsvReader& csv, const ReadOptions& options) {
  const auto& header = csv.fields();
  Layout layout;
  const auto id = FindColumn(header, options.id_column, IdNames());
  if (!id) return InvalidInput("found no column with consumers' ids, expected one called CONS_NO or id", csv.Place());
  layout.id = *id;
  layout.label = FindColumn(header, "", LabelNames());
  std::vector<std::size_t> columns;
  std::vector<std::string_view> texts;
  for (std::size_t i = 0; i < header.size(); ++i) {
    if (i == layout.id || (layout.label && i == *layout.label)) continue;
    if (!LooksLikeDate(header[i])) {
      return InvalidInput("found column " + Quote(header[i]) + ", expected a date, an id (CONS_NO) or a label (FLAG)",
                          csv.Place(i));
    }
    columns.push_back(i);
    texts.push_back(header[i]);
  }
  const auto place = [&](std::size_t i) { return csv.Place(columns[i]); };
  METERHOUND_ASSIGN_OR_RETURN(const DateFormat format, DateFormat::Decide(texts, options.date_order, place));
  std::vector<double> times(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) times[i] = *format.Parse(texts[i]);
  std::vector<std::size_t> order(times.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
  layout.place.assign(header.size(), -1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && times[order[i]] == times[order[i - 1]]) {
      return InvalidInput("found " + Quote(texts[order[i]]) + ", the same date as the column at " + place(order[i - 1]),
                          place(order[i]));
    }
    layout.place[columns[order[i]]] = static_cast<std::ptrdiff_t>(i);
    layout.timeline->times.push_back(times[order[i]]);
  }
  layout.timeline->cadence = FindCadence(layout.timeline->times);
  return layout;
}

struct Piece {
  std::string_view text;
  std::size_t first_line = 0;
  std::size_t first_row = 0;
  std::size_t lines = 0;
  std::size_t rows = 0;
};

// Cuts at line breaks; one piece when quotes may hide them.
std::vector<Piece> Cut(std::string_view text) {
  std::vector<Piece> pieces;
  const bool quoted = text.find('"') != std::string_view::npos;
  while (!text.empty()) {
    std::size_t size = text.size();
    if (!quoted && size > kPieceBytes) {
      const std::size_t newline = text.find('\n', kPieceBytes);
      if (newline != std::string_view::npos) size = newline + 1;
    }
    pieces.push_back({.text = text.substr(0, size)});
    text.remove_prefix(size);
  }
  return pieces;
}

void CountPlainRows(Piece& piece) {
  std::string_view text = piece.text;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline);
    if (line.find_first_not_of('\r') != std::string_view::npos) ++piece.rows;
    if (newline == std::string_view::npos) break;
    ++piece.lines;
    text.remove_prefix(newline + 1);
  }
}

// With quotes a record may span lines, so records are counted by reading them.
Status CountQuotedRows(Piece& piece, const std::string& name, char delimiter, std::size_t first_line) {
  CsvReader csv = CsvReader::Piece(piece.text, name, delimiter, first_line);
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) return {};
    ++piece.rows;
  }
}

class WideReader {
 public:
  WideReader(const Input& input, const ReadOptions& options, const RunContext& context)
      : input_(input), options_(options), context_(context) {}

  Result<Panel> Read() {
    CsvReader csv(input_.text(), input_.name());
    METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
    if (!has_header) return InvalidInput("holds no lines; expected a header and readings", input_.name());
    delimiter_ = csv.delimiter();
    METERHOUND_ASSIGN_OR_RETURN(layout_, ReadHeader(csv, options_));
    METERHOUND_RETURN_IF_ERROR(MakePieces(csv.rest(), csv.next_line()));
    METERHOUND_RETURN_IF_ERROR(ReadPieces());
    METERHOUND_RETURN_IF_ERROR(CheckIds());
    return std::move(panel_);
  }

 private:
  Status MakePieces(std::string_view body, std::size_t line) {
    pieces_ = Cut(body);
    if (pieces_.size() == 1 && body.find('"') != std::string_view::npos) {
      METERHOUND_RETURN_IF_ERROR(CountQuotedRows(pieces_[0], input_.name(), delimiter_, line));
    } else {
      context_.pool.ParallelFor(pieces_.size(), 1, [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) CountPlainRows(pieces_[i]);
      });
    }
    std::size_t rows = 0;
    for (Piece& piece : pieces_) {
      piece.first_line = line;
      piece.first_row = rows;
      line += piece.lines;
      rows += piece.rows;
    }
    if (rows == 0) return InvalidInput("holds a header and no rows", input_.name());
    const std::size_t cells = rows * layout_.timeline->times.size();
    panel_.source = input_.name();
    panel_.ids.resize(rows);
    panel_.labels.assign(rows, kUnlabelled);
    lines_.resize(rows);
    panel_.kinds.push_back({.name = kWideKind,
                            .unit = "kWh",
                            .group = FeatureGroup::kBehaviour,
                            .timeline = layout_.timeline,
                            .values = std::vector<double>(cells),
                            .missing = std::vector<std::uint8_t>(cells)});
    return {};
  }

  Status ReadPieces() {
    std::vector<std::optional<Error>> errors(pieces_.size());
    context_.progress.Begin("reading", pieces_.size(), "pieces");
    context_.pool.ParallelFor(
        pieces_.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            if (const Status status = ReadPiece(pieces_[i]); !status.ok()) errors[i] = status.error();
            context_.progress.Advance(1);
          }
        },
        context_.stop);
    context_.progress.End();
    for (const auto& error : errors) {
      if (error) return *error;  // the first in the file's order
    }
    return context_.CheckStopped();
  }

  Status ReadPiece(const Piece& piece) {
    CsvReader csv = CsvReader::Piece(piece.text, input_.name(), delimiter_, piece.first_line);
    for (std::size_t row = piece.first_row; row < piece.first_row + piece.rows; ++row) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) return Error{ErrorCode::kInternal, "fewer rows than counted", csv.Place()};
      METERHOUND_RETURN_IF_ERROR(ReadRow(csv, row));
    }
    return {};
  }

  Status ReadRow(const CsvReader& csv, std::size_t row) {
    const auto& fields = csv.fields();
    if (fields.size() != layout_.place.size()) {
      return InvalidInput("found " + std::to_string(fields.size()) + " fields, expected " +
                              std::to_string(layout_.place.size()) + " as in the header",
                          csv.Place());
    }
    lines_[row] = csv.line();
    panel_.ids[row] = Trim(fields[layout_.id]);
    if (panel_.ids[row].empty()) return InvalidInput("found no id, expected the consumer's id", csv.Place(layout_.id));
    if (layout_.label) {
      const auto label = ParseLabel(fields[*layout_.label]);
      if (!label) return InvalidInput(label.error().message, csv.Place(*layout_.label));
      panel_.labels[row] = *label;
    }
    SeriesKind& kind = panel_.kinds.front();
    const std::size_t offset = row * layout_.timeline->times.size();
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (layout_.place[i] < 0) continue;
      const std::size_t at = offset + static_cast<std::size_t>(layout_.place[i]);
      const auto reading = ParseReading(fields[i]);
      if (!reading) return InvalidInput(reading.error().message, csv.Place(i));
      kind.values[at] = *reading;
      kind.missing[at] = std::isnan(*reading) ? 1 : 0;
    }
    return {};
  }

  Status CheckIds() const {
    std::unordered_map<std::string_view, std::size_t> seen;
    seen.reserve(panel_.rows());
    for (std::size_t row = 0; row < panel_.rows(); ++row) {
      const auto [first, added] = seen.try_emplace(panel_.ids[row], row);
      if (!added) {
        return InvalidInput("found id " + Quote(panel_.ids[row]) +
                                " again, expected one row a consumer; it is first on line " +
                                std::to_string(lines_[first->second]),
                            input_.name() + ":" + std::to_string(lines_[row]));
      }
    }
    return {};
  }

  const Input& input_;
  const ReadOptions& options_;
  const RunContext& context_;
  char delimiter_ = ',';
  Layout layout_;
  std::vector<Piece> pieces_;
  std::vector<std::size_t> lines_;
  Panel panel_;
};

}  // namespace

bool IsWideHeader(std::span<const std::string_view> header) {
  return std::count_if(header.begin(), header.end(), LooksLikeDate) >= 2;
}

Result<Panel> ReadWideCsv(const Input& input, const ReadOptions& options, const RunContext& context) {
  return WideReader(input, options, context).Read();
}

}  // namespace meterhound::readings
