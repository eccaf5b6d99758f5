// Features of arrays that Python holds.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "clean/clean.h"
#include "features/extractor.h"

namespace meterhound::python {

/// Calculators bound to their parameters for some kinds of series.
class NativeExtractor {
 public:
  /// @param settings {"default": dictionary or preset, "kinds": {kind: dictionary or preset}}
  /// @param policy how gaps (NaN) are filled, by its name, as `meterhound extract` does; without one values stand as
  /// they are and none counts as missing.
  NativeExtractor(nanobind::handle settings, const std::vector<std::string>& kinds,
                  const std::optional<std::string>& policy);

  std::vector<std::string> Columns() const;
  /// For each column the position of its kind and the calculator's name.
  std::vector<std::pair<std::size_t, std::string>> Origins() const;

  /// @param series for each kind (values, offsets, times or None): all rows' series one after the other; row r's lie at
  /// offsets[r] to offsets[r + 1]. Times are seconds since 1970-01-01. See ReadArrays. @return rows x columns, rows
  /// together.
  nanobind::object Extract(nanobind::list series, std::size_t threads, nanobind::object report) const;

 private:
  std::vector<features::KindInfo> kinds_;
  features::FeatureSettings settings_;
  features::Extractor extractor_;
  std::optional<clean::Policy> policy_;
};

/// Every calculator as a dict: name, doc, presets, position, cost, parameters, grid.
nanobind::object Catalogue();

}  // namespace meterhound::python
