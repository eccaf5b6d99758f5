// Panel: many consumers, each with one or more series, a label that may be unknown, and attributes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/series_view.h"

namespace meterhound {

/// What a feature speaks of. Evaluations are shown with and without some of these, because not all of them would be
/// known, or would mean the same, on the morning of an inspection.
enum class FeatureGroup : std::uint8_t {
  kBehaviour,   ///< how energy is used
  kCoverage,    ///< which readings exist at all: gaps, first and last reading, counts
  kAttribute,   ///< what the consumers' table says: district, category, connection date
  kInspection,  ///< what an inspection may itself change: meter exchanges, remarks, index restarts
  kNovelty,     ///< scores computed from the other features (the isolation forest)
};
const char* FeatureGroupName(FeatureGroup group);
Result<FeatureGroup> ParseFeatureGroup(std::string_view name);

/// When the readings of a panel's rows were taken: one axis shared by all rows (wide files), or one per row (ragged).
struct Timeline {
  bool shared = true;
  std::vector<double> times;         ///< shared: one axis; ragged: all rows' times one after the other
  std::vector<std::size_t> offsets;  ///< ragged only: rows + 1 positions in `times`
  Cadence cadence = Cadence::kSteps;

  std::size_t Length(std::size_t row) const { return shared ? times.size() : offsets[row + 1] - offsets[row]; }
  std::size_t Offset(std::size_t row) const { return shared ? row * times.size() : offsets[row]; }
};

/// One kind of series for all rows. Values of row r lie at timeline->Offset(r), timeline->Length(r) of them.
struct SeriesKind {
  std::string name;  ///< tsfresh's "kind": the value column's name, e.g. "kwh" or "elec_consumption"
  std::string unit;  ///< "kWh", or empty
  FeatureGroup group = FeatureGroup::kBehaviour;
  std::shared_ptr<const Timeline> timeline;  ///< kinds read together share one
  std::vector<double> values;
  std::vector<std::uint8_t> missing;
};

/// One column of the consumers' table.
struct Attribute {
  enum class Type : std::uint8_t { kCategorical, kNumeric, kDate };
  std::string name;
  Type type = Type::kNumeric;
  FeatureGroup group = FeatureGroup::kAttribute;
  std::vector<double> values;           ///< number, seconds since 1970-01-01, or index into categories; NaN = missing
  std::vector<std::string> categories;  ///< categorical only, sorted, so that codes do not depend on the order of rows
};

inline constexpr std::int8_t kUnlabelled = -1;

/// Rows are consumers in the order of their first appearance in the source.
struct Panel {
  std::vector<std::string> ids;
  std::vector<std::int8_t> labels;  ///< 1 theft, 0 honest, kUnlabelled; same length as ids
  std::vector<double> label_times;  ///< when a label was found out, NaN where unknown; empty where no source says
  std::vector<SeriesKind> kinds;    ///< the first is the consumption from which energy and money are reckoned
  std::vector<Attribute> attributes;
  std::string source;  ///< what was read, for messages and manifests

  std::size_t rows() const { return ids.size(); }
  bool HasLabels() const;  ///< true when at least one row is labelled
  SeriesView View(std::size_t kind, std::size_t row) const;

  /// Copies the given rows, in the given order.
  Panel Select(const std::vector<std::size_t>& rows) const;
  /// A 64-bit hash of one row's readings, mask, times and attributes. Independent of the id, the label and the row's
  /// place.
  std::uint64_t ContentHash(std::size_t row) const;
  /// Checks that all lengths agree and times ascend: an internal promise of every reader.
  Status Validate() const;
};

}  // namespace meterhound
