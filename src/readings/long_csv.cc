// A first pass cuts the text into pieces and learns whose readings they hold; then pieces are parsed as they are asked
// for.
#include "readings/long_csv.h"

#include <vector>

#include "base/numbers.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/long_stream.h"
#include "readings/written_times.h"

namespace meterhound::readings {
namespace {

constexpr std::size_t kProgressEvery = 1 << 16;
// Parsed by one thread at a time.
constexpr std::size_t kPieceBytes = 1 << 20;

/// A part of the text that begins and ends between records.
struct Piece {
  std::string_view text;
  std::size_t first_line = 0;
};

class LongCsv : public LongFile {
 public:
  LongCsv(Input input, const ReadOptions& options) : input_(std::move(input)), options_(options) {}

  Status Survey(LongSurvey& survey, const RunContext& context) override {
    CsvReader csv(input_.text(), input_.name());
    METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
    if (!has_header) return InvalidInput("holds no lines; expected a header and readings", input_.name());
    delimiter_ = csv.delimiter();
    METERHOUND_ASSIGN_OR_RETURN(columns_, FindLongColumns(csv.fields(), options_, csv.Place()));
    value_name_ = Trim(csv.fields()[columns_.value]);
    METERHOUND_RETURN_IF_ERROR(SurveyRecords(csv, survey, context));
    if (survey.extents.empty()) return InvalidInput("holds a header and no readings", input_.name());
    return DecideTimes(csv);
  }

  bool calendar() const override { return times_.calendar(); }
  std::size_t pieces() const override { return pieces_.size(); }
  const std::string& name() const override { return input_.name(); }
  std::string RowText(std::size_t row) const override { return "line " + std::to_string(row); }
  std::string Place(std::size_t row) const override { return input_.name() + ":" + std::to_string(row); }

  Status ReadPiece(std::size_t piece, const LongSurvey& survey, std::span<const std::uint32_t> wanted,
                   LongReadings& to) const override {
    const Status status = ParsePiece(pieces_[piece], survey, wanted, to);
    input_.Forget(pieces_[piece].text);
    return status;
  }

 private:
  Status ParsePiece(const Piece& piece, const LongSurvey& survey, std::span<const std::uint32_t> wanted,
                    LongReadings& to) const {
    CsvReader csv = CsvReader::Piece(piece.text, input_.name(), delimiter_, piece.first_line);
    std::uint32_t consumer = 0;
    std::uint32_t kind = 0;
    while (true) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) return {};
      const auto& fields = csv.fields();
      consumer = survey.consumers.Find(Trim(fields[columns_.id]), consumer);
      if (wanted[consumer] == kElsewhere) continue;
      kind = survey.kinds.Find(KindName(csv), kind);
      const auto time = times_.Parse(fields[columns_.time]);
      if (!time) return InvalidInput(time.error().message, csv.Place(columns_.time));
      const auto value = ParseReading(fields[columns_.value]);
      if (!value) return InvalidInput(value.error().message, csv.Place(columns_.value));
      to.push_back({consumer, kind, *time, *value, csv.line()});
    }
  }

  // One walk over all records: whose they are, and whether they are whole.
  Status SurveyRecords(const CsvReader& header, LongSurvey& survey, const RunContext& context) {
    CsvReader csv = CsvReader::Piece(header.rest(), input_.name(), delimiter_, header.next_line());
    pieces_.push_back({csv.rest().substr(0, 0), csv.next_line()});
    context.progress.Begin("looking through", 0, "readings");
    Status status;
    std::size_t records = 0;
    while (status.ok()) {
      const char* begin = pieces_.back().text.data();
      const auto size = static_cast<std::size_t>(csv.rest().data() - begin);
      pieces_.back().text = {begin, size};
      if (size >= kPieceBytes) {
        input_.Forget(pieces_.back().text);
        pieces_.push_back({csv.rest().substr(0, 0), csv.next_line()});
      }
      const auto more = csv.Next();
      if (!more) {
        status = more.error();
      } else if (!*more) {
        pieces_.back().text = {pieces_.back().text.data(),
                               static_cast<std::size_t>(csv.rest().data() - pieces_.back().text.data())};
        break;
      } else {
        status = SurveyRecord(csv, survey);
      }
      if (++records % kProgressEvery == 0) {
        context.progress.Advance(kProgressEvery);
        if (status.ok()) status = context.CheckStopped();
      }
    }
    context.progress.End();
    return status;
  }

  Status SurveyRecord(const CsvReader& csv, LongSurvey& survey) const {
    const auto& fields = csv.fields();
    if (fields.size() != columns_.count) {
      return InvalidInput("found " + std::to_string(fields.size()) + " fields, expected " +
                              std::to_string(columns_.count) + " as in the header",
                          csv.Place());
    }
    const std::string_view id = Trim(fields[columns_.id]);
    if (id.empty()) return InvalidInput("found no id, expected the consumer's id", csv.Place(columns_.id));
    const std::uint32_t consumer = survey.Add(id, KindName(csv), pieces_.size() - 1);
    if (!columns_.label) return {};
    const std::string_view field = fields[*columns_.label];
    const auto label = ParseLabel(field);
    if (!label) return InvalidInput(label.error().message, csv.Place(*columns_.label));
    if (survey.AgreesOnLabel(consumer, *label)) return {};
    return InvalidInput("found label " + Quote(field) + " for " + Quote(id) + ", expected the same in all its rows",
                        csv.Place(*columns_.label));
  }

  std::string_view KindName(const CsvReader& csv) const {
    return columns_.kind ? Trim(csv.fields()[*columns_.kind]) : std::string_view(value_name_);
  }

  // From the first readings.
  Status DecideTimes(const CsvReader& header) {
    CsvReader csv = CsvReader::Piece(header.rest(), input_.name(), delimiter_, header.next_line());
    std::vector<std::string> texts;
    std::vector<std::string> places;
    while (texts.size() < kTimesToDecide) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) break;
      texts.emplace_back(Trim(csv.fields()[columns_.time]));
      if (texts.size() == 1 && ParseDouble(texts.front())) break;  // numbers: nothing is to be decided
      places.push_back(csv.Place(columns_.time));
    }
    const auto place = [&](std::size_t i) { return places[i]; };
    METERHOUND_ASSIGN_OR_RETURN(times_, WrittenTimes::Decide(texts, options_.date_order, place));
    return {};
  }

  Input input_;
  ReadOptions options_;
  char delimiter_ = ',';
  LongColumns columns_{};
  WrittenTimes times_;
  std::string value_name_;
  std::vector<Piece> pieces_;
};

}  // namespace

bool IsLongHeader(std::span<const std::string_view> header, const ReadOptions& options) {
  return FindColumn(header, options.id_column, IdNames()) && FindColumn(header, options.time_column, TimeNames()) &&
         FindColumn(header, options.value_column, ValueNames());
}

Result<std::unique_ptr<PanelStream>> OpenLongCsv(Input input, const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context) {
  return OpenLong(std::make_unique<LongCsv>(std::move(input), options), block, context);
}

}  // namespace meterhound::readings
