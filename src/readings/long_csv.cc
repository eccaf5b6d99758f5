// A first pass learns who is in the file and where; then, block by block, the readings of its consumers are collected
// from the part of the file that holds them, and sorted into series.
#include "readings/long_csv.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "base/numbers.h"
#include "readings/columns.h"
#include "readings/csv.h"

namespace meterhound::readings {
namespace {

// The form of the dates is decided from so many readings; the rest must follow it.
constexpr std::size_t kDatesToDecide = 100'000;
constexpr std::size_t kProgressEvery = 1 << 16;
// Parsed by one thread at a time.
constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::uint32_t kElsewhere = std::numeric_limits<std::uint32_t>::max();

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
    const auto known = numbers_.find(name);
    if (known != numbers_.end()) return last_ = known->second;
    last_ = static_cast<std::uint32_t>(names_.size());
    names_.emplace_back(name);
    numbers_.emplace(name, last_);
    return last_;
  }
  /// Of a name that is known; `guess` is tried first.
  std::uint32_t Find(std::string_view name, std::uint32_t guess) const {
    return names_[guess] == name ? guess : numbers_.find(name)->second;
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> numbers_;
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

/// Where a consumer's readings lie, and how many there are.
struct Extent {
  std::size_t first_piece = 0;
  std::size_t last_piece = 0;
  std::size_t readings = 0;
};

/// A part of the text that begins and ends between records.
struct Piece {
  std::string_view text;
  std::size_t first_line = 0;
};

/// Sorted by kind, consumer and time.
using Readings = std::vector<Reading>;

class LongStream : public PanelStream {
 public:
  LongStream(Input input, const ReadOptions& options, const BlockSize& block)
      : input_(std::move(input)), options_(options), block_(block) {}

  Status Open(const RunContext& context) {
    CsvReader csv(input_.text(), input_.name());
    METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
    if (!has_header) return InvalidInput("holds no lines; expected a header and readings", input_.name());
    delimiter_ = csv.delimiter();
    METERHOUND_ASSIGN_OR_RETURN(columns_, ReadHeader(csv, options_));
    value_name_ = Trim(csv.fields()[columns_.value]);
    METERHOUND_RETURN_IF_ERROR(Survey(csv, context));
    if (extents_.empty()) return InvalidInput("holds a header and no readings", input_.name());
    METERHOUND_ASSIGN_OR_RETURN(times_, Times::Decide(csv.rest(), input_.name(), delimiter_, csv.next_line(),
                                                      columns_.time, options_.date_order));
    return FindCadences(context);
  }

  std::size_t consumers() const override { return extents_.size(); }
  std::size_t longest() const override { return *std::max_element(longest_.begin(), longest_.end()); }

  Result<Panel> Next(const RunContext& context) override {
    const std::size_t first = next_consumer_;
    std::size_t readings = 0;
    while (next_consumer_ < extents_.size()) {
      const std::size_t with_next = readings + extents_[next_consumer_].readings;
      const std::size_t count = next_consumer_ - first;
      if (count > 0 && (with_next > block_.readings || count >= block_.consumers)) break;
      readings = with_next;
      ++next_consumer_;
    }
    if (next_consumer_ == first) return Panel();
    std::vector<std::uint32_t> block(next_consumer_ - first);
    std::iota(block.begin(), block.end(), static_cast<std::uint32_t>(first));
    METERHOUND_ASSIGN_OR_RETURN(const Readings found, Collect(block, context));
    return BuildPanel(block, found);
  }

 private:
  // One walk over all records: whose they are, and whether they are whole.
  Status Survey(const CsvReader& header, const RunContext& context) {
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
        status = SurveyRecord(csv);
      }
      if (++records % kProgressEvery == 0) {
        context.progress.Advance(kProgressEvery);
        if (status.ok()) status = context.CheckStopped();
      }
    }
    context.progress.End();
    return status;
  }

  Status SurveyRecord(const CsvReader& csv) {
    const auto& fields = csv.fields();
    if (fields.size() != columns_.count) {
      return InvalidInput("found " + std::to_string(fields.size()) + " fields, expected " +
                              std::to_string(columns_.count) + " as in the header",
                          csv.Place());
    }
    const std::string_view id = Trim(fields[columns_.id]);
    if (id.empty()) return InvalidInput("found no id, expected the consumer's id", csv.Place(columns_.id));
    const std::uint32_t consumer = consumers_.Number(id);
    const std::uint32_t kind = kinds_.Number(KindName(csv));
    const std::size_t piece = pieces_.size() - 1;
    if (consumer == extents_.size()) extents_.push_back({.first_piece = piece});
    Extent& extent = extents_[consumer];
    extent.last_piece = piece;
    ++extent.readings;
    if (kind == counts_.size()) {
      counts_.emplace_back();
      longest_.push_back(0);
      longest_consumer_.push_back(0);
    }
    counts_[kind].resize(extents_.size());
    longest_[kind] = std::max<std::size_t>(longest_[kind], ++counts_[kind][consumer]);
    return columns_.label ? ReadLabel(csv, consumer) : Status();
  }

  std::string_view KindName(const CsvReader& csv) const {
    return columns_.kind ? Trim(csv.fields()[*columns_.kind]) : std::string_view(value_name_);
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

  // Of each kind's longest series, so that they are the same for every block.
  Status FindCadences(const RunContext& context) {
    cadences_.assign(counts_.size(), Cadence::kSteps);
    if (!times_.calendar()) return {};
    std::vector<std::uint32_t> chosen;
    for (std::size_t kind = 0; kind < counts_.size(); ++kind) {
      const auto found = std::find(counts_[kind].begin(), counts_[kind].end(), longest_[kind]);
      longest_consumer_[kind] = static_cast<std::uint32_t>(found - counts_[kind].begin());
      chosen.push_back(longest_consumer_[kind]);
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    METERHOUND_ASSIGN_OR_RETURN(const Readings readings, Collect(chosen, context));
    std::vector<std::vector<double>> times(counts_.size());
    for (const Reading& reading : readings) {
      if (longest_consumer_[reading.kind] == reading.consumer) times[reading.kind].push_back(reading.time);
    }
    for (std::size_t kind = 0; kind < times.size(); ++kind) cadences_[kind] = FindCadence(times[kind]);
    return {};
  }

  // All readings of these consumers (ascending), from the pieces that may hold them.
  Result<Readings> Collect(std::span<const std::uint32_t> chosen, const RunContext& context) const {
    std::vector<std::uint32_t> wanted(extents_.size(), kElsewhere);
    std::vector<bool> useful(pieces_.size());
    for (const std::uint32_t consumer : chosen) {
      wanted[consumer] = consumer;
      std::fill(useful.begin() + static_cast<std::ptrdiff_t>(extents_[consumer].first_piece),
                useful.begin() + static_cast<std::ptrdiff_t>(extents_[consumer].last_piece) + 1, true);
    }
    std::vector<std::size_t> read;
    for (std::size_t i = 0; i < pieces_.size(); ++i) {
      if (useful[i]) read.push_back(i);
    }
    std::vector<Readings> parts(read.size());
    std::vector<std::optional<Error>> errors(read.size());
    context.progress.Begin("reading", read.size(), "pieces");
    context.pool.ParallelFor(
        read.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            const Piece& piece = pieces_[read[i]];
            if (const Status status = ReadPiece(piece, wanted, parts[i]); !status.ok()) errors[i] = status.error();
            input_.Forget(piece.text);
            context.progress.Advance(1);
          }
        },
        context.stop);
    context.progress.End();
    for (const auto& error : errors) {
      if (error) return *error;  // the first in the file's order
    }
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    Readings readings;
    std::size_t count = 0;
    for (const Readings& part : parts) count += part.size();
    readings.reserve(count);
    for (Readings& part : parts) {
      readings.insert(readings.end(), part.begin(), part.end());
      Readings().swap(part);
    }
    const auto before = [](const Reading& a, const Reading& b) {
      return std::tie(a.kind, a.consumer, a.time, a.line) < std::tie(b.kind, b.consumer, b.time, b.line);
    };
    if (!std::is_sorted(readings.begin(), readings.end(), before)) std::sort(readings.begin(), readings.end(), before);
    METERHOUND_RETURN_IF_ERROR(CheckDuplicates(readings));
    return readings;
  }

  Status ReadPiece(const Piece& piece, std::span<const std::uint32_t> wanted, Readings& to) const {
    CsvReader csv = CsvReader::Piece(piece.text, input_.name(), delimiter_, piece.first_line);
    std::uint32_t consumer = 0;
    std::uint32_t kind = 0;
    while (true) {
      METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
      if (!more) return {};
      const auto& fields = csv.fields();
      consumer = consumers_.Find(Trim(fields[columns_.id]), consumer);
      if (wanted[consumer] == kElsewhere) continue;
      kind = kinds_.Find(KindName(csv), kind);
      const auto time = times_.Parse(fields[columns_.time]);
      if (!time) return InvalidInput(time.error().message, csv.Place(columns_.time));
      const auto value = ParseReading(fields[columns_.value]);
      if (!value) return InvalidInput(value.error().message, csv.Place(columns_.value));
      to.push_back({consumer, kind, *time, *value, csv.line()});
    }
  }

  Status CheckDuplicates(const Readings& readings) const {
    for (std::size_t i = 1; i < readings.size(); ++i) {
      const Reading& a = readings[i - 1];
      const Reading& b = readings[i];
      if (a.kind == b.kind && a.consumer == b.consumer && a.time == b.time) {
        const std::string when = times_.calendar() ? FormatDateTime(b.time) : FormatDouble(b.time);
        return InvalidInput("found a second reading of " + Quote(consumers_.names()[b.consumer]) + " at " + when +
                                ", expected one; the first is on line " + std::to_string(a.line),
                            input_.name() + ":" + std::to_string(b.line));
      }
    }
    return {};
  }

  Panel BuildPanel(std::span<const std::uint32_t> block, std::span<const Reading> readings) const {
    Panel panel;
    panel.source = input_.name();
    for (const std::uint32_t consumer : block) {
      panel.ids.push_back(consumers_.names()[consumer]);
      panel.labels.push_back(labels_.empty() ? kUnlabelled : labels_[consumer]);
    }
    std::size_t begin = 0;
    for (std::uint32_t kind = 0; kind < counts_.size(); ++kind) {
      std::size_t end = begin;
      while (end < readings.size() && readings[end].kind == kind) ++end;
      AddKind(panel, kind, block.front(), readings.subspan(begin, end - begin));
      begin = end;
    }
    return panel;
  }

  void AddKind(Panel& panel, std::uint32_t number, std::uint32_t first, std::span<const Reading> readings) const {
    auto timeline = std::make_shared<Timeline>();
    timeline->shared = false;
    timeline->cadence = cadences_[number];
    timeline->offsets.assign(panel.rows() + 1, 0);
    SeriesKind kind{.name = kinds_.names()[number],
                    .unit = "",
                    .group = FeatureGroup::kBehaviour,
                    .timeline = nullptr,
                    .values = {},
                    .missing = {}};
    for (const Reading& reading : readings) {
      ++timeline->offsets[reading.consumer - first + 1];
      timeline->times.push_back(reading.time);
      kind.values.push_back(reading.value);
      kind.missing.push_back(std::isnan(reading.value) ? 1 : 0);
    }
    std::partial_sum(timeline->offsets.begin(), timeline->offsets.end(), timeline->offsets.begin());
    Share(*timeline, panel.rows());
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

  Input input_;
  ReadOptions options_;
  BlockSize block_;
  char delimiter_ = ',';
  Columns columns_{};
  Times times_;
  std::string value_name_;
  std::vector<Piece> pieces_;
  Names consumers_;
  Names kinds_;
  std::vector<Extent> extents_;                     // by consumer
  std::vector<std::int8_t> labels_;                 // by consumer; empty without a label column
  std::vector<std::vector<std::uint32_t>> counts_;  // readings by kind and consumer; may end early
  std::vector<std::size_t> longest_;                // by kind
  std::vector<std::uint32_t> longest_consumer_;     // by kind
  std::vector<Cadence> cadences_;                   // by kind
  std::size_t next_consumer_ = 0;
};

}  // namespace

bool IsLongHeader(std::span<const std::string_view> header, const ReadOptions& options) {
  return FindColumn(header, options.id_column, IdNames()) && FindColumn(header, options.time_column, TimeNames()) &&
         FindColumn(header, options.value_column, ValueNames());
}

Result<std::unique_ptr<PanelStream>> OpenLongCsv(Input input, const ReadOptions& options, const BlockSize& block,
                                                 const RunContext& context) {
  auto stream = std::make_unique<LongStream>(std::move(input), options, block);
  METERHOUND_RETURN_IF_ERROR(stream->Open(context));
  return std::unique_ptr<PanelStream>(std::move(stream));
}

}  // namespace meterhound::readings
