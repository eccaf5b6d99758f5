// FeatureSettings: which calculators run on which kind of series, in tsfresh's terms.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "features/calculator.h"

namespace meterhound::features {

/// One calculator with the parameter dictionaries to compute; a single empty one for a calculator without parameters.
struct CalculatorGrid {
  const Calculator* calculator = nullptr;
  std::vector<Parameters> grid;
};

/// In the order of the columns.
using KindSettings = std::vector<CalculatorGrid>;

class FeatureSettings {
 public:
  /// "minimal", "efficient", "comprehensive", "index_based", "time_based", "theft", "bills", or several joined by '+'.
  static Result<FeatureSettings> FromPreset(std::string_view name);

  /// tsfresh's dictionaries: {"calculator": null | [{"parameter": value}, ...]}, or, per kind (kind_to_fc_parameters),
  /// {"default": <dictionary or preset>, "kinds": {"<kind>": <dictionary or preset>}}. null means the calculator's
  /// default grid; lists become tuples. An unknown calculator is an error that names the nearest known one. A kind that
  /// is not named gets the default, or nothing when there is none.
  static Result<FeatureSettings> FromJson(const Json& json);

  /// Exactly what the columns of a feature table need, as tsfresh's from_columns: kinds and parameters are read off the
  /// names. A name that no calculator makes is an error. Kinds may hold "__", which tsfresh's may not.
  static Result<FeatureSettings> FromColumns(std::span<const std::string> columns);
  /// The second form, with every grid written out: reads back to the same settings.
  Json ToJson() const;

  /// Kinds with settings of their own.
  std::vector<std::string> Kinds() const;
  /// What runs on this kind.
  const KindSettings& ForKind(const std::string& kind) const;

 private:
  KindSettings default_;
  std::map<std::string, KindSettings> kinds_;
};

/// Names of the presets whose bits are set; of all of them without an argument.
std::vector<std::string> PresetNames(unsigned presets = ~0u);

}  // namespace meterhound::features
