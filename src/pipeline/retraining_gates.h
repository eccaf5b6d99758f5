// Gates: what data must pass before a model may be trained on them, so that a broken or poisoned feed teaches nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "detectors/evaluation.h"
#include "monitor/drift.h"
#include "pipeline/config.h"
#include "pipeline/model.h"

namespace meterhound::pipeline {

struct Gate {
  std::string name;  ///< "labels", "label_rate", "readings", "untouched_rows", "missing_readings", "champion", "leaks"
  bool passed = true;
  std::string finding{};  ///< a sentence with the figures and what they must be
};

/// Rows by what they are for.
struct RowParts {
  std::vector<std::size_t> training{};   ///< all others, unlabelled ones among them
  std::vector<std::size_t> untouched{};  ///< labelled, seen by neither champion nor challenger
  double share = 0;                      ///< of the consumers
};

/// Where a consumer stands between 0 and 1, by id and seed alone: the same in every retraining, whatever days and
/// labels come with it. Those below retraining.holdout_share are never trained on.
double PlaceOf(const std::string& consumer, const Config& config);

/// Untouched are labelled consumers below the share whose row the champion was not trained on; none below it is trained
/// on, nor a row with the readings of an untouched one. The share is retraining.holdout_share, or as much more, up to a
/// half, as holds the fewest of each class that a comparison needs. Ids decide who is laid aside and nothing else.
RowParts DrawUntouched(const Panel& panel, const std::vector<std::uint64_t>& hashes, const Model& champion,
                       const Config& config);

/// Whether the champion was trained without any consumer below the share: else it may know earlier days of those laid
/// aside, and their labels.
bool NeverSaw(const Model& champion, double share, const Config& config);
/// What a manifest says of it, under "laid_aside".
Json LaidAsideJson(double share, const Config& config);

/// Enough labelled rows of each class to train on.
Gate LabelsGate(const Panel& panel, const Config& config);
/// The share of thefts among labelled rows against that of the champion's training data: refused when the two differ
/// surely (two proportions, monitor::kLabelShare) and by half as much again either way.
Gate LabelRateGate(const Panel& panel, const Model& champion);
/// Refused when more than half of the consumers have readings that never change or none at all, or the readings of
/// another; and when more than half of the readings are missing and the champion keeps no record to compare with.
Result<Gate> ReadingsGate(const Panel& panel, const Model& champion, const RunContext& context);
/// At least HybridDetector::kMinimumPerClass thefts and honest consumers to compare on.
Gate UntouchedRowsGate(const Panel& panel, const RowParts& parts);
/// Refused when the monitor is sure that more readings are missing than the champion knew, and they are ten points
/// more.
Gate MissingReadingsGate(const std::optional<monitor::DriftReport>& drift);
/// The champion on the untouched rows: refused when its ROC-AUC cannot be told from chance, or less than half of what
/// it was above chance when it was made is left. Then labels or readings have changed their meaning.
Gate ChampionGate(const detectors::Metrics& now, const Model& champion);

}  // namespace meterhound::pipeline
