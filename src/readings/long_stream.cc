// The readings of a block's consumers are collected from the part of the file that holds them, and sorted into series.
#include "readings/long_stream.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <tuple>

#include "base/numbers.h"
#include "readings/csv.h"
#include "readings/timelines.h"

namespace meterhound::readings {
namespace {

class LongStream : public PanelStream {
 public:
  LongStream(std::unique_ptr<LongFile> file, const BlockSize& block) : file_(std::move(file)), block_(block) {}

  Status Open(const RunContext& context) {
    METERHOUND_RETURN_IF_ERROR(file_->Survey(survey_, context));
    return FindCadences(context);
  }

  std::size_t consumers() const override { return survey_.extents.size(); }
  std::size_t longest() const override { return *std::max_element(survey_.longest.begin(), survey_.longest.end()); }

  Result<Panel> Next(const RunContext& context) override {
    const std::size_t first = next_consumer_;
    std::size_t readings = 0;
    while (next_consumer_ < survey_.extents.size()) {
      const std::size_t with_next = readings + survey_.extents[next_consumer_].readings;
      const std::size_t count = next_consumer_ - first;
      if (count > 0 && (with_next > block_.readings || count >= block_.consumers)) break;
      readings = with_next;
      ++next_consumer_;
    }
    if (next_consumer_ == first) return Panel();
    std::vector<std::uint32_t> block(next_consumer_ - first);
    std::iota(block.begin(), block.end(), static_cast<std::uint32_t>(first));
    METERHOUND_ASSIGN_OR_RETURN(const LongReadings found, Collect(block, context));
    return BuildPanel(block, found);
  }

 private:
  // Of each kind's longest series, so that they are the same for every block.
  Status FindCadences(const RunContext& context) {
    longest_consumer_.assign(survey_.counts.size(), 0);
    cadences_.assign(survey_.counts.size(), Cadence::kSteps);
    if (!file_->calendar()) return {};
    std::vector<std::uint32_t> chosen;
    for (std::size_t kind = 0; kind < survey_.counts.size(); ++kind) {
      const auto found = std::find(survey_.counts[kind].begin(), survey_.counts[kind].end(), survey_.longest[kind]);
      longest_consumer_[kind] = static_cast<std::uint32_t>(found - survey_.counts[kind].begin());
      chosen.push_back(longest_consumer_[kind]);
    }
    std::sort(chosen.begin(), chosen.end());
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    METERHOUND_ASSIGN_OR_RETURN(const LongReadings readings, Collect(chosen, context));
    std::vector<std::vector<double>> times(survey_.counts.size());
    for (const LongReading& reading : readings) {
      if (longest_consumer_[reading.kind] == reading.consumer) times[reading.kind].push_back(reading.time);
    }
    for (std::size_t kind = 0; kind < times.size(); ++kind) cadences_[kind] = FindCadence(times[kind]);
    return {};
  }

  // All readings of these consumers (ascending), from the pieces that may hold them.
  Result<LongReadings> Collect(std::span<const std::uint32_t> chosen, const RunContext& context) const {
    std::vector<std::uint32_t> wanted(survey_.extents.size(), LongFile::kElsewhere);
    std::vector<bool> useful(file_->pieces());
    for (const std::uint32_t consumer : chosen) {
      wanted[consumer] = consumer;
      std::fill(useful.begin() + static_cast<std::ptrdiff_t>(survey_.extents[consumer].first_piece),
                useful.begin() + static_cast<std::ptrdiff_t>(survey_.extents[consumer].last_piece) + 1, true);
    }
    std::vector<std::size_t> read;
    for (std::size_t i = 0; i < useful.size(); ++i) {
      if (useful[i]) read.push_back(i);
    }
    std::vector<LongReadings> parts(read.size());
    std::vector<std::optional<Error>> errors(read.size());
    context.progress.Begin("reading", read.size(), "pieces");
    context.pool.ParallelFor(
        read.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t i = begin; i < end; ++i) {
            const Status status = file_->ReadPiece(read[i], survey_, wanted, parts[i]);
            if (!status.ok()) errors[i] = status.error();
            context.progress.Advance(1);
          }
        },
        context.stop);
    context.progress.End();
    for (const auto& error : errors) {
      if (error) return *error;  // the first in the file's order
    }
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    LongReadings readings;
    std::size_t count = 0;
    for (const LongReadings& part : parts) count += part.size();
    readings.reserve(count);
    for (LongReadings& part : parts) {
      readings.insert(readings.end(), part.begin(), part.end());
      LongReadings().swap(part);
    }
    const auto before = [](const LongReading& a, const LongReading& b) {
      return std::tie(a.kind, a.consumer, a.time, a.row) < std::tie(b.kind, b.consumer, b.time, b.row);
    };
    if (!std::is_sorted(readings.begin(), readings.end(), before)) std::sort(readings.begin(), readings.end(), before);
    METERHOUND_RETURN_IF_ERROR(CheckDuplicates(readings));
    return readings;
  }

  Status CheckDuplicates(const LongReadings& readings) const {
    for (std::size_t i = 1; i < readings.size(); ++i) {
      const LongReading& a = readings[i - 1];
      const LongReading& b = readings[i];
      if (a.kind == b.kind && a.consumer == b.consumer && a.time == b.time) {
        const std::string when = file_->calendar() ? FormatDateTime(b.time) : FormatDouble(b.time);
        return InvalidInput("found a second reading of " + Quote(survey_.consumers.names()[b.consumer]) + " at " +
                                when + ", expected one; the first is on " + file_->RowText(a.row),
                            file_->Place(b.row));
      }
    }
    return {};
  }

  Panel BuildPanel(std::span<const std::uint32_t> block, std::span<const LongReading> readings) const {
    Panel panel;
    panel.source = file_->name();
    for (const std::uint32_t consumer : block) {
      panel.ids.push_back(survey_.consumers.names()[consumer]);
      panel.labels.push_back(survey_.labels.empty() ? kUnlabelled : survey_.labels[consumer]);
    }
    std::size_t begin = 0;
    for (std::uint32_t kind = 0; kind < survey_.counts.size(); ++kind) {
      std::size_t end = begin;
      while (end < readings.size() && readings[end].kind == kind) ++end;
      AddKind(panel, kind, block.front(), readings.subspan(begin, end - begin));
      begin = end;
    }
    return panel;
  }

  void AddKind(Panel& panel, std::uint32_t number, std::uint32_t first, std::span<const LongReading> readings) const {
    auto timeline = std::make_shared<Timeline>();
    timeline->shared = false;
    timeline->cadence = cadences_[number];
    timeline->offsets.assign(panel.rows() + 1, 0);
    SeriesKind kind{.name = survey_.kinds.names()[number],
                    .unit = "",
                    .group = FeatureGroup::kBehaviour,
                    .timeline = nullptr,
                    .values = {},
                    .missing = {}};
    for (const LongReading& reading : readings) {
      ++timeline->offsets[reading.consumer - first + 1];
      timeline->times.push_back(reading.time);
      kind.values.push_back(reading.value);
      kind.missing.push_back(std::isnan(reading.value) ? 1 : 0);
    }
    std::partial_sum(timeline->offsets.begin(), timeline->offsets.end(), timeline->offsets.begin());
    ShareEqualTimes(*timeline, panel.rows());
    kind.timeline = timeline;
    for (const SeriesKind& other : panel.kinds) {  // kinds read together share one timeline
      if (other.timeline->times == timeline->times && other.timeline->offsets == timeline->offsets) {
        kind.timeline = other.timeline;
        break;
      }
    }
    panel.kinds.push_back(std::move(kind));
  }

  std::unique_ptr<LongFile> file_;
  BlockSize block_;
  LongSurvey survey_;
  std::vector<std::uint32_t> longest_consumer_;  // by kind
  std::vector<Cadence> cadences_;                // by kind
  std::size_t next_consumer_ = 0;
};

}  // namespace

Result<LongColumns> FindLongColumns(std::span<const std::string_view> header, const ReadOptions& options,
                                    const std::string& place) {
  const auto find = [&](const std::string& wanted, std::span<const std::string_view> known,
                        const std::string& role) -> Result<std::size_t> {
    if (const auto found = FindColumn(header, wanted, known)) return *found;
    const std::string name = wanted.empty() ? std::string(known.front()) : wanted;
    return InvalidInput("found no column " + Quote(name) + " for the " + role, place);
  };
  LongColumns columns{};
  METERHOUND_ASSIGN_OR_RETURN(columns.id, find(options.id_column, IdNames(), "consumer's id"));
  METERHOUND_ASSIGN_OR_RETURN(columns.time, find(options.time_column, TimeNames(), "time"));
  METERHOUND_ASSIGN_OR_RETURN(columns.value, find(options.value_column, ValueNames(), "reading"));
  columns.kind = FindColumn(header, options.kind_column, KindNames());
  if (!options.kind_column.empty() && !columns.kind) {
    return InvalidInput("found no column " + Quote(options.kind_column) + " for the kind of reading", place);
  }
  columns.label = FindColumn(header, "", LabelNames());
  columns.count = header.size();
  return columns;
}

std::uint32_t NumberedNames::Number(std::string_view name) {
  if (!names_.empty() && names_[last_] == name) return last_;
  const auto known = numbers_.find(name);
  if (known != numbers_.end()) return last_ = known->second;
  last_ = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(name);
  numbers_.emplace(name, last_);
  return last_;
}

std::uint32_t LongSurvey::Add(std::string_view id, std::string_view kind_name, std::size_t piece) {
  const std::uint32_t consumer = consumers.Number(id);
  const std::uint32_t kind = kinds.Number(kind_name);
  if (consumer == extents.size()) extents.push_back({.first_piece = piece});
  Extent& extent = extents[consumer];
  extent.last_piece = piece;
  ++extent.readings;
  if (kind == counts.size()) {
    counts.emplace_back();
    longest.push_back(0);
  }
  counts[kind].resize(extents.size());
  longest[kind] = std::max<std::size_t>(longest[kind], ++counts[kind][consumer]);
  return consumer;
}

bool LongSurvey::AgreesOnLabel(std::uint32_t consumer, std::int8_t label) {
  if (consumer >= labels.size()) labels.push_back(label);
  return labels[consumer] == label;
}

Result<std::unique_ptr<PanelStream>> OpenLong(std::unique_ptr<LongFile> file, const BlockSize& block,
                                              const RunContext& context) {
  auto stream = std::make_unique<LongStream>(std::move(file), block);
  METERHOUND_RETURN_IF_ERROR(stream->Open(context));
  return std::unique_ptr<PanelStream>(std::move(stream));
}

}  // namespace meterhound::readings
