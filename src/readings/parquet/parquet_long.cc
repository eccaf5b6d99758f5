// Row groups are the pieces of a long file.
#include <algorithm>

#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/long_stream.h"
#include "readings/parquet/parquet_cells.h"
#include "readings/parquet/parquet_forms.h"

namespace meterhound::readings {
namespace {

constexpr std::int64_t kRowsAtOnce = 1 << 14;

// Columns of one walk, and where each lies in its batches.
class Selection {
 public:
  explicit Selection(std::vector<std::size_t> columns) : columns_(std::move(columns)) {
    std::sort(columns_.begin(), columns_.end());
    columns_.erase(std::unique(columns_.begin(), columns_.end()), columns_.end());
  }
  const std::vector<std::size_t>& columns() const { return columns_; }
  const arrow::Array& In(const arrow::RecordBatch& batch, std::size_t column) const {
    return *batch.column(static_cast<int>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin()));
  }

 private:
  std::vector<std::size_t> columns_;
};

class LongParquet : public LongFile {
 public:
  LongParquet(std::shared_ptr<const ParquetFile> file, const ReadOptions& options)
      : file_(std::move(file)), options_(options) {}

  Status Survey(LongSurvey& survey, const RunContext& context) override {
    METERHOUND_ASSIGN_OR_RETURN(columns_, FindLongColumns(file_->header(), options_, file_->name()));
    value_name_ = Trim(file_->header()[columns_.value]);
    METERHOUND_RETURN_IF_ERROR(CheckTypes());
    METERHOUND_RETURN_IF_ERROR(SurveyRows(survey, context));
    METERHOUND_ASSIGN_OR_RETURN(times_, ParquetTimes::Of(*file_, columns_.time, options_.date_order));
    return {};
  }

  bool calendar() const override { return times_.calendar(); }
  std::size_t pieces() const override { return file_->row_groups(); }
  const std::string& name() const override { return file_->name(); }
  std::string RowText(std::size_t row) const override { return "row " + std::to_string(row + 1); }
  std::string Place(std::size_t row) const override { return file_->Place(row); }

  Status ReadPiece(std::size_t piece, const LongSurvey& survey, std::span<const std::uint32_t> wanted,
                   LongReadings& to) const override {
    const Selection selection = Select({columns_.time, columns_.value});
    METERHOUND_ASSIGN_OR_RETURN(ParquetRows rows, file_->Read(selection.columns(), kRowsAtOnce, piece));
    std::size_t row = file_->first_row(piece);
    std::uint32_t consumer = 0;
    std::uint32_t kind = 0;
    std::string id_buffer, kind_buffer;
    while (true) {
      METERHOUND_ASSIGN_OR_RETURN(const auto batch, rows.Next());
      if (!batch) return {};
      const arrow::Array& ids = selection.In(*batch, columns_.id);
      const arrow::Array& times = selection.In(*batch, columns_.time);
      const arrow::Array& values = selection.In(*batch, columns_.value);
      for (std::int64_t i = 0; i < batch->num_rows(); ++i, ++row) {
        consumer = survey.consumers.Find(TextAt(ids, i, id_buffer), consumer);
        if (wanted[consumer] == kElsewhere) continue;
        kind = survey.kinds.Find(KindName(selection, *batch, i, kind_buffer), kind);
        const auto time = times_.At(times, i);
        if (!time) return InvalidInput(time.error().message, file_->Place(row, columns_.time));
        const auto value = ReadingAt(values, i);
        if (!value) return InvalidInput(value.error().message, file_->Place(row, columns_.value));
        to.push_back({consumer, kind, *time, *value, row});
      }
    }
  }

 private:
  // With whatever says whose and what a reading is.
  Selection Select(std::vector<std::size_t> columns) const {
    columns.push_back(columns_.id);
    if (columns_.kind) columns.push_back(*columns_.kind);
    return Selection(std::move(columns));
  }

  Status CheckTypes() const {
    const auto check = [&](std::size_t column, auto holds, const char* expected) {
      return CheckType(*file_, column, holds(file_->type(column)), expected);
    };
    METERHOUND_RETURN_IF_ERROR(check(columns_.id, HoldsTexts, "ids as strings or integers"));
    METERHOUND_RETURN_IF_ERROR(check(columns_.value, HoldsNumbers, "numbers"));
    if (columns_.kind) METERHOUND_RETURN_IF_ERROR(check(*columns_.kind, HoldsTexts, "kinds as strings or integers"));
    return columns_.label ? check(*columns_.label, HoldsLabels, "labels: 0, 1 or nothing") : Status();
  }

  Status SurveyRows(LongSurvey& survey, const RunContext& context) const {
    const Selection selection =
        Select(columns_.label ? std::vector<std::size_t>{*columns_.label} : std::vector<std::size_t>{});
    context.progress.Begin("looking through", file_->rows(), "readings");
    Status status;
    for (std::size_t piece = 0; piece < file_->row_groups() && status.ok(); ++piece) {
      status = SurveyPiece(piece, selection, survey, context);
    }
    context.progress.End();
    return status;
  }

  Status SurveyPiece(std::size_t piece, const Selection& selection, LongSurvey& survey,
                     const RunContext& context) const {
    METERHOUND_ASSIGN_OR_RETURN(ParquetRows rows, file_->Read(selection.columns(), kRowsAtOnce, piece));
    std::size_t row = file_->first_row(piece);
    while (true) {
      METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
      METERHOUND_ASSIGN_OR_RETURN(const auto batch, rows.Next());
      if (!batch) break;
      for (std::int64_t i = 0; i < batch->num_rows(); ++i, ++row) {
        METERHOUND_RETURN_IF_ERROR(SurveyRow(selection, *batch, i, row, piece, survey));
      }
      context.progress.Advance(static_cast<std::size_t>(batch->num_rows()));
    }
    if (row == file_->first_row(piece + 1)) return {};
    return InvalidInput("ends row group " + std::to_string(piece + 1) + " at row " + std::to_string(row) +
                            ", expected row " + std::to_string(file_->first_row(piece + 1)) + ": it is damaged",
                        file_->name());
  }

  Status SurveyRow(const Selection& selection, const arrow::RecordBatch& batch, std::int64_t i, std::size_t row,
                   std::size_t piece, LongSurvey& survey) const {
    std::string id_buffer, kind_buffer;
    const std::string_view id = TextAt(selection.In(batch, columns_.id), i, id_buffer);
    if (id.empty()) return InvalidInput("found no id, expected the consumer's id", file_->Place(row, columns_.id));
    const std::uint32_t consumer = survey.Add(id, KindName(selection, batch, i, kind_buffer), piece);
    if (!columns_.label) return {};
    const auto label = LabelAt(selection.In(batch, *columns_.label), i);
    if (!label) return InvalidInput(label.error().message, file_->Place(row, *columns_.label));
    if (survey.AgreesOnLabel(consumer, *label)) return {};
    return InvalidInput("found another label for " + Quote(id) + ", expected the same in all its rows",
                        file_->Place(row, *columns_.label));
  }

  std::string_view KindName(const Selection& selection, const arrow::RecordBatch& batch, std::int64_t i,
                            std::string& buffer) const {
    return columns_.kind ? TextAt(selection.In(batch, *columns_.kind), i, buffer) : std::string_view(value_name_);
  }

  std::shared_ptr<const ParquetFile> file_;
  ReadOptions options_;
  LongColumns columns_{};
  std::string value_name_;
  ParquetTimes times_;
};

}  // namespace

Result<std::unique_ptr<PanelStream>> OpenLongParquet(std::shared_ptr<const ParquetFile> file,
                                                     const ReadOptions& options, const BlockSize& block,
                                                     const RunContext& context) {
  return OpenLong(std::make_unique<LongParquet>(std::move(file), options), block, context);
}

}  // namespace meterhound::readings
