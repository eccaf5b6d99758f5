// The detector for Python: trained, read and asked by the same code as the command line.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>
#include <vector>

#include "pipeline/inspection_list.h"

namespace meterhound::python {

/// Trains on a source and writes the model file, as `meterhound train`; answers with what the fit did.
///
/// A source is a dict: {"file": path} with the names of columns that readings::ReadOptions takes, or
/// {"source": mapping, "data": folder}, or {"ids", "labels" (1, 0, -1 unknown), "kinds": {name: (values, offsets,
/// times)}} with NaN for missing readings and times in seconds since 1970-01-01; see ReadArrays.
/// @param settings dotted keys of the configuration, e.g. {"detection.xgboost.max_depth": "4"}.
nanobind::object Train(nanobind::dict source, nanobind::dict settings, const std::string& path, std::size_t threads,
                       nanobind::object report);

/// A model read from its file.
class NativeDetector {
 public:
  explicit NativeDetector(const std::string& path);

  nanobind::object Manifest() const;
  /// Of the places on a list: for the strangest.
  double NoveltyShare() const { return model_.detector.Options().novelty_share; }
  const std::string& Fingerprint() const { return model_.fingerprint; }

  /// A dict of columns, one value a consumer in the source's order: id, rank (1 = first), probability,
  /// probability_low, probability_high, margin, anomaly_score, tier, listed_for, trained_on.
  /// @param settings None, or those by which missing energy is looked for; then the dict has missing_kwh,
  /// missing_kwh_low and missing_kwh_high (None where no drop is dated), and sign_share and sign_product, by which the
  /// strangest are found among several parts of a whole (detectors::Strangeness).
  nanobind::object Score(nanobind::dict source, std::size_t threads, nanobind::object report,
                         std::optional<nanobind::dict> settings) const;

  /// Cases of these consumers (of the first `top` where none is named) as docs/case.schema.json describes them.
  nanobind::object Explain(nanobind::dict source, nanobind::dict settings, const std::vector<std::string>& ids,
                           std::size_t top, std::size_t threads, nanobind::object report) const;

 private:
  pipeline::Model model_;
};

}  // namespace meterhound::python
