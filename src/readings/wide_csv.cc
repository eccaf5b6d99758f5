// Two passes over pieces of the text: count rows, then parse each piece into its place, a block of pieces at a time.
#include "readings/wide_csv.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/wide_layout.h"

namespace meterhound::readings {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;

struct Piece {
  std::string_view text;
  std::size_t first_line = 0;
  std::size_t first_row = 0;
  std::size_t lines = 0;
  std::size_t rows = 0;
};

// Cuts at line breaks, for texts without quotes.
std::vector<Piece> Cut(std::string_view text) {
  std::vector<Piece> pieces;
  while (!text.empty()) {
    std::size_t size = text.size();
    if (size > kPieceBytes) {
      const std::size_t newline = text.find('\n', kPieceBytes);
      if (newline != std::string_view::npos) size = newline + 1;
    }
    pieces.push_back({.text = text.substr(0, size)});
    text.remove_prefix(size);
  }
  return pieces;
}

void CountRows(Piece& piece) {
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

// With quotes a record may span lines, so records are found by reading them.
Result<std::vector<Piece>> CutQuoted(const CsvReader& header, const std::string& name) {
  std::vector<Piece> pieces;
  CsvReader csv = CsvReader::Piece(header.rest(), name, header.delimiter(), header.next_line());
  Piece piece;
  const char* begin = csv.rest().data();
  std::size_t line = csv.next_line();
  bool more = true;
  while (more) {
    METERHOUND_ASSIGN_OR_RETURN(more, csv.Next());
    if (more) ++piece.rows;
    const char* end = csv.rest().data();
    const auto size = static_cast<std::size_t>(end - begin);
    if (piece.rows == 0 || (more && size < kPieceBytes)) continue;
    piece.text = std::string_view(begin, size);
    piece.lines = csv.next_line() - line;
    pieces.push_back(piece);
    begin = end;
    line = csv.next_line();
    piece = {};
  }
  return pieces;
}

class WideStream : public PanelStream {
 public:
  WideStream(Input input, const ReadOptions& options, const BlockSize& block)
      : input_(std::move(input)), options_(options), block_(block) {}

  Status Open(const RunContext& context) {
    CsvReader csv(input_.text(), input_.name());
    METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
    if (!has_header) return InvalidInput("holds no lines; expected a header and readings", input_.name());
    delimiter_ = csv.delimiter();
    const auto place = [&](std::optional<std::size_t> field) { return field ? csv.Place(*field) : csv.Place(); };
    METERHOUND_ASSIGN_OR_RETURN(layout_, FindWideLayout(csv.fields(), options_, place));
    return MakePieces(csv, context);
  }

  std::size_t consumers() const override { return rows_; }
  std::size_t longest() const override { return layout_.timeline->times.size(); }

  Result<Panel> Next(const RunContext& context) override {
    const std::size_t first = next_piece_;
    const std::size_t most_rows = std::max<std::size_t>(1, block_.readings / std::max<std::size_t>(1, longest()));
    std::size_t rows = 0;
    while (next_piece_ < pieces_.size()) {
      const std::size_t with_next = rows + pieces_[next_piece_].rows;
      if (rows > 0 && with_next > std::min(most_rows, block_.consumers)) break;
      rows = with_next;
      ++next_piece_;
    }
    if (rows == 0) return Panel();
    const std::span<const Piece> pieces(pieces_.data() + first, next_piece_ - first);
    Block block = MakeBlock(pieces.front().first_row, rows);
    METERHOUND_RETURN_IF_ERROR(ReadPieces(pieces, block, context));
    METERHOUND_RETURN_IF_ERROR(CheckIds(block));
    input_.Forget(std::string_view(pieces.front().text.data(), pieces.back().text.data() + pieces.back().text.size()));
    return std::move(block.panel);
  }

 private:
  struct Block {
    std::size_t first_row = 0;
    Panel panel;
    std::vector<std::size_t> lines;
  };

  Status MakePieces(const CsvReader& csv, const RunContext& context) {
    if (HasQuotes(csv.rest())) {
      METERHOUND_ASSIGN_OR_RETURN(pieces_, CutQuoted(csv, input_.name()));
    } else {
      pieces_ = Cut(csv.rest());
      context.pool.ParallelFor(pieces_.size(), 1, [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          CountRows(pieces_[i]);
          input_.Forget(pieces_[i].text);
        }
      });
    }
    std::size_t line = csv.next_line();
    for (Piece& piece : pieces_) {
      piece.first_line = line;
      piece.first_row = rows_;
      line += piece.lines;
      rows_ += piece.rows;
    }
    if (rows_ == 0) return InvalidInput("holds a header and no rows", input_.name());
    return {};
  }

  bool HasQuotes(std::string_view text) const {
    bool found = false;
    while (!found && !text.empty()) {
      const std::string_view part = text.substr(0, kPieceBytes);
      found = part.find('"') != std::string_view::npos;
      input_.Forget(part);
      text.remove_prefix(part.size());
    }
    return found;
  }

  Block MakeBlock(std::size_t first_row, std::size_t rows) const {
    Block block;
    block.first_row = first_row;
    block.lines.resize(rows);
    block.panel.source = input_.name();
    block.panel.ids.resize(rows);
    block.panel.labels.assign(rows, kUnlabelled);
    block.panel.kinds.push_back({.name = kWideKind,
                                 .unit = "kWh",
                                 .group = FeatureGroup::kBehaviour,
                                 .timeline = layout_.timeline,
                                 .values = std::vector<double>(rows * longest()),
                                 .missing = std::vector<std::uint8_t>(rows * longest())});
    return block;
  }

  Status ReadPieces(std::span<const Piece> pieces, Block& block, const RunContext& context) const {
    std::vector<std::optional<Error>> errors(pieces.size());
    context.progress.Begin("reading", block.lines.size(), "consumers");
    context.pool.ParallelFor(
        pieces.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            if (const Status status = ReadPiece(pieces[i], block); !status.ok()) errors[i] = status.error();
            context.progress.Advance(pieces[i].rows);
          }
        },
        context.stop);
    context.progress.End();
    for (const auto& error : errors) {
      if (error) return *error;  // the first in the file's order
    }
    return context.CheckStopped();
  }

  Status ReadPiece(const Piece& piece, Block& block) const {
    CsvReader csv = CsvReader::Piece(piece.text, input_.name(), delimiter_, piece.first_line);
    const std::size_t first = piece.first_row - block.first_row;
    for (std::size_t row = first; row < first + piece.rows; ++row) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) return Error{ErrorCode::kInternal, "fewer rows than counted", csv.Place()};
      METERHOUND_RETURN_IF_ERROR(ReadRow(csv, row, block));
    }
    return {};
  }

  Status ReadRow(const CsvReader& csv, std::size_t row, Block& block) const {
    const auto& fields = csv.fields();
    if (fields.size() != layout_.place.size()) {
      return InvalidInput("found " + std::to_string(fields.size()) + " fields, expected " +
                              std::to_string(layout_.place.size()) + " as in the header",
                          csv.Place());
    }
    block.lines[row] = csv.line();
    Panel& panel = block.panel;
    panel.ids[row] = Trim(fields[layout_.id]);
    if (panel.ids[row].empty()) return InvalidInput("found no id, expected the consumer's id", csv.Place(layout_.id));
    if (layout_.label) {
      const auto label = ParseLabel(fields[*layout_.label]);
      if (!label) return InvalidInput(label.error().message, csv.Place(*layout_.label));
      panel.labels[row] = *label;
    }
    SeriesKind& kind = panel.kinds.front();
    const std::size_t offset = row * longest();
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

  Status CheckIds(const Block& block) {
    for (std::size_t row = 0; row < block.lines.size(); ++row) {
      const auto [first, added] = line_of_id_.try_emplace(block.panel.ids[row], block.lines[row]);
      if (!added) {
        return InvalidInput("found id " + Quote(block.panel.ids[row]) +
                                " again, expected one row a consumer; it is first on line " +
                                std::to_string(first->second),
                            input_.name() + ":" + std::to_string(block.lines[row]));
      }
    }
    return {};
  }

  Input input_;
  ReadOptions options_;
  BlockSize block_;
  char delimiter_ = ',';
  WideLayout layout_;
  std::vector<Piece> pieces_;
  std::size_t rows_ = 0;
  std::size_t next_piece_ = 0;
  std::unordered_map<std::string, std::size_t> line_of_id_;
};

}  // namespace

Result<std::unique_ptr<PanelStream>> OpenWideCsv(Input input, const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context) {
  auto stream = std::make_unique<WideStream>(std::move(input), options, block);
  METERHOUND_RETURN_IF_ERROR(stream->Open(context));
  return std::unique_ptr<PanelStream>(std::move(stream));
}

}  // namespace meterhound::readings
