// Readings one a row, whatever the file's format: who is in it and where, then, block by block, series.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/run_context.h"
#include "readings/columns.h"
#include "readings/readings.h"

namespace meterhound::readings {

struct LongReading {
  std::uint32_t consumer;
  std::uint32_t kind;
  double time;
  double value;  ///< NaN where missing
  std::size_t row;
};
using LongReadings = std::vector<LongReading>;

/// Which columns are what, by the names in the options or by known ones.
struct LongColumns {
  std::size_t id, time, value;
  std::optional<std::size_t> kind, label;
  std::size_t count;
};
/// @param place of the header, for errors.
Result<LongColumns> FindLongColumns(std::span<const std::string_view> header, const ReadOptions& options,
                                    const std::string& place);

/// Numbers for names in the order of first appearance.
class NumberedNames {
 public:
  std::uint32_t Number(std::string_view name);
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

/// What the first pass over a file learns.
struct LongSurvey {
  /// Where a consumer's readings lie, and how many there are.
  struct Extent {
    std::size_t first_piece = 0;
    std::size_t last_piece = 0;
    std::size_t readings = 0;
  };

  /// Counts one reading. Pieces come in order.
  /// @return the consumer's number
  std::uint32_t Add(std::string_view id, std::string_view kind, std::size_t piece);
  /// False where the consumer has had another label before. Called for each reading or for none.
  bool AgreesOnLabel(std::uint32_t consumer, std::int8_t label);

  NumberedNames consumers;
  NumberedNames kinds;
  std::vector<Extent> extents;                     ///< by consumer
  std::vector<std::int8_t> labels;                 ///< by consumer; empty without a label column
  std::vector<std::vector<std::uint32_t>> counts;  ///< readings by kind and consumer; may end early
  std::vector<std::size_t> longest;                ///< by kind
};

/// One format's file of long readings, cut into pieces that can be read alone and at once.
class LongFile {
 public:
  /// A consumer that is not wanted.
  static constexpr std::uint32_t kElsewhere = std::numeric_limits<std::uint32_t>::max();

  virtual ~LongFile() = default;
  /// Walks all rows in order and learns how times are written. Called once, first.
  virtual Status Survey(LongSurvey& survey, const RunContext& context) = 0;
  /// True when times are seconds since 1970-01-01.
  virtual bool calendar() const = 0;
  virtual std::size_t pieces() const = 0;
  /// Appends the readings of those consumers whose entry in `wanted` is not kElsewhere. Called from several threads.
  virtual Status ReadPiece(std::size_t piece, const LongSurvey& survey, std::span<const std::uint32_t> wanted,
                           LongReadings& to) const = 0;
  /// As given, for messages.
  virtual const std::string& name() const = 0;
  /// "line 17" or "row 17".
  virtual std::string RowText(std::size_t row) const = 0;
  /// "readings.csv:17" and the like.
  virtual std::string Place(std::size_t row) const = 0;
};

/// Surveys the file; then blocks come as long_csv.h says.
Result<std::unique_ptr<PanelStream>> OpenLong(std::unique_ptr<LongFile> file, const BlockSize& block,
                                              const RunContext& context);

}  // namespace meterhound::readings
