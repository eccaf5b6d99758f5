// What a fitted HybridDetector holds: shared by fitting, scoring and storing.
#pragma once

#include <optional>
#include <vector>

#include "detectors/hybrid.h"
#include "detectors/imputation.h"
#include "detectors/neighbour_rates.h"

namespace meterhound::detectors {

struct HybridDetector::State {
  HybridOptions options;
  std::vector<FeatureColumn> input_columns;
  std::vector<FeatureColumn> model_columns;
  std::vector<std::size_t> kept;  ///< positions in input_columns of the columns that are not constant
  Imputation imputation;          ///< of the kept columns
  std::optional<NeighbourRates> neighbour_rates;
  std::optional<IsolationForest> forest;
  Signs signs;  ///< of the kept columns
  std::vector<BoostedTrees> trees;
  Calibrator calibrator;
  double high = 0;
  double medium = 0;
  std::vector<ReferenceDistribution> feature_reference;
  ReferenceDistribution score_reference;
  FitSummary summary;
  std::vector<std::uint64_t> seen;  ///< hashes of the rows of the fit, ascending

  /// Trees that were trained on imputed rows (resampling knows no missing values) must score imputed rows.
  bool ImputesForTrees() const { return options.resampling != Resampling::kNone; }

  /// Forest scores of the rows; empty without forest. @param columns positions of the kept columns in the matrix.
  std::vector<double> AnomalyScores(const MatrixView& matrix, std::span<const std::size_t> rows,
                                    std::span<const std::size_t> columns, const RunContext& context) const;
  /// The columns that the detector makes itself, row by row: neighbours' rates, then the novelty.
  /// @param anomaly AnomalyScores of the rows. @param own hashes of the rows where they are development rows, else
  /// empty.
  std::vector<double> MadeColumns(const FeatureTable& table, std::span<const std::size_t> rows,
                                  std::span<const double> anomaly, std::span<const std::uint64_t> own) const;
  std::size_t MadeWidth() const {
    return (neighbour_rates ? NeighbourRates::kWidth : std::size_t{0}) + (forest ? std::size_t{1} : std::size_t{0});
  }
  /// The rows as the trees take them.
  RowSource TreeRows(const MatrixView& matrix, std::span<const std::size_t> rows, std::span<const std::size_t> columns,
                     std::span<const double> made) const;
  /// Mean margin of the bags.
  Result<std::vector<double>> Margins(const RowSource& rows, const RunContext& context) const;
  Tier TierOf(double probability) const;
  /// Positions of the kept columns in the table, whose columns are compared with input_columns.
  Result<std::vector<std::size_t>> KeptColumns(const FeatureTable& table) const;
};

/// Positions of the columns whose group is not excluded.
std::vector<std::size_t> IncludedColumns(std::span<const FeatureColumn> columns,
                                         std::span<const FeatureGroup> excluded_groups);

/// Whether a detector of this table has neighbours' rates. They are attributes: where those are excluded, so are they.
bool UsesNeighbours(const FeatureTable& table, std::span<const FeatureGroup> excluded_groups);

}  // namespace meterhound::detectors
