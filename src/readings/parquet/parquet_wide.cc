// Ids and labels of a block are read first; then groups of columns side by side, each into its places.
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/parquet/parquet_cells.h"
#include "readings/parquet/parquet_forms.h"
#include "readings/wide_layout.h"

namespace meterhound::readings {
namespace {

constexpr std::int64_t kRowsAtOnce = 1024;
// Two cache lines of a row of the panel.
constexpr std::size_t kColumnsAtOnce = 16;

class WideParquet : public PanelStream {
 public:
  WideParquet(std::shared_ptr<const ParquetFile> file, const BlockSize& block)
      : file_(std::move(file)), block_(block) {}

  Status Open(const ReadOptions& options) {
    const auto place = [&](std::optional<std::size_t> column) {
      return column ? file_->ColumnPlace(*column) : file_->name();
    };
    METERHOUND_ASSIGN_OR_RETURN(layout_, FindWideLayout(file_->header(), options, place));
    METERHOUND_RETURN_IF_ERROR(
        CheckType(*file_, layout_.id, HoldsTexts(file_->type(layout_.id)), "ids as strings or integers"));
    who_ = {layout_.id};
    if (layout_.label) {
      METERHOUND_RETURN_IF_ERROR(
          CheckType(*file_, *layout_.label, HoldsLabels(file_->type(*layout_.label)), "labels: 0, 1 or nothing"));
      who_.push_back(*layout_.label);
      std::sort(who_.begin(), who_.end());
    }
    for (std::size_t column = 0; column < layout_.place.size(); ++column) {
      if (layout_.place[column] < 0) continue;
      METERHOUND_RETURN_IF_ERROR(CheckType(*file_, column, HoldsNumbers(file_->type(column)), "numbers"));
      if (groups_.empty() || groups_.back().columns.size() == kColumnsAtOnce) groups_.emplace_back();
      groups_.back().columns.push_back(column);
    }
    METERHOUND_ASSIGN_OR_RETURN(who_rows_, file_->Read(who_, kRowsAtOnce));
    return {};
  }

  std::size_t consumers() const override { return file_->rows(); }
  std::size_t longest() const override { return layout_.timeline->times.size(); }

  Result<Panel> Next(const RunContext& context) override {
    const std::size_t most_rows = std::max<std::size_t>(1, block_.readings / std::max<std::size_t>(1, longest()));
    Panel panel;
    panel.source = file_->name();
    METERHOUND_RETURN_IF_ERROR(
        ReadWho(panel, std::max<std::size_t>(1, std::min(most_rows, block_.consumers)), context));
    const std::size_t rows = panel.rows();
    if (rows == 0) return Panel();
    panel.kinds.push_back({.name = kWideKind,
                           .unit = "kWh",
                           .group = FeatureGroup::kBehaviour,
                           .timeline = layout_.timeline,
                           .values = std::vector<double>(rows * longest()),
                           .missing = std::vector<std::uint8_t>(rows * longest())});
    METERHOUND_RETURN_IF_ERROR(ReadGroups(rows, panel.kinds.front(), context));
    next_row_ += rows;
    return panel;
  }

 private:
  // Columns that are read together; their rows are open between blocks.
  struct Group {
    std::vector<std::size_t> columns;
    std::optional<ParquetRows> rows;
  };
  struct Fault {
    std::size_t row = 0;
    Error error;
  };

  Status ReadWho(Panel& panel, std::size_t most, const RunContext& context) {
    while (panel.rows() < most) {
      METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
      METERHOUND_ASSIGN_OR_RETURN(
          const auto batch, who_rows_.Next(static_cast<std::int64_t>(std::min(most - panel.rows(), file_->rows()))));
      if (!batch) break;
      for (std::int64_t i = 0; i < batch->num_rows(); ++i) METERHOUND_RETURN_IF_ERROR(AddConsumer(*batch, i, panel));
    }
    if (panel.rows() < most && next_row_ + panel.rows() != file_->rows()) {
      return InvalidInput("holds " + std::to_string(next_row_ + panel.rows()) + " rows, expected " +
                              std::to_string(file_->rows()) + " as it says itself: it is damaged",
                          file_->name());
    }
    return {};
  }

  Status AddConsumer(const arrow::RecordBatch& batch, std::int64_t i, Panel& panel) {
    const std::size_t row = next_row_ + panel.rows();
    const auto column = [&](std::size_t wanted) -> const arrow::Array& {
      return *batch.column(static_cast<int>(std::find(who_.begin(), who_.end(), wanted) - who_.begin()));
    };
    const std::string_view id = TextAt(column(layout_.id), i, buffer_);
    if (id.empty()) return InvalidInput("found no id, expected the consumer's id", file_->Place(row, layout_.id));
    const auto [first, added] = row_of_id_.try_emplace(std::string(id), row);
    if (!added) {
      return InvalidInput("found id " + Quote(id) + " again, expected one row a consumer; it is first on row " +
                              std::to_string(first->second + 1),
                          file_->Place(row, layout_.id));
    }
    std::int8_t label = kUnlabelled;
    if (layout_.label) {
      const auto read = LabelAt(column(*layout_.label), i);
      if (!read) return InvalidInput(read.error().message, file_->Place(row, *layout_.label));
      label = *read;
    }
    panel.ids.emplace_back(id);
    panel.labels.push_back(label);
    return {};
  }

  Status ReadGroups(std::size_t rows, SeriesKind& kind, const RunContext& context) {
    const bool last = next_row_ + rows == file_->rows();
    std::vector<std::optional<Fault>> faults(groups_.size());
    context.progress.Begin("reading", groups_.size() * rows, "series");
    context.pool.ParallelFor(
        groups_.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            faults[i] = ReadGroup(groups_[i], rows, kind);
            if (last) groups_[i].rows.reset();
            context.progress.Advance(rows);
          }
        },
        context.stop);
    context.progress.End();
    const Fault* first = nullptr;  // in the file's order, whichever thread met which
    for (const auto& fault : faults) {
      if (fault && (first == nullptr || fault->row < first->row)) first = &*fault;
    }
    if (first != nullptr) return first->error;
    return context.CheckStopped();
  }

  std::optional<Fault> ReadGroup(Group& group, std::size_t rows, SeriesKind& kind) const {
    if (!group.rows) {
      auto opened = file_->Read(group.columns, kRowsAtOnce);
      if (!opened) return Fault{next_row_, opened.error()};
      group.rows = std::move(*opened);
    }
    std::optional<Fault> fault;
    for (std::size_t done = 0; done < rows && !fault;) {
      const auto batch = group.rows->Next(static_cast<std::int64_t>(rows - done));
      if (!batch) return Fault{next_row_ + done, batch.error()};
      if (!*batch) {
        return Fault{next_row_ + done, InvalidInput("has fewer rows in some columns than in others: it is damaged",
                                                    file_->Place(next_row_ + done, group.columns.front()))};
      }
      for (std::size_t k = 0; k < group.columns.size(); ++k) {
        auto found = ReadColumn(*(*batch)->column(static_cast<int>(k)), group.columns[k], done, kind);
        if (found && (!fault || found->row < fault->row)) fault = std::move(found);
      }
      done += static_cast<std::size_t>((*batch)->num_rows());
    }
    return fault;
  }

  std::optional<Fault> ReadColumn(const arrow::Array& array, std::size_t column, std::size_t first_row,
                                  SeriesKind& kind) const {
    std::size_t at = first_row * longest() + static_cast<std::size_t>(layout_.place[column]);
    for (std::int64_t i = 0; i < array.length(); ++i, at += longest()) {
      const auto reading = ReadingAt(array, i);
      if (!reading) {
        const std::size_t row = next_row_ + first_row + static_cast<std::size_t>(i);
        return Fault{row, InvalidInput(reading.error().message, file_->Place(row, column))};
      }
      kind.values[at] = *reading;
      kind.missing[at] = std::isnan(*reading) ? 1 : 0;
    }
    return std::nullopt;
  }

  std::shared_ptr<const ParquetFile> file_;
  BlockSize block_;
  WideLayout layout_;
  std::vector<std::size_t> who_;  // the columns with id and label, ascending
  ParquetRows who_rows_;
  std::vector<Group> groups_;
  std::size_t next_row_ = 0;
  std::unordered_map<std::string, std::size_t> row_of_id_;
  std::string buffer_;
};

}  // namespace

Result<std::unique_ptr<PanelStream>> OpenWideParquet(std::shared_ptr<const ParquetFile> file,
                                                     const ReadOptions& options, const BlockSize& block) {
  auto stream = std::make_unique<WideParquet>(std::move(file), block);
  METERHOUND_RETURN_IF_ERROR(stream->Open(options));
  return std::unique_ptr<PanelStream>(std::move(stream));
}

}  // namespace meterhound::readings
