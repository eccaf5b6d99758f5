// Fitting a HybridDetector: canonical order, parts, preprocessing, bags, calibration, tiers.
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <unordered_set>

#include "detectors/folds.h"
#include "detectors/hybrid_state.h"
#include "detectors/unlabelled.h"
#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

// Streams of the one seed.
enum Stream : std::uint64_t {
  kCalibrationStream = 1,
  kForestStream = 2,
  kNeighbourStream = 3,
  kCrossFitStream = 4,
  kOddsStream = 5,
  kSplitStream = 1000,
  kTreeStream = 2000,
  kSmoteStream = 3000
};

constexpr std::size_t kCrossFits = 3;  ///< fits that tell how likely the unlabelled steal, each on two thirds

bool SameValue(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

std::string ExcludedNames(const HybridOptions& options) {
  std::string names;
  for (const FeatureGroup group : options.excluded_groups) {
    names += (names.empty() ? "" : ", ") + std::string(FeatureGroupName(group));
  }
  return names;
}

/// The values at the places, in their order.
template <typename Values>
auto Chosen(const Values& values, std::span<const std::size_t> places) {
  std::vector<std::remove_cvref_t<decltype(values[0])>> to;
  to.reserve(places.size());
  for (const std::size_t place : places) to.push_back(values[place]);
  return to;
}

Status CheckOptions(const HybridOptions& options) {
  const auto share = [](double value) { return value >= 0 && value < 0.5; };
  if (!share(options.calibration_share)) return InvalidInput("calibration_share must lie in [0, 0.5)");
  if (!share(options.validation_share)) return InvalidInput("validation_share must lie in [0, 0.5)");
  if (!(options.novelty_share >= 0 && options.novelty_share <= 0.5)) {
    return InvalidInput("novelty_share must lie in [0, 0.5]");
  }
  if (options.bags < 1 || options.bags > 100) return InvalidInput("bags must be 1 to 100");
  if (!(options.high_share > 0 && options.high_share <= options.medium_share && options.medium_share < 1)) {
    return InvalidInput("tier shares must satisfy 0 < high_share <= medium_share < 1");
  }
  if (options.positive_unlabelled && options.resampling != Resampling::kNone) {
    return InvalidInput(std::string("labels from inspections weigh the consumers, which resampling ") +
                        ResamplingName(options.resampling) + " cannot; expected resampling none");
  }
  return {};
}

}  // namespace

/// One fit, step by step; members are what later steps need of earlier ones.
class HybridFit {
 public:
  HybridFit(const FeatureTable& table, std::span<const std::int8_t> labels, std::span<const std::uint64_t> hashes,
            std::span<const double> stands_for, const HybridOptions& options, const RunContext& context)
      : table_(table),
        matrix_(table.Matrix()),
        labels_(labels),
        hashes_(hashes),
        stands_for_(stands_for),
        context_(context),
        state_(std::make_unique<HybridDetector::State>()) {
    state_->options = options;
  }

  Result<HybridDetector> Run(std::span<const std::size_t> rows) {
    METERHOUND_RETURN_IF_ERROR(CheckOptions(state_->options));
    METERHOUND_RETURN_IF_ERROR(CheckLengths());
    METERHOUND_RETURN_IF_ERROR(TakeRows(rows));
    SplitCalibration();
    METERHOUND_RETURN_IF_ERROR(Prepare());
    LearnNeighbours();
    METERHOUND_RETURN_IF_ERROR(GrowForest());
    LearnSigns();
    METERHOUND_RETURN_IF_ERROR(WeighUnlabelled());
    METERHOUND_RETURN_IF_ERROR(GrowBags());
    METERHOUND_RETURN_IF_ERROR(Calibrate());
    METERHOUND_RETURN_IF_ERROR(Describe(rows));
    METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
    return HybridDetector(std::move(state_));
  }

 private:
  Status CheckLengths() const {
    if (labels_.size() != table_.rows() || hashes_.size() != table_.rows() ||
        (!stands_for_.empty() && stands_for_.size() != table_.rows())) {
      return InvalidInput("found " + std::to_string(table_.rows()) + " rows, " + std::to_string(labels_.size()) +
                          " labels, " + std::to_string(hashes_.size()) + " hashes and " +
                          std::to_string(stands_for_.size()) + " weights; expected one a row");
    }
    return {};
  }

  /// Canonical order first: from here on nothing knows how the rows came.
  Status TakeRows(std::span<const std::size_t> rows) {
    const std::vector<std::int8_t> labels = LabelsOf(rows);
    FitSummary& summary = state_->summary;
    const bool all = state_->options.positive_unlabelled;
    for (const std::size_t place : CanonicalOrder(HashesOf(rows), labels, state_->options.seed)) {
      const bool unlabelled = labels[place] == kUnlabelled;
      (unlabelled && !all ? unlabelled_ : taught_).push_back(rows[place]);
      summary.thefts += labels[place] == 1 ? 1 : 0;
      summary.unlabelled += unlabelled ? 1 : 0;
    }
    state_->seen = HashesOf(rows);
    std::sort(state_->seen.begin(), state_->seen.end());
    summary.rows = rows.size();
    summary.labelled = summary.rows - summary.unlabelled;
    const std::size_t honest = summary.labelled - summary.thefts;
    if (std::min(summary.thefts, honest + (all ? summary.unlabelled : 0)) < HybridDetector::kMinimumPerClass) {
      return InvalidInput("training needs at least " + std::to_string(HybridDetector::kMinimumPerClass) +
                          " consumers known as theft and as honest; found " + std::to_string(summary.thefts) + " and " +
                          std::to_string(honest) + " (" + std::to_string(summary.unlabelled) + " unlabelled)");
    }
    return {};
  }

  double ShareAside(double asked) const {
    const auto thefts = static_cast<double>(state_->summary.thefts);
    return asked > 0 ? asked : std::min(HybridOptions::kMostAside, HybridOptions::kEnoughThefts / thefts);
  }

  void SplitCalibration() {
    const HybridOptions& options = state_->options;
    const double calibration = ShareAside(options.calibration_share);
    const double shares[] = {1 - calibration, calibration};
    const std::vector<std::uint32_t> part =
        AssignParts(HashesOf(taught_), LabelsOf(taught_), shares, numerics::MixSeed(options.seed, kCalibrationStream));
    std::unordered_set<std::uint64_t> held_out;
    for (std::size_t i = 0; i < taught_.size(); ++i) {
      (part[i] == 1 ? calibration_ : development_).push_back(taught_[i]);
      if (part[i] == 1) held_out.insert(hashes_[taught_[i]]);
    }
    seen_ = development_;
    for (const std::size_t row : unlabelled_) {
      if (!held_out.contains(hashes_[row])) seen_.push_back(row);
    }
    state_->summary.calibration = calibration_.size();
    for (const std::size_t row : calibration_) state_->summary.calibration_thefts += labels_[row] == 1 ? 1 : 0;
  }

  /// Chooses the columns and learns the imputation.
  Status Prepare() {
    const std::vector<std::size_t> included = IncludedColumns(table_.columns, state_->options.excluded_groups);
    if (included.empty()) return NotFound("no feature is left without " + ExcludedNames(state_->options));
    std::vector<std::uint8_t> varies(included.size(), 0);
    const std::span<const double> first = matrix_.Row(seen_.front());
    for (const std::size_t row : seen_) {
      const std::span<const double> values = matrix_.Row(row);
      for (std::size_t i = 0; i < included.size(); ++i) {
        if (varies[i] == 0 && !SameValue(values[included[i]], first[included[i]])) varies[i] = 1;
      }
    }
    FitSummary& summary = state_->summary;
    for (std::size_t i = 0; i < included.size(); ++i) {
      const FeatureColumn& column = table_.columns[included[i]];
      state_->input_columns.push_back(column);
      if (varies[i] == 0) {
        summary.constant_columns.push_back(column.name);
        continue;
      }
      state_->kept.push_back(i);
      state_->model_columns.push_back(column);
      columns_.push_back(included[i]);
    }
    if (columns_.empty()) {
      return NotFound("no usable feature: all " + std::to_string(included.size()) +
                      " columns have the same value in every training row");
    }
    if (UsesNeighbours(table_, state_->options.excluded_groups)) {
      const std::vector<FeatureColumn> made = NeighbourRates::Columns(table_.neighbours->spec);
      state_->model_columns.insert(state_->model_columns.end(), made.begin(), made.end());
    }
    if (state_->options.use_forest) state_->model_columns.push_back({kNoveltyColumn, FeatureGroup::kNovelty});
    summary.columns_given = included.size();
    summary.columns_used = state_->model_columns.size();
    state_->imputation = Imputation::Learn(matrix_, seen_, columns_);
    return context_.CheckStopped();
  }

  void LearnNeighbours() {
    if (!UsesNeighbours(table_, state_->options.excluded_groups)) return;
    std::vector<std::size_t> known;
    for (const std::size_t row : development_) {
      if (labels_[row] != kUnlabelled) known.push_back(row);
    }
    state_->neighbour_rates = NeighbourRates::Learn(HashesOf(known), LabelsOf(known),
                                                    numerics::MixSeed(state_->options.seed, kNeighbourStream));
  }

  /// State::MadeColumns of development rows, or of others.
  std::vector<double> MadeColumns(std::span<const std::size_t> rows, bool development) const {
    const std::vector<double> anomaly = state_->AnomalyScores(matrix_, rows, columns_, context_);
    return state_->MadeColumns(table_, rows, anomaly, development ? HashesOf(rows) : std::vector<std::uint64_t>());
  }

  Status GrowForest() {
    if (!state_->options.use_forest) return {};
    ForestOptions options = state_->options.forest;
    options.seed = numerics::MixSeed(state_->options.seed, kForestStream);
    const RowSource source{.matrix = matrix_, .rows = seen_, .columns = columns_, .imputation = &state_->imputation};
    METERHOUND_ASSIGN_OR_RETURN(state_->forest, IsolationForest::Fit(source, options, context_.pool));
    return context_.CheckStopped();
  }

  /// How likely each unlabelled row is a theft: from fits that have not seen it.
  Status WeighUnlabelled() {
    if (!state_->options.positive_unlabelled) return {};
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> margins, CrossFitKnownThefts());
    theft_weight_.resize(table_.rows());
    std::vector<std::size_t> unknown;  // positions in taught_
    for (std::size_t i = 0; i < taught_.size(); ++i) {
      if (labels_[taught_[i]] == kUnlabelled) {
        unknown.push_back(i);
      } else {
        theft_weight_[taught_[i]] = labels_[taught_[i]];
      }
    }
    FitSummary& summary = state_->summary;
    summary.unlabelled_theft_share = UnlabelledShare(margins);
    const double expected = summary.unlabelled_theft_share * static_cast<double>(unknown.size());
    const std::vector<double> weights = TheftWeights(Chosen(margins, unknown), expected);
    for (std::size_t i = 0; i < unknown.size(); ++i) theft_weight_[taught_[unknown[i]]] = weights[i];
    return context_.CheckStopped();
  }

  /// Log-odds of being known as a theft, against everybody else; one for each of taught_. A development row's come from
  /// the fit that left its part out (and stopped by it: only a number of rounds is learnt from it), a calibration row's
  /// are the mean of all fits.
  Result<std::vector<double>> CrossFitKnownThefts() {
    const double shares[kCrossFits] = {1, 1, 1};
    const std::vector<std::uint32_t> part = AssignParts(HashesOf(development_), LabelsOf(development_), shares,
                                                        numerics::MixSeed(state_->options.seed, kCrossFitStream));
    const std::vector<std::uint8_t> kinds = Categorical();
    std::vector<double> margin(table_.rows(), 0);
    for (std::size_t fit = 0; fit < kCrossFits; ++fit) {
      std::vector<std::size_t> rows[2];  // learnt from, judged
      for (std::size_t i = 0; i < development_.size(); ++i) rows[part[i] == fit].push_back(development_[i]);
      const std::vector<double> made[3] = {MadeColumns(rows[0], true), MadeColumns(rows[1], true),
                                           MadeColumns(calibration_, false)};
      std::vector<std::int8_t> known[2] = {LabelsOf(rows[0]), LabelsOf(rows[1])};
      for (auto& labels : known) std::replace(labels.begin(), labels.end(), kUnlabelled, std::int8_t{0});
      const RowSource judged = state_->TreeRows(matrix_, rows[1], columns_, made[1]);
      TreeOptions options = state_->options.trees;
      options.seed = numerics::MixSeed(state_->options.seed, kOddsStream + fit);
      METERHOUND_ASSIGN_OR_RETURN(
          const BoostedTrees trees,
          BoostedTrees::Fit({state_->TreeRows(matrix_, rows[0], columns_, made[0]), known[0], {}, kinds},
                            {judged, known[1], {}, kinds}, options, context_.stop));
      METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> own, trees.Margin(judged, context_.pool));
      for (std::size_t i = 0; i < own.size(); ++i) margin[rows[1][i]] = own[i];
      METERHOUND_ASSIGN_OR_RETURN(
          const std::vector<double> other,
          trees.Margin(state_->TreeRows(matrix_, calibration_, columns_, made[2]), context_.pool));
      for (std::size_t i = 0; i < other.size(); ++i) margin[calibration_[i]] += other[i] / kCrossFits;
    }
    return Chosen(margin, taught_);
  }

  /// The share of theft among the unlabelled: as given, by visits drawn at random, or the best bin's.
  double UnlabelledShare(const std::vector<double>& margins) {
    FitSummary& summary = state_->summary;
    if (state_->options.unlabelled_theft_share) {
      summary.share_known_by = "given";
      return *state_->options.unlabelled_theft_share;
    }
    const std::vector<std::int8_t> labels = LabelsOf(taught_);
    if (!stands_for_.empty()) {
      if (const auto share = ShareByDrawnVisits(labels, Chosen(stands_for_, taught_))) {
        summary.share_known_by = "drawn visits";
        return *share;
      }
    }
    summary.share_known_by = "best bin";
    std::vector<double> thefts;
    for (std::size_t i = 0; i < margins.size(); ++i) {
      if (labels[i] == 1) thefts.push_back(margins[i]);
    }
    const double expected =
        ShareByBestBin(thefts, margins) * static_cast<double>(margins.size()) - static_cast<double>(thefts.size());
    return std::clamp(expected / std::max(1.0, static_cast<double>(summary.unlabelled)), 0.0, 1.0);
  }

  /// Rows as trees and calibration are told of them: an unlabelled one twice, as theft and as honest.
  struct Told {
    std::vector<std::size_t> places;  ///< in the rows given
    std::vector<std::int8_t> labels;
    std::vector<double> weights;  ///< empty unless positive_unlabelled
  };

  Told Tell(std::span<const std::size_t> rows) const {
    Told told;
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const bool twice = labels_[rows[place]] == kUnlabelled;
      for (const std::int8_t label : {std::int8_t{0}, std::int8_t{1}}) {
        if (!twice && labels_[rows[place]] != label) continue;
        if (!theft_weight_.empty()) {
          const double theft = theft_weight_[rows[place]];
          const double weight = label == 1 ? theft : 1 - theft;
          if (!(weight > 0)) continue;
          told.weights.push_back(weight);
        }
        told.places.push_back(place);
        told.labels.push_back(label);
      }
    }
    return told;
  }

  void LearnSigns() {
    std::vector<std::size_t> honest;
    for (const std::size_t row : development_)
      if (labels_[row] == 0) honest.push_back(row);
    state_->signs = Signs::Learn(table_, honest, columns_);
  }

  struct Bag {
    std::optional<Result<BoostedTrees>> trees;
    std::size_t training = 0;
    std::size_t validation = 0;
    std::size_t synthetic = 0;
    std::size_t removed = 0;
  };

  Status GrowBags() {
    std::vector<Bag> bags(state_->options.bags);
    context_.progress.Begin("fit detector", bags.size(), "fits");
    context_.pool.ParallelFor(
        bags.size(), 1,
        [&](std::size_t begin, std::size_t end, std::size_t) {
          for (std::size_t b = begin; b < end; ++b) {
            bags[b].trees = GrowBag(b, bags[b]);
            context_.progress.Advance(1);
          }
        },
        context_.stop);
    context_.progress.End();
    METERHOUND_RETURN_IF_ERROR(context_.CheckStopped());
    FitSummary& summary = state_->summary;
    for (Bag& bag : bags) {
      if (!bag.trees->ok()) return bag.trees->error();
      summary.rounds.push_back((*bag.trees)->rounds());
      summary.synthetic += bag.synthetic;
      summary.removed += bag.removed;
      state_->trees.push_back(std::move(*bag.trees).value());
    }
    summary.training = bags[0].training;
    summary.validation = bags[0].validation;
    return {};
  }

  Result<BoostedTrees> GrowBag(std::size_t b, Bag& bag) {
    const HybridOptions& options = state_->options;
    const double validation = ShareAside(options.validation_share) / (1 - ShareAside(options.calibration_share));
    const double shares[] = {1 - validation, validation};
    const std::vector<std::uint32_t> part = AssignParts(HashesOf(development_), LabelsOf(development_), shares,
                                                        numerics::MixSeed(options.seed, kSplitStream + b));
    std::vector<std::size_t> rows[2];
    for (std::size_t i = 0; i < development_.size(); ++i) rows[part[i]].push_back(development_[i]);
    bag.training = rows[0].size();
    bag.validation = rows[1].size();
    TreeOptions trees = options.trees;
    trees.seed = numerics::MixSeed(options.seed, kTreeStream + b);
    const Told told[2] = {Tell(rows[0]), Tell(rows[1])};
    for (std::size_t i = 0; i < 2; ++i) rows[i] = Chosen(rows[i], told[i].places);
    const std::vector<double> made[2] = {MadeColumns(rows[0], true), MadeColumns(rows[1], true)};
    // Resampling puts rows between rows, also between the codes of categories, which are then but numbers.
    const std::vector<std::uint8_t> kinds =
        options.resampling == Resampling::kNone ? Categorical() : std::vector<std::uint8_t>();
    const BoostedTrees::Sample train{state_->TreeRows(matrix_, rows[0], columns_, made[0]), told[0].labels,
                                     told[0].weights, kinds};
    const BoostedTrees::Sample judge{state_->TreeRows(matrix_, rows[1], columns_, made[1]), told[1].labels,
                                     told[1].weights, kinds};
    if (options.resampling == Resampling::kNone) return BoostedTrees::Fit(train, judge, trees, context_.stop);

    std::vector<double> values(train.rows.size() * train.rows.width());
    for (std::size_t i = 0; i < train.rows.size(); ++i) train.rows.CopyRow(i, values.data() + i * train.rows.width());
    SmoteTomekOptions smote = options.smote_tomek;
    smote.seed = numerics::MixSeed(options.seed, kSmoteStream + b);
    METERHOUND_ASSIGN_OR_RETURN(
        const Resampled resampled,
        SmoteTomek({values.data(), train.rows.size(), train.rows.width()}, told[0].labels, smote, context_));
    bag.synthetic = resampled.synthetic;
    bag.removed = resampled.removed;
    if (trees.early_stopping == EarlyStopping::kAuto) trees.early_stopping = EarlyStopping::kAucPr;
    std::vector<std::size_t> all(resampled.labels.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<std::size_t> wide(resampled.columns);
    std::iota(wide.begin(), wide.end(), std::size_t{0});
    const RowSource mended{.matrix = resampled.Matrix(), .rows = all, .columns = wide};
    return BoostedTrees::Fit({mended, resampled.labels}, judge, trees, context_.stop);
  }

  std::vector<std::uint8_t> Categorical() const {
    std::vector<std::uint8_t> to;
    for (const FeatureColumn& column : state_->model_columns) to.push_back(column.categorical ? 1 : 0);
    return to;
  }

  Status Calibrate() {
    const std::vector<double> made = MadeColumns(calibration_, false);
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> margins,
                                state_->Margins(state_->TreeRows(matrix_, calibration_, columns_, made), context_));
    const Told told = Tell(calibration_);
    METERHOUND_ASSIGN_OR_RETURN(state_->calibrator, Calibrator::Fit(Chosen(margins, told.places), told.labels,
                                                                    state_->options.calibration, told.weights));
    std::vector<double> probabilities;
    probabilities.reserve(margins.size());
    for (const double margin : margins) probabilities.push_back(state_->calibrator.Probability(margin));
    state_->score_reference = DescribeValues("probability", probabilities);
    std::sort(probabilities.begin(), probabilities.end(), std::greater<>());
    const auto threshold = [&](double share) {
      const double count = std::max(1.0, std::round(share * static_cast<double>(probabilities.size())));
      return probabilities[static_cast<std::size_t>(count) - 1];
    };
    // Where theft is plain to see, many share nearly one probability, and the first hundredth of them is but chance.
    state_->high = std::min(threshold(state_->options.high_share), HybridOptions::kHighAtMost);
    state_->medium = std::min(threshold(state_->options.medium_share), state_->high);
    return {};
  }

  Status Describe(std::span<const std::size_t> rows) {
    if (!state_->options.keep_reference) return {};
    const std::vector<std::size_t> included = IncludedColumns(table_.columns, state_->options.excluded_groups);
    METERHOUND_ASSIGN_OR_RETURN(state_->feature_reference, DescribeColumns(table_, rows, included, context_));
    return {};
  }

  std::vector<std::int8_t> LabelsOf(std::span<const std::size_t> rows) const {
    std::vector<std::int8_t> to;
    for (const std::size_t row : rows) to.push_back(labels_[row]);
    return to;
  }
  std::vector<std::uint64_t> HashesOf(std::span<const std::size_t> rows) const {
    std::vector<std::uint64_t> to;
    for (const std::size_t row : rows) to.push_back(hashes_[row]);
    return to;
  }

  const FeatureTable& table_;
  const MatrixView matrix_;
  const std::span<const std::int8_t> labels_;
  const std::span<const std::uint64_t> hashes_;
  const std::span<const double> stands_for_;
  const RunContext& context_;
  std::unique_ptr<HybridDetector::State> state_;

  // Positions in the table, in canonical order.
  std::vector<std::size_t> taught_;      ///< what trees and calibration are told of: labelled, or everybody
  std::vector<std::size_t> unlabelled_;  ///< the others
  std::vector<std::size_t> calibration_;
  std::vector<std::size_t> development_;  ///< taught, not for calibration
  std::vector<std::size_t> seen_;         ///< development and unlabelled: what label-free steps learn from
  std::vector<std::size_t> columns_;      ///< kept columns
  std::vector<double> theft_weight_;      ///< of every row of the table; empty unless positive_unlabelled
};

Result<HybridDetector> HybridDetector::Fit(const FeatureTable& table, std::span<const std::int8_t> labels,
                                           std::span<const std::uint64_t> hashes, const HybridOptions& options,
                                           const RunContext& context, std::span<const double> stands_for) {
  std::vector<std::size_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return Fit(table, rows, labels, hashes, options, context, stands_for);
}

Result<HybridDetector> HybridDetector::Fit(const FeatureTable& table, std::span<const std::size_t> rows,
                                           std::span<const std::int8_t> labels, std::span<const std::uint64_t> hashes,
                                           const HybridOptions& options, const RunContext& context,
                                           std::span<const double> stands_for) {
  return HybridFit(table, labels, hashes, stands_for, options, context).Run(rows);
}

}  // namespace meterhound::detectors
