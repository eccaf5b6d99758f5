// A first pass learns the longest series and the cadence; then rows are taken one after the other.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <unordered_map>

#include "base/numbers.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/parquet/parquet_cells.h"
#include "readings/parquet/parquet_forms.h"
#include "readings/timelines.h"
#include "readings/wide_layout.h"

namespace meterhound::readings {
namespace {

constexpr std::int64_t kRowsAtOnce = 256;
constexpr std::array<std::string_view, 1> kValuesName = {"values"};
constexpr std::array<std::string_view, 1> kTimesName = {"times"};
constexpr std::array<std::string_view, 1> kStartName = {"start"};
constexpr std::array<std::string_view, 1> kCadenceName = {"cadence"};

std::string CadenceNames() {
  std::string names;
  for (const NamedCadence& one : NamedCadences()) names += (names.empty() ? "" : ", ") + std::string(one.name);
  return names;
}

class ListStream : public PanelStream {
 public:
  ListStream(std::shared_ptr<const ParquetFile> file, const BlockSize& block) : file_(std::move(file)), block_(block) {}

  Status Open(const ReadOptions& options, const RunContext& context) {
    METERHOUND_RETURN_IF_ERROR(FindColumns(options));
    METERHOUND_RETURN_IF_ERROR(CheckTypes(options));
    context.progress.Begin("looking through", file_->rows(), "consumers");
    const Status status = Survey(context);
    context.progress.End();
    METERHOUND_RETURN_IF_ERROR(status);
    if (longest_ == 0) return InvalidInput("holds no readings, only empty lists", file_->name());
    std::vector<std::size_t> columns = {id_, values_};
    for (const auto& column : {label_, times_, start_}) {
      if (column) columns.push_back(*column);
    }
    return Read(std::move(columns));
  }

  std::size_t consumers() const override { return file_->rows(); }
  std::size_t longest() const override { return longest_; }

  Result<Panel> Next(const RunContext& context) override {
    Panel panel;
    panel.source = file_->name();
    panel.kinds.push_back({.name = kWideKind,
                           .unit = "kWh",
                           .group = FeatureGroup::kBehaviour,
                           .timeline = nullptr,
                           .values = {},
                           .missing = {}});
    Timeline timeline{.shared = false, .times = {}, .offsets = {0}, .cadence = cadence_};
    context.progress.Begin("reading", 0, "consumers");
    const Status status = AddRows(panel, timeline, context);
    context.progress.End();
    METERHOUND_RETURN_IF_ERROR(status);
    if (panel.rows() == 0) return Panel();
    ShareEqualTimes(timeline, panel.rows());
    panel.kinds.front().timeline = std::make_shared<const Timeline>(std::move(timeline));
    return panel;
  }

 private:
  Status FindColumns(const ReadOptions& options) {
    const std::vector<std::string_view> header = file_->header();
    const auto id = FindColumn(header, options.id_column, IdNames());
    if (!id) {
      const std::string name = options.id_column.empty() ? "id" : options.id_column;
      return InvalidInput("found no column " + Quote(name) + " for the consumer's id", file_->name());
    }
    id_ = *id;
    values_ = *FindColumn(header, options.value_column, kValuesName);
    label_ = FindColumn(header, "", LabelNames());
    times_ = FindColumn(header, options.time_column, kTimesName);
    start_ = FindColumn(header, "", kStartName);
    cadence_column_ = FindColumn(header, "", kCadenceName);
    if (times_ && start_) {
      return InvalidInput("found both lists of times and starts, expected one of them", file_->ColumnPlace(*start_));
    }
    if (!times_ && (!start_ || !cadence_column_)) {
      return InvalidInput("found lists of readings without their times, expected a column times, or start and cadence",
                          file_->name());
    }
    return {};
  }

  Status CheckTypes(const ReadOptions& options) {
    const arrow::DataType* item = nullptr;
    METERHOUND_RETURN_IF_ERROR(CheckType(*file_, id_, HoldsTexts(file_->type(id_)), "ids as strings or integers"));
    METERHOUND_RETURN_IF_ERROR(CheckType(
        *file_, values_, ListCells::Holds(file_->type(values_), &item) && HoldsNumbers(*item), "lists of numbers"));
    if (label_) {
      METERHOUND_RETURN_IF_ERROR(
          CheckType(*file_, *label_, HoldsLabels(file_->type(*label_)), "labels: 0, 1 or nothing"));
    }
    if (times_) {
      METERHOUND_RETURN_IF_ERROR(CheckType(*file_, *times_, ListCells::Holds(file_->type(*times_), &item),
                                           "lists of timestamps, dates or numbers"));
      METERHOUND_ASSIGN_OR_RETURN(when_, ParquetTimes::OfType(*item, file_->ColumnPlace(*times_)));
      return {};
    }
    METERHOUND_RETURN_IF_ERROR(CheckType(*file_, *cadence_column_, HoldsTexts(file_->type(*cadence_column_)),
                                         ("a cadence as text: " + CadenceNames()).c_str()));
    METERHOUND_ASSIGN_OR_RETURN(when_, ParquetTimes::Of(*file_, *start_, options.date_order));
    return CheckType(*file_, *start_, when_.calendar(), "the dates of first readings");
  }

  Status Read(std::vector<std::size_t> columns) {
    std::sort(columns.begin(), columns.end());
    columns_ = std::move(columns);
    METERHOUND_ASSIGN_OR_RETURN(rows_, file_->Read(columns_, kRowsAtOnce));
    return {};
  }

  const arrow::Array& In(const arrow::RecordBatch& batch, std::size_t column) const {
    return *batch.column(static_cast<int>(std::find(columns_.begin(), columns_.end(), column) - columns_.begin()));
  }

  // All blocks have one cadence: the longest series', or the one that all rows name.
  Status Survey(const RunContext& context) {
    METERHOUND_RETURN_IF_ERROR(
        Read(times_ ? std::vector<std::size_t>{*times_} : std::vector<std::size_t>{values_, *cadence_column_}));
    std::vector<double> longest_times;
    std::size_t row = 0;
    while (true) {
      METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
      METERHOUND_ASSIGN_OR_RETURN(const auto batch, rows_.Next());
      if (!batch) break;
      const ListCells lists(In(*batch, times_.value_or(values_)));
      for (std::int64_t i = 0; i < batch->num_rows(); ++i, ++row) {
        if (!times_) METERHOUND_RETURN_IF_ERROR(SurveyCadence(In(*batch, *cadence_column_), i, row));
        const auto size = static_cast<std::size_t>(lists.At(i).size);
        if (size <= longest_) continue;
        longest_ = size;
        if (times_) METERHOUND_RETURN_IF_ERROR(TakeTimes(lists, i, row, longest_times));
      }
      context.progress.Advance(static_cast<std::size_t>(batch->num_rows()));
    }
    if (row != file_->rows()) {
      return InvalidInput("holds " + std::to_string(row) + " rows, expected " + std::to_string(file_->rows()) +
                              " as it says itself: it is damaged",
                          file_->name());
    }
    std::sort(longest_times.begin(), longest_times.end());
    if (times_) cadence_ = when_.calendar() ? FindCadence(longest_times) : Cadence::kSteps;
    return {};
  }

  Status SurveyCadence(const arrow::Array& array, std::int64_t i, std::size_t row) {
    const std::string_view name = TextAt(array, i, buffer_);
    const auto found = FindNamedCadence(name);
    if (!found) {
      return InvalidInput("found " + Quote(name) + ", expected one of " + CadenceNames(),
                          file_->Place(row, *cadence_column_));
    }
    if (row == 0) cadence_ = *found;
    if (*found == cadence_) return {};
    return InvalidInput("found " + Quote(name) + ", expected the cadence of the first row: one file, one cadence",
                        file_->Place(row, *cadence_column_));
  }

  Status TakeTimes(const ListCells& lists, std::int64_t i, std::size_t row, std::vector<double>& to) const {
    const ListCells::Range range = lists.At(i);
    to.resize(static_cast<std::size_t>(range.size));
    for (std::int64_t k = 0; k < range.size; ++k) {
      const auto time = when_.At(lists.items(), range.begin + k);
      if (!time) return InvalidInput(time.error().message + InList(k), file_->Place(row, *times_));
      to[static_cast<std::size_t>(k)] = *time;
    }
    return {};
  }

  static std::string InList(std::int64_t k) { return " (item " + std::to_string(k + 1) + " of the list)"; }

  Status AddRows(Panel& panel, Timeline& timeline, const RunContext& context) {
    while (true) {
      if (!batch_ || at_ == batch_->num_rows()) {
        METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
        METERHOUND_ASSIGN_OR_RETURN(batch_, rows_.Next());
        at_ = 0;
        if (!batch_) return {};
        context.progress.Advance(static_cast<std::size_t>(batch_->num_rows()));
      }
      const ListCells values(In(*batch_, values_));
      for (; at_ < batch_->num_rows(); ++at_, ++row_) {
        const std::size_t with_next = timeline.times.size() + static_cast<std::size_t>(values.At(at_).size);
        if (panel.rows() > 0 && (with_next > block_.readings || panel.rows() >= block_.consumers)) return {};
        METERHOUND_RETURN_IF_ERROR(AddRow(values, panel, timeline));
      }
    }
  }

  Status AddRow(const ListCells& values, Panel& panel, Timeline& timeline) {
    METERHOUND_RETURN_IF_ERROR(AddConsumer(panel));
    const ListCells::Range range = values.At(at_);
    std::vector<double> times;
    if (times_) {
      METERHOUND_RETURN_IF_ERROR(TakeTimes(ListCells(In(*batch_, *times_)), at_, row_, times));
      if (times.size() != static_cast<std::size_t>(range.size)) {
        return InvalidInput("found " + std::to_string(times.size()) + " times for " + std::to_string(range.size) +
                                " readings, expected as many",
                            file_->Place(row_, *times_));
      }
    } else {
      METERHOUND_RETURN_IF_ERROR(TimesFromStart(static_cast<std::size_t>(range.size), times));
    }
    std::vector<double> readings(times.size());
    for (std::int64_t k = 0; k < range.size; ++k) {
      const auto reading = ReadingAt(values.items(), range.begin + k);
      if (!reading) return InvalidInput(reading.error().message + InList(k), file_->Place(row_, values_));
      readings[static_cast<std::size_t>(k)] = *reading;
    }
    METERHOUND_RETURN_IF_ERROR(Sort(times, readings, panel.ids.back()));
    SeriesKind& kind = panel.kinds.front();
    for (const double reading : readings) kind.missing.push_back(std::isnan(reading) ? 1 : 0);
    kind.values.insert(kind.values.end(), readings.begin(), readings.end());
    timeline.times.insert(timeline.times.end(), times.begin(), times.end());
    timeline.offsets.push_back(timeline.times.size());
    return {};
  }

  Status AddConsumer(Panel& panel) {
    const std::string_view id = TextAt(In(*batch_, id_), at_, buffer_);
    if (id.empty()) return InvalidInput("found no id, expected the consumer's id", file_->Place(row_, id_));
    const auto [first, added] = row_of_id_.try_emplace(std::string(id), row_);
    if (!added) {
      return InvalidInput("found id " + Quote(id) + " again, expected one row a consumer; it is first on row " +
                              std::to_string(first->second + 1),
                          file_->Place(row_, id_));
    }
    std::int8_t label = kUnlabelled;
    if (label_) {
      const auto read = LabelAt(In(*batch_, *label_), at_);
      if (!read) return InvalidInput(read.error().message, file_->Place(row_, *label_));
      label = *read;
    }
    panel.ids.emplace_back(id);
    panel.labels.push_back(label);
    return {};
  }

  Status TimesFromStart(std::size_t count, std::vector<double>& times) const {
    const auto start = when_.At(In(*batch_, *start_), at_);
    if (!start) return InvalidInput(start.error().message, file_->Place(row_, *start_));
    if (cadence_ == Cadence::kMonthly &&
        (CivilFromDays(DayOf(*start)).day != 1 || *start != static_cast<double>(DayOf(*start)) * kSecondsPerDay)) {
      return InvalidInput("found " + FormatDateTime(*start) + ", expected the first day of a month",
                          file_->Place(row_, *start_));
    }
    AppendEvenTimes(*start, cadence_, count, times);
    return {};
  }

  // By time, as long files are.
  Status Sort(std::vector<double>& times, std::vector<double>& readings, const std::string& id) const {
    if (!std::is_sorted(times.begin(), times.end())) {
      std::vector<std::size_t> order(times.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return times[a] < times[b]; });
      std::vector<double> sorted_times, sorted_readings;
      for (const std::size_t i : order) {
        sorted_times.push_back(times[i]);
        sorted_readings.push_back(readings[i]);
      }
      times.swap(sorted_times);
      readings.swap(sorted_readings);
    }
    const auto twice = std::adjacent_find(times.begin(), times.end());
    if (twice == times.end()) return {};
    const std::string when = when_.calendar() ? FormatDateTime(*twice) : FormatDouble(*twice);
    return InvalidInput("found a second reading of " + Quote(id) + " at " + when + ", expected one",
                        file_->Place(row_, times_.value_or(values_)));
  }

  std::shared_ptr<const ParquetFile> file_;
  BlockSize block_;
  std::size_t id_ = 0;
  std::size_t values_ = 0;
  std::optional<std::size_t> label_, times_, start_, cadence_column_;
  ParquetTimes when_;  // of the items of times, or of starts
  Cadence cadence_ = Cadence::kSteps;
  std::size_t longest_ = 0;
  std::vector<std::size_t> columns_;  // that rows_ walks over, ascending
  ParquetRows rows_;
  std::shared_ptr<arrow::RecordBatch> batch_;
  std::int64_t at_ = 0;  // in batch_
  std::size_t row_ = 0;  // in the file
  std::unordered_map<std::string, std::size_t> row_of_id_;
  std::string buffer_;
};

}  // namespace

bool IsListSchema(const ParquetFile& file, const ReadOptions& options) {
  const arrow::DataType* item = nullptr;
  const auto values = FindColumn(file.header(), options.value_column, kValuesName);
  return values && ListCells::Holds(file.type(*values), &item);
}

Result<std::unique_ptr<PanelStream>> OpenParquetLists(std::shared_ptr<const ParquetFile> file,
                                                      const ReadOptions& options, const BlockSize& block,
                                                      const RunContext& context) {
  auto stream = std::make_unique<ListStream>(std::move(file), block);
  METERHOUND_RETURN_IF_ERROR(stream->Open(options, context));
  return std::unique_ptr<PanelStream>(std::move(stream));
}

}  // namespace meterhound::readings
