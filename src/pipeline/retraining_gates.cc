// Each gate says what it found and what it expected, passed or not.
#include "pipeline/retraining_gates.h"

#include <algorithm>
#include <cmath>

#include "base/hashing.h"
#include "base/numbers.h"
#include "monitor/proportions.h"
#include "numerics/random.h"
#include "pipeline/training.h"
#include "readings/quality.h"

namespace meterhound::pipeline {
namespace {

constexpr std::size_t kLeast = detectors::HybridDetector::kMinimumPerClass;
constexpr double kMostAside = 0.5;    // of the rows that the champion has not seen
constexpr double kLabelRatio = 1.5;   // as DriftOptions::least_label_ratio
constexpr double kMostBroken = 0.5;   // of the consumers, or of the readings
constexpr double kMissingJump = 0.1;  // of the readings
constexpr double kLeastLeft = 0.5;    // of what the champion's ROC-AUC was above chance
constexpr std::uint64_t kAsideStream = 0x61736964;

struct LabelCount {
  std::size_t labelled = 0;
  std::size_t thefts = 0;
  std::size_t honest() const { return labelled - thefts; }
  double rate() const { return static_cast<double>(thefts) / static_cast<double>(labelled); }
};

LabelCount CountLabels(const Panel& panel, const std::vector<std::size_t>& rows) {
  LabelCount count;
  for (const std::size_t row : rows) {
    count.labelled += panel.labels[row] == kUnlabelled ? 0 : 1;
    count.thefts += panel.labels[row] == 1 ? 1 : 0;
  }
  return count;
}

LabelCount CountLabels(const Panel& panel) {
  LabelCount count;
  for (const std::int8_t label : panel.labels) {
    count.labelled += label == kUnlabelled ? 0 : 1;
    count.thefts += label == 1 ? 1 : 0;
  }
  return count;
}

// What the champion learnt from, by its manifest.
LabelCount LabelsOf(const Model& champion) {
  LabelCount count;
  const auto data = champion.manifest.find("training_data");
  if (data == champion.manifest.end() || !data->contains("thefts") || !data->contains("honest")) return count;
  count.thefts = (*data)["thefts"].get<std::size_t>();
  count.labelled = count.thefts + (*data)["honest"].get<std::size_t>();
  return count;
}

std::string Figures(const LabelCount& count) {
  return WithThousands(count.thefts) + " thefts among " + WithThousands(count.labelled) + " labelled consumers";
}

double NumberOf(const readings::QualityReport& report, const std::string& code) {
  for (const readings::QualityFinding& finding : report.findings) {
    if (finding.code == code) return finding.number;
  }
  return 0;
}

std::string Shown(const detectors::Interval& interval) {
  return Decimal(interval.value, 3) + " (" + Decimal(interval.low, 3) + "-" + Decimal(interval.high, 3) + ")";
}

}  // namespace

double PlaceOf(const std::string& consumer, const Config& config) {
  const std::uint64_t seed = static_cast<std::uint64_t>(config.seed) ^ kAsideStream;
  Hasher64 hasher;
  hasher.AddText(consumer);
  return static_cast<double>(numerics::MixSeed(seed, hasher.Finish()) >> 11) * 0x1p-53;
}

RowParts DrawUntouched(const Panel& panel, const std::vector<std::uint64_t>& hashes, const Model& champion,
                       const Config& config) {
  std::vector<double> place(panel.rows());
  std::vector<double> of_class[2];
  std::vector<std::uint8_t> comparable(panel.rows(), 0);
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    place[row] = PlaceOf(panel.ids[row], config);
    comparable[row] = panel.labels[row] != kUnlabelled && !champion.HasSeen(hashes[row]) ? 1 : 0;
    if (comparable[row] != 0) of_class[panel.labels[row] == 1 ? 1 : 0].push_back(place[row]);
  }
  double share = config.holdout_share;
  for (std::vector<double>& places : of_class) {
    std::sort(places.begin(), places.end());
    const double needed = places.size() < kLeast ? 1 : std::nextafter(places[kLeast - 1], 1);
    share = std::max(share, needed);
  }
  if (share > kMostAside) share = config.holdout_share;  // not enough in any case; the gate says so
  RowParts parts{.share = share};
  std::vector<std::uint64_t> aside;
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    if (place[row] >= share || comparable[row] == 0) continue;
    parts.untouched.push_back(row);
    aside.push_back(hashes[row]);
  }
  std::sort(aside.begin(), aside.end());
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    const bool twin = std::binary_search(aside.begin(), aside.end(), hashes[row]);
    if (place[row] >= share && !twin) parts.training.push_back(row);
  }
  return parts;
}

bool NeverSaw(const Model& champion, double share, const Config& config) {
  const auto aside = champion.manifest.find("laid_aside");
  if (aside == champion.manifest.end() || !aside->is_object()) return false;
  return aside->value("seed", std::int64_t{-1}) == config.seed && aside->value("share", 0.0) >= share;
}

Json LaidAsideJson(double share, const Config& config) { return {{"seed", config.seed}, {"share", share}}; }

Gate LabelsGate(const Panel& panel, const Config& config) {
  Gate gate{.name = "labels"};
  const Status status = RequireLabels(panel, config);
  gate.passed = status.ok();
  gate.finding = status.ok() ? Figures(CountLabels(panel)) + "." : "The data: " + status.error().message + ".";
  return gate;
}

Gate LabelRateGate(const Panel& panel, const Model& champion) {
  Gate gate{.name = "label_rate"};
  const LabelCount now = CountLabels(panel);
  const LabelCount then = LabelsOf(champion);
  if (then.labelled == 0 || now.labelled == 0) {
    gate.finding = "The champion does not say how many thefts it was trained on; nothing to compare with.";
    return gate;
  }
  const double p = monitor::TwoProportions(then.thefts, then.labelled, now.thefts, now.labelled);
  const double high = std::max(then.rate(), now.rate());
  const double low = std::min(then.rate(), now.rate());
  gate.passed = !(p <= monitor::kLabelShare && high >= kLabelRatio * low);
  gate.finding = Figures(now) + " (" + Percent(now.rate()) + "); the champion was trained on " + Percent(then.rate()) +
                 " of " + WithThousands(then.labelled) + " (p " + Significant(p) + "). Refused at p " +
                 FormatDouble(monitor::kLabelShare) + " and " + FormatDouble(kLabelRatio) + " times as many or as few.";
  return gate;
}

Result<Gate> ReadingsGate(const Panel& panel, const Model& champion, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::QualityReport report, readings::CheckQuality(panel, {}, context));
  Gate gate{.name = "readings"};
  const auto rows = static_cast<double>(std::max<std::size_t>(1, panel.rows()));
  const double still = (NumberOf(report, "constant") + NumberOf(report, "all_zero") + NumberOf(report, "empty")) / rows;
  const double twins = NumberOf(report, "duplicates") / rows;
  const double missing = NumberOf(report, "missing");
  const bool record = champion.baseline && champion.baseline->all;
  gate.passed = still <= kMostBroken && twins <= kMostBroken && (record || missing <= kMostBroken);
  gate.finding = "Of " + WithThousands(panel.rows()) + " consumers " + Percent(still) +
                 " have readings that never change or none, " + Percent(twins) + " those of another; " +
                 Percent(missing) + " of the readings are missing. Refused above " + Percent(kMostBroken) +
                 (record ? " of the consumers." : ".");
  return gate;
}

Gate UntouchedRowsGate(const Panel& panel, const RowParts& parts) {
  Gate gate{.name = "untouched_rows"};
  const LabelCount aside = CountLabels(panel, parts.untouched);
  gate.passed = aside.thefts >= kLeast && aside.honest() >= kLeast;
  gate.finding =
      gate.passed
          ? Figures(aside) + " laid aside, that neither model has seen."
          : "Too few untouched rows: among the labelled consumers that the champion was not trained on, half "
            "of them at most, are not " +
                std::to_string(kLeast) + " thefts and as many honest ones to compare on; more new labels are needed.";
  return gate;
}

Gate MissingReadingsGate(const std::optional<monitor::DriftReport>& drift) {
  Gate gate{.name = "missing_readings"};
  if (!drift || !drift->missing_readings) {
    gate.finding = "The champion keeps no record of its training readings; nothing to compare with.";
    return gate;
  }
  const monitor::RateDrift& rate = *drift->missing_readings;
  gate.passed = !(rate.drifted && rate.current >= rate.reference + kMissingJump);
  gate.finding = Percent(rate.current) + " of the readings are missing, " + Percent(rate.reference) +
                 " when the champion was trained. Refused where the difference is sure and ten points or more.";
  return gate;
}

Gate ChampionGate(const detectors::Metrics& now, const Model& champion) {
  Gate gate{.name = "champion"};
  const bool record = champion.evaluation && !champion.evaluation->views.empty();
  const detectors::Interval then = record ? champion.evaluation->views.front().pooled.roc_auc : detectors::Interval{};
  const double least = record ? 0.5 + kLeastLeft * (then.value - 0.5) : 0.5;
  gate.passed = now.roc_auc.low > 0.5 && now.roc_auc.value >= least;
  gate.finding = "ROC-AUC of the champion on the untouched rows " + Shown(now.roc_auc) +
                 (record ? ", when it was made " + Shown(then) : std::string()) +
                 ". Refused where chance lies in the interval" +
                 (record ? " or less than " + Decimal(least, 3) + " is left" : std::string()) +
                 ": labels or readings have then changed their meaning, and a person must look.";
  return gate;
}

}  // namespace meterhound::pipeline
