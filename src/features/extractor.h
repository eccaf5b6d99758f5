// Extractor: runs the chosen calculators over every consumer of a panel.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "features/series_context.h"
#include "features/settings.h"

namespace meterhound::features {

/// What the extractor must know of a kind before it sees data.
struct KindInfo {
  std::string name;
  FeatureGroup group = FeatureGroup::kBehaviour;
};

/// Where the time of an extraction went, summed over threads.
struct CalculatorTime {
  const Calculator* calculator = nullptr;
  std::size_t columns = 0;
  double seconds = 0;
};

/// Columns: kinds in their order, calculators in the settings' order, `<kind>__<calculator>[__<parameter>_<value>]*`. A
/// calculator that looks at the mask alone gives coverage features; others take the kind's group.
class Extractor {
 public:
  /// Checks all parameters once; an error names the calculator and the parameter.
  static Result<Extractor> Create(const FeatureSettings& settings, std::span<const KindInfo> kinds);

  const std::vector<FeatureColumn>& columns() const { return columns_; }

  /// The panel's kinds must be those given to Create, in that order. The same values for any number of threads, and for
  /// a consumer alone as among others. An empty series gives NaN throughout.
  /// @param times if given, receives one entry for each calculator and kind, in the columns' order.
  Result<FeatureTable> Extract(const Panel& panel, const RunContext& context,
                               std::vector<CalculatorTime>* times = nullptr) const;

 private:
  struct Bound {
    const Calculator* calculator;
    std::size_t kind;
    std::size_t first_column;
    std::size_t columns;
    Kernel kernel;
  };
  void ExtractRow(const Panel& panel, std::size_t row, SeriesContext& series, std::span<double> out,
                  std::span<double> seconds) const;

  std::vector<FeatureColumn> columns_;
  std::vector<Bound> bound_;
  std::size_t kinds_ = 0;
};

}  // namespace meterhound::features
