// Scoring with a fitted HybridDetector.
#include "detectors/hybrid.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "detectors/hybrid_state.h"

namespace meterhound::detectors {
namespace {

constexpr std::size_t kBlock = 512;

std::vector<std::size_t> AllRows(const FeatureTable& table) {
  std::vector<std::size_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  return rows;
}

}  // namespace

Result<Resampling> ParseResampling(std::string_view name) {
  for (const auto resampling : {Resampling::kNone, Resampling::kSmoteTomek}) {
    if (name == ResamplingName(resampling)) return resampling;
  }
  return InvalidInput("`" + std::string(name) + "` is not a resampling; expected none or smote_tomek");
}

const char* ResamplingName(Resampling resampling) { return resampling == Resampling::kNone ? "none" : "smote_tomek"; }

const char* TierName(Tier tier) { return tier == Tier::kHigh ? "high" : tier == Tier::kMedium ? "medium" : "low"; }

std::vector<std::size_t> IncludedColumns(std::span<const FeatureColumn> columns,
                                         std::span<const FeatureGroup> excluded_groups) {
  std::vector<std::size_t> included;
  for (std::size_t column = 0; column < columns.size(); ++column) {
    if (std::find(excluded_groups.begin(), excluded_groups.end(), columns[column].group) == excluded_groups.end()) {
      included.push_back(column);
    }
  }
  return included;
}

bool UsesNeighbours(const FeatureTable& table, std::span<const FeatureGroup> excluded_groups) {
  return table.neighbours != nullptr &&
         std::find(excluded_groups.begin(), excluded_groups.end(), FeatureGroup::kAttribute) == excluded_groups.end();
}

std::vector<double> HybridDetector::State::AnomalyScores(const MatrixView& matrix, std::span<const std::size_t> rows,
                                                         std::span<const std::size_t> columns,
                                                         const RunContext& context) const {
  if (!forest) return {};
  std::vector<double> scores(rows.size());
  const RowSource source{.matrix = matrix, .rows = rows, .columns = columns, .imputation = &imputation};
  context.pool.ParallelFor(
      rows.size(), kBlock,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<double> row(columns.size());
        for (std::size_t i = begin; i < end; ++i) {
          source.CopyRow(i, row.data());
          scores[i] = forest->ScoreRow(row);
        }
      },
      context.stop);
  return scores;
}

std::vector<double> HybridDetector::State::MadeColumns(const FeatureTable& table, std::span<const std::size_t> rows,
                                                       std::span<const double> anomaly,
                                                       std::span<const std::uint64_t> own) const {
  const std::size_t width = MadeWidth();
  std::vector<double> made(rows.size() * width);
  if (neighbour_rates) {
    const std::vector<double> rates = neighbour_rates->Of(*table.neighbours, rows, own);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(rates.begin() + static_cast<std::ptrdiff_t>(i * NeighbourRates::kWidth), NeighbourRates::kWidth,
                  made.begin() + static_cast<std::ptrdiff_t>(i * width));
    }
  }
  if (forest) {
    for (std::size_t i = 0; i < rows.size(); ++i) made[(i + 1) * width - 1] = anomaly[i];
  }
  return made;
}

RowSource HybridDetector::State::TreeRows(const MatrixView& matrix, std::span<const std::size_t> rows,
                                          std::span<const std::size_t> columns, std::span<const double> made) const {
  return {.matrix = matrix,
          .rows = rows,
          .columns = columns,
          .extra = made,
          .extra_width = MadeWidth(),
          .imputation = ImputesForTrees() ? &imputation : nullptr};
}

Result<std::vector<double>> HybridDetector::State::Margins(const RowSource& rows, const RunContext& context) const {
  std::vector<double> mean(rows.size(), 0);
  const double weight = 1 / static_cast<double>(trees.size());
  for (const BoostedTrees& bag : trees) {
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> margins, bag.Margin(rows, context.pool));
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += weight * margins[i];
  }
  return mean;
}

Tier HybridDetector::State::TierOf(double probability) const {
  return probability >= high ? Tier::kHigh : probability >= medium ? Tier::kMedium : Tier::kLow;
}

Result<std::vector<std::size_t>> HybridDetector::State::KeptColumns(const FeatureTable& table) const {
  const std::vector<std::size_t> included = IncludedColumns(table.columns, options.excluded_groups);
  const std::size_t both = std::min(included.size(), input_columns.size());
  for (std::size_t i = 0; i < both; ++i) {
    const FeatureColumn& found = table.columns[included[i]];
    if (found == input_columns[i]) continue;
    if (found.name == input_columns[i].name) {
      return InvalidInput("the feature `" + found.name + "` belongs to group " + FeatureGroupName(found.group) +
                          "; the model was trained with it in group " + FeatureGroupName(input_columns[i].group));
    }
    return InvalidInput("feature " + std::to_string(i + 1) + " is `" + found.name + "`; the model was trained with `" +
                        input_columns[i].name + "` there");
  }
  if (included.size() < input_columns.size()) {
    return InvalidInput("the feature `" + input_columns[both].name + "`, which the model was trained with, is missing");
  }
  if (included.size() > input_columns.size()) {
    return InvalidInput("the feature `" + table.columns[included[both]].name +
                        "` is not one the model was trained with");
  }
  if (neighbour_rates && table.neighbours == nullptr) {
    return InvalidInput("the rows' neighbours, which the model was trained with, are missing");
  }
  std::vector<std::size_t> positions;
  for (const std::size_t column : kept) positions.push_back(included[column]);
  return positions;
}

HybridDetector::HybridDetector(std::unique_ptr<State> state) : state_(std::move(state)) {}
HybridDetector::HybridDetector(HybridDetector&&) noexcept = default;
HybridDetector& HybridDetector::operator=(HybridDetector&&) noexcept = default;
HybridDetector::~HybridDetector() = default;

const std::vector<FeatureColumn>& HybridDetector::InputColumns() const { return state_->input_columns; }
const std::vector<FeatureColumn>& HybridDetector::ModelColumns() const { return state_->model_columns; }
const std::vector<ReferenceDistribution>& HybridDetector::FeatureReference() const { return state_->feature_reference; }
const ReferenceDistribution& HybridDetector::ScoreReference() const { return state_->score_reference; }
const FitSummary& HybridDetector::Summary() const { return state_->summary; }
const HybridOptions& HybridDetector::Options() const { return state_->options; }
bool HybridDetector::HasSeen(std::uint64_t hash) const {
  return std::binary_search(state_->seen.begin(), state_->seen.end(), hash);
}
double HybridDetector::HighThreshold() const { return state_->high; }
double HybridDetector::MediumThreshold() const { return state_->medium; }

Result<std::vector<RowScore>> HybridDetector::Score(const FeatureTable& table, const RunContext& context) const {
  return Score(table, AllRows(table), context);
}

Result<std::vector<RowScore>> HybridDetector::Score(const FeatureTable& table, std::span<const std::size_t> rows,
                                                    const RunContext& context) const {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> columns, state_->KeptColumns(table));
  const MatrixView matrix = table.Matrix();
  const std::vector<double> anomaly = state_->AnomalyScores(matrix, rows, columns, context);
  const std::vector<double> made = state_->MadeColumns(table, rows, anomaly, {});
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> margins,
                              state_->Margins(state_->TreeRows(matrix, rows, columns, made), context));
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  std::vector<RowScore> scores(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    RowScore& score = scores[i];
    score.margin = margins[i];
    const Interval probability = state_->calibrator.ProbabilityInterval(margins[i]);
    score.probability = probability.value;
    score.low = probability.low;
    score.high = probability.high;
    score.tier = state_->TierOf(score.probability);
    score.anomaly_score = anomaly.empty() ? std::numeric_limits<double>::quiet_NaN() : anomaly[i];
    score.novel = !anomaly.empty() && anomaly[i] > state_->forest->threshold();
    score.strangeness = state_->signs.Of(table, rows[i], columns);
  }
  return scores;
}

Result<std::vector<double>> HybridDetector::ModelValues(const FeatureTable& table, std::span<const std::size_t> rows,
                                                        const RunContext& context) const {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> columns, state_->KeptColumns(table));
  const MatrixView matrix = table.Matrix();
  const std::vector<double> anomaly = state_->AnomalyScores(matrix, rows, columns, context);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  const std::vector<double> made = state_->MadeColumns(table, rows, anomaly, {});
  const RowSource source = state_->TreeRows(matrix, rows, columns, made);
  const std::size_t width = state_->model_columns.size();
  std::vector<double> values(rows.size() * width);
  for (std::size_t i = 0; i < rows.size(); ++i) source.CopyRow(i, values.data() + i * width);
  return values;
}

Result<ContributionMatrix> HybridDetector::Contributions(const FeatureTable& table, std::span<const std::size_t> rows,
                                                         const RunContext& context) const {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> values, ModelValues(table, rows, context));
  const MatrixView matrix{values.data(), rows.size(), state_->model_columns.size()};
  ContributionMatrix mean{rows.size(), matrix.columns + 1, std::vector<double>(rows.size() * (matrix.columns + 1), 0)};
  const double weight = 1 / static_cast<double>(state_->trees.size());
  for (const BoostedTrees& bag : state_->trees) {
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    METERHOUND_ASSIGN_OR_RETURN(const ContributionMatrix one, bag.Contributions(matrix, context.pool));
    for (std::size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += weight * one.values[i];
  }
  return mean;
}

}  // namespace meterhound::detectors
