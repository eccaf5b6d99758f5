// HybridDetector: imputation, isolation forest as a feature, boosted trees, calibration and tiers, fitted as one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/feature_table.h"
#include "base/run_context.h"
#include "detectors/boosted_trees.h"
#include "detectors/bundle.h"
#include "detectors/calibration.h"
#include "detectors/isolation_forest.h"
#include "detectors/reference.h"
#include "detectors/signs.h"
#include "detectors/smote_tomek.h"

namespace meterhound::detectors {

enum class Resampling : std::uint8_t { kNone, kSmoteTomek };
Result<Resampling> ParseResampling(std::string_view name);  ///< "none", "smote_tomek"
const char* ResamplingName(Resampling resampling);

struct HybridOptions {
  std::uint64_t seed = 1;  ///< the only seed: those inside forest, trees and resampling are set from it
  bool use_forest = true;
  ForestOptions forest;
  TreeOptions trees;
  Resampling resampling = Resampling::kNone;  ///< of the training part only
  SmoteTomekOptions smote_tomek;
  CalibrationMethod calibration = CalibrationMethod::kAuto;
  /// Of the labelled rows: for calibration and tiers, seen by nothing before; for early stopping. 0: as much as holds
  /// kEnoughThefts, kMostAside of them at most, so that the trees get the rest.
  double calibration_share = 0;
  double validation_share = 0;
  static constexpr double kEnoughThefts = 400;
  static constexpr double kMostAside = 0.15;
  std::size_t bags = 1;      ///< tree models, each with another training/validation split; margins are averaged
  double high_share = 0.01;  ///< tier "high" starts at this share of the calibration rows, at kHighAtMost at the latest
  static constexpr double kHighAtMost = 0.5;
  double medium_share = 0.05;
  bool positive_unlabelled =
      false;  ///< unlabelled rows are unknown, not left out: see unlabelled.h; no resampling then
  std::optional<double> unlabelled_theft_share;  ///< of the unlabelled rows; unset: estimated
  /// Of the places on an inspection list: for the strangest by their signs, whatever their probability.
  double novelty_share = 0.05;
  std::vector<FeatureGroup> excluded_groups;  ///< columns that the model must not use, nor need when it scores
  bool keep_reference = true;  ///< false: FeatureReference() stays empty (saves seconds in cross-validation)
};
Json ToJson(const HybridOptions& options);
Result<HybridOptions> HybridOptionsFromJson(const Json& json, std::string_view where);

enum class Tier : std::uint8_t { kLow, kMedium, kHigh };
const char* TierName(Tier tier);  ///< "low", "medium", "high"

struct RowScore {
  double probability = 0;  ///< calibrated
  double low = 0;          ///< 95 % interval of it, see Calibrator::ProbabilityInterval
  double high = 0;
  double margin = 0;         ///< log-odds before calibration: what contributions sum to
  double anomaly_score = 0;  ///< isolation forest, 0-1, larger is stranger; NaN without forest
  Tier tier = Tier::kLow;
  bool novel = false;  ///< anomaly_score above the forest's threshold
  Strangeness strangeness;
  bool listed_for_sign = false;  ///< set by a ranking: the place is one of those for the strangest
};

/// What a fit did, for manifests and reports.
struct FitSummary {
  std::size_t rows = 0;
  std::size_t labelled = 0;
  std::size_t thefts = 0;
  std::size_t unlabelled = 0;  ///< left out of trees and calibration unless positive_unlabelled; the forest sees them
  double unlabelled_theft_share = 0;  ///< positive_unlabelled: what the unlabelled rows were taken to hold
  std::string share_known_by;         ///< that: "given", "drawn visits" or "best bin"
  std::size_t training = 0;           ///< rows of the first bag's training part, before resampling
  std::size_t validation = 0;
  std::size_t calibration = 0;
  std::size_t calibration_thefts = 0;
  std::size_t columns_given = 0;
  std::size_t columns_used = 0;  ///< with the novelty column
  std::vector<std::string> constant_columns;
  std::vector<std::size_t> rounds;  ///< kept, a bag
  std::size_t synthetic = 0;        ///< rows made by resampling, all bags
  std::size_t removed = 0;
};

inline constexpr const char* kNoveltyColumn = "novelty__isolation_forest";

/// Neither ids nor the order of rows reach the model: rows are put into canonical order by `hashes` and `labels` first,
/// and every random choice comes from options.seed. The same content gives the same bytes with any number of threads.
///
/// Parts of the labelled rows, drawn by hash and stratified: calibration (fits the calibrator and the tiers),
/// validation (early stopping), training (the trees). Neighbours' rates, where the table has neighbours, know the
/// labels of the latter two alone. What needs no labels, that is dropping constant columns, medians and ranges for the
/// forest, and the forest, is fitted once on training, validation and unlabelled rows. Unlabelled consumers are those
/// nobody has visited: they say what is usual, so the forest learns from them; the trees do not call them honest. With
/// positive_unlabelled they belong to the parts as well, each of them twice: as theft and as honest, with weights that
/// sum to 1.
class HybridDetector {
 public:
  /// @param labels 1, 0 or kUnlabelled, one a row of the table. @param hashes Panel::ContentHash, one a row.
  /// @param stands_for empty, or for how many consumers each labelled row stands, the inverse of the probability with
  /// which it came to be inspected: of use with positive_unlabelled alone, for the share of theft among the unlabelled.
  /// kInvalidInput: lengths differ, fewer than kMinimumPerClass labelled rows of a class (with positive_unlabelled,
  /// unlabelled ones will do in place of honest ones). kNotFound: no column that varies.
  static Result<HybridDetector> Fit(const FeatureTable& table, std::span<const std::int8_t> labels,
                                    std::span<const std::uint64_t> hashes, const HybridOptions& options,
                                    const RunContext& context, std::span<const double> stands_for = {});
  /// The same on some rows of the table, which is not copied; labels and hashes still have one a row of the table.
  static Result<HybridDetector> Fit(const FeatureTable& table, std::span<const std::size_t> rows,
                                    std::span<const std::int8_t> labels, std::span<const std::uint64_t> hashes,
                                    const HybridOptions& options, const RunContext& context,
                                    std::span<const double> stands_for = {});
  static constexpr std::size_t kMinimumPerClass = 20;

  HybridDetector(HybridDetector&&) noexcept;
  HybridDetector& operator=(HybridDetector&&) noexcept;
  ~HybridDetector();

  /// kInvalidInput when the table's columns are not those of the fit, naming the first difference. A row's scores are
  /// the same bit for bit whichever rows it comes with.
  Result<std::vector<RowScore>> Score(const FeatureTable& table, const RunContext& context) const;
  Result<std::vector<RowScore>> Score(const FeatureTable& table, std::span<const std::size_t> rows,
                                      const RunContext& context) const;

  /// SHAP values over ModelColumns() and, last, the bias, for the given rows of the table; each row sums to
  /// RowScore::margin.
  Result<ContributionMatrix> Contributions(const FeatureTable& table, std::span<const std::size_t> rows,
                                           const RunContext& context) const;
  /// The values that the trees saw, in the order of ModelColumns(), row by row: for explanations beside Contributions.
  Result<std::vector<double>> ModelValues(const FeatureTable& table, std::span<const std::size_t> rows,
                                          const RunContext& context) const;

  /// Columns a table must have to be scored, in order; columns of excluded groups may lie between them.
  const std::vector<FeatureColumn>& InputColumns() const;
  /// Columns the trees use; the last is kNoveltyColumn when there is a forest.
  const std::vector<FeatureColumn>& ModelColumns() const;
  /// Of every input column over all rows of the fit.
  const std::vector<ReferenceDistribution>& FeatureReference() const;
  /// Of the calibrated probabilities on the calibration rows.
  const ReferenceDistribution& ScoreReference() const;
  const FitSummary& Summary() const;
  const HybridOptions& Options() const;
  /// True when a row with this hash was given to the fit, labelled or not. Not stored: a loaded detector has seen
  /// nobody.
  bool HasSeen(std::uint64_t hash) const;
  double HighThreshold() const;  ///< smallest probability of tier high
  double MediumThreshold() const;

  /// Puts the detector's parts ("detector.json", "features.json", "neighbour_rates.bin", "forest.bin",
  /// "trees-<bag>.ubj", "calibration.json", "reference.json") into the bundle and "seed", "settings", "features", "fit"
  /// into its manifest.
  Status Serialize(Bundle& bundle) const;
  static Result<HybridDetector> Load(const Bundle& bundle);

 private:
  struct State;
  friend class HybridFit;
  explicit HybridDetector(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace meterhound::detectors
