// Collects readings in file order, then sorts them into series.
#include "readings/long_csv.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "base/numbers.h"
#include "readings/columns.h"
#include "readings/csv.h"

namespace meterhound::readings {
namespace {

// The form of the dates is decided from so many readings; the rest must follow it.
constexpr std::size_t kDatesToDecide = 100'000;
constexpr std::size_t kProgressEvery = 1 << 16;

struct Columns {
  std::size_t id, time, value;
  std::optional<std::size_t> kind, label;
  std::size_t count;
};

struct Reading {
  std::uint32_t consumer;
  std::uint32_t kind;
  double time;
  double value;
  std::size_t line;
};

/// Numbers for names in the order of first appearance.
class Names {
 public:
  std::uint32_t Number(std::string_view name) {
    if (!names_.empty() && names_[last_] == name) return last_;
    const auto [entry, added] = numbers_.try_emplace(std::string(name), static_cast<std::uint32_t>(names_.size()));
    if (added) names_.push_back(entry->first);
    return last_ = entry->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  std::uint32_t last_ = 0;
};

/// Numbers or dates, whichever the first reading has.
class Times {
 public:
  static Result<Times> Decide(std::string_view text, const std::string& name, char delimiter, std::size_t line,
                              std::size_t column, DateOrder order) {
    Times times;
    CsvReader csv = CsvReader::Piece(text, name, delimiter, line);
    std::vector<std::string> texts;
    std::vector<std::string> places;
    while (texts.size() < kDatesToDecide) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) break;
      if (csv.fields().size() <= column) continue;  // reported with its line when the readings are read
      texts.emplace_back(Trim(csv.fields()[column]));
      if (texts.size() == 1 && ParseDouble(texts.front())) return times;
      places.push_back(csv.Place(column));
    }
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    METERHOUND_ASSIGN_OR_RETURN(times.format_,
                                DateFormat::Decide(views, order, [&](std::size_t i) { return places[i]; }));
    times.calendar_ = true;
    return times;
  }

  bool calendar() const { return calendar_; }

  Result<double> Parse(std::string_view field) const {
    const auto time = calendar_ ? format_.Parse(field) : ParseDouble(Trim(field));
    if (time && std::isfinite(*time)) return *time;
    return InvalidInput(
        "found " + Quote(field) + ", expected a " +
        (calendar_ ? "date written as the ones before (see --date-order)" : "number, as the times before"));
  }

 private:
  bool calendar_ = false;
  DateFormat format_;
};

Result<Columns> ReadHeader(const CsvReader& csv, const ReadOptions& options) {
  const auto& header = csv.fields();
  const auto find = [&](const std::string& wanted, std::span<const std::string_view> known,
                        const std::string& role) -> Result<std::size_t> {
    if (const auto found = FindColumn(header, wanted, known)) return *found;
    const std::string name = wanted.empty() ? std::string(known.front()) : wanted;
    return InvalidInput("found no column " + Quote(name) + " for the " + role, csv.Place());
  };
  Columns columns{};
  METERHOUND_ASSIGN_OR_RETURN(columns.id, find(options.id_column, IdNames(), "consumer's id"));
  METERHOUND_ASSIGN_OR_RETURN(columns.time, find(options.time_column, TimeNames(), "time"));
  METERHOUND_ASSIGN_OR_RETURN(columns.value, find(options.value_column, ValueNames(), "reading"));
  columns.kind = FindColumn(header, options.kind_column, KindNames());
  if (!options.kind_column.empty() && !columns.kind) {
    return InvalidInput("found no column " + Quote(options.kind_column) + " for the kind of reading", csv.Place());
  }
  columns.label = FindColumn(header, "", LabelNames());
  columns.count = header.size();
  return columns;
}

class LongReader {
 public:
  LongReader(const Input& input, const ReadOptions& options, const RunContext& context)
      : input_(input), options_(options), context_(context) {}

  Result<Panel> Read() {
    CsvReader csv(input_.text(), input_.name());
    METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
    if (!has_header) return InvalidInput("holds no lines; expected a header and readings", input_.name());
    METERHOUND_ASSIGN_OR_RETURN(columns_, ReadHeader(csv, options_));
    METERHOUND_ASSIGN_OR_RETURN(times_, Times::Decide(csv.rest(), input_.name(), csv.delimiter(), csv.next_line(),
                                                      columns_.time, options_.date_order));
    value_name_ = Trim(csv.fields()[columns_.value]);
    context_.progress.Begin("reading", 0, "readings");
    const Status status = ReadRows(csv);
    context_.progress.End();
    if (!status.ok()) return status.error();
    if (readings_.empty()) return InvalidInput("holds a header and no readings", input_.name());
    return BuildPanel();
  }

 private:
  Status ReadRows(CsvReader& csv) {
    while (true) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) return {};
      METERHOUND_RETURN_IF_ERROR(ReadRow(csv));
      if (readings_.size() % kProgressEvery == 0) {
        context_.progress.Advance(kProgressEvery);
        METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
      }
    }
  }

  Status ReadRow(const CsvReader& csv) {
    const auto& fields = csv.fields();
    if (fields.size() != columns_.count) {
      return InvalidInput("found " + std::to_string(fields.size()) + " fields, expected " +
                              std::to_string(columns_.count) + " as in the header",
                          csv.Place());
    }
    const std::string_view id = Trim(fields[columns_.id]);
    if (id.empty()) return InvalidInput("found no id, expected the consumer's id", csv.Place(columns_.id));
    const auto time = times_.Parse(fields[columns_.time]);
    if (!time) return InvalidInput(time.error().message, csv.Place(columns_.time));
    const auto value = ParseReading(fields[columns_.value]);
    if (!value) return InvalidInput(value.error().message, csv.Place(columns_.value));
    const std::uint32_t consumer = consumers_.Number(id);
    const std::uint32_t kind = kinds_.Number(columns_.kind ? Trim(fields[*columns_.kind]) : value_name_);
    readings_.push_back({consumer, kind, *time, *value, csv.line()});
    return columns_.label ? ReadLabel(csv, consumer) : Status();
  }

  Status ReadLabel(const CsvReader& csv, std::uint32_t consumer) {
    const auto label = ParseLabel(csv.fields()[*columns_.label]);
    if (!label) return InvalidInput(label.error().message, csv.Place(*columns_.label));
    if (consumer >= labels_.size()) {
      labels_.push_back(*label);
    } else if (labels_[consumer] != *label) {
      return InvalidInput("found label " + Quote(csv.fields()[*columns_.label]) + " for " +
                              Quote(consumers_.names()[consumer]) + ", expected the same in all its rows",
                          csv.Place(*columns_.label));
    }
    return {};
  }

  Result<Panel> BuildPanel() {
    std::sort(readings_.begin(), readings_.end(), [](const Reading& a, const Reading& b) {
      return std::tie(a.kind, a.consumer, a.time, a.line) < std::tie(b.kind, b.consumer, b.time, b.line);
    });
    METERHOUND_RETURN_IF_ERROR(CheckDuplicates());
    Panel panel;
    panel.source = input_.name();
    panel.ids = consumers_.names();
    panel.labels = labels_;
    panel.labels.resize(panel.ids.size(), kUnlabelled);
    std::size_t begin = 0;
    for (std::uint32_t kind = 0; kind < kinds_.names().size(); ++kind) {
      std::size_t end = begin;
      while (end < readings_.size() && readings_[end].kind == kind) ++end;
      AddKind(panel, kinds_.names()[kind], std::span(readings_).subspan(begin, end - begin));
      begin = end;
    }
    return panel;
  }

  Status CheckDuplicates() const {
    for (std::size_t i = 1; i < readings_.size(); ++i) {
      const Reading& a = readings_[i - 1];
      const Reading& b = readings_[i];
      if (a.kind == b.kind && a.consumer == b.consumer && a.time == b.time) {
        const std::string when = times_.calendar() ? FormatDateTime(b.time) : FormatDouble(b.time);
        return InvalidInput("found a second reading of " + Quote(consumers_.names()[b.consumer]) + " at " + when +
                                ", expected one; the first is on line " + std::to_string(a.line),
                            input_.name() + ":" + std::to_string(b.line));
      }
    }
    return {};
  }

  void AddKind(Panel& panel, const std::string& name, std::span<const Reading> readings) const {
    auto timeline = std::make_shared<Timeline>();
    timeline->shared = false;
    timeline->offsets.assign(panel.rows() + 1, 0);
    SeriesKind kind{
        .name = name, .unit = "", .group = FeatureGroup::kBehaviour, .timeline = nullptr, .values = {}, .missing = {}};
    for (const Reading& reading : readings) {
      ++timeline->offsets[reading.consumer + 1];
      timeline->times.push_back(reading.time);
      kind.values.push_back(reading.value);
      kind.missing.push_back(std::isnan(reading.value) ? 1 : 0);
    }
    std::partial_sum(timeline->offsets.begin(), timeline->offsets.end(), timeline->offsets.begin());
    Share(*timeline, panel.rows());
    timeline->cadence = times_.calendar() ? FindCadence(LongestRow(*timeline, panel.rows())) : Cadence::kSteps;
    kind.timeline = timeline;
    for (const SeriesKind& other : panel.kinds) {  // kinds read together share one timeline
      if (other.timeline->times == timeline->times && other.timeline->offsets == timeline->offsets) {
        kind.timeline = other.timeline;
        break;
      }
    }
    panel.kinds.push_back(std::move(kind));
  }

  // One axis in place of equal ones.
  static void Share(Timeline& timeline, std::size_t rows) {
    const std::size_t length = timeline.Length(0);
    for (std::size_t row = 1; row < rows; ++row) {
      const auto begin = timeline.times.begin() + static_cast<std::ptrdiff_t>(timeline.offsets[row]);
      if (timeline.Length(row) != length ||
          !std::equal(begin, begin + static_cast<std::ptrdiff_t>(length), timeline.times.begin())) {
        return;
      }
    }
    timeline.shared = true;
    timeline.times.resize(length);
    timeline.offsets.clear();
  }

  static std::span<const double> LongestRow(const Timeline& timeline, std::size_t rows) {
    if (timeline.shared) return timeline.times;
    std::size_t longest = 0;
    for (std::size_t row = 1; row < rows; ++row) {
      if (timeline.Length(row) > timeline.Length(longest)) longest = row;
    }
    return std::span(timeline.times).subspan(timeline.Offset(longest), timeline.Length(longest));
  }

  const Input& input_;
  const ReadOptions& options_;
  const RunContext& context_;
  Columns columns_{};
  Times times_;
  std::string value_name_;
  Names consumers_;
  Names kinds_;
  std::vector<std::int8_t> labels_;
  std::vector<Reading> readings_;
};

}  // namespace

bool IsLongHeader(std::span<const std::string_view> header, const ReadOptions& options) {
  return FindColumn(header, options.id_column, IdNames()) && FindColumn(header, options.time_column, TimeNames()) &&
         FindColumn(header, options.value_column, ValueNames());
}

Result<Panel> ReadLongCsv(const Input& input, const ReadOptions& options, const RunContext& context) {
  return LongReader(input, options, context).Read();
}

}  // namespace meterhound::readings
