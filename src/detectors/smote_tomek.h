// SMOTE and Tomek links: synthetic thefts between neighbouring ones, then removal of pairs that cross the border.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/matrix_view.h"
#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::detectors {

struct SmoteTomekOptions {
  std::size_t k_neighbours = 5;
  double sampling_ratio = 1;  ///< minority rows over majority rows after SMOTE
  std::uint64_t seed = 1;
};

struct Resampled {
  std::size_t columns = 0;
  std::vector<double> values;  ///< row-major
  std::vector<std::int8_t> labels;
  std::size_t synthetic = 0;  ///< rows made by SMOTE
  std::size_t removed = 0;    ///< rows taken away as members of Tomek links
  MatrixView Matrix() const { return {values.data(), labels.size(), columns}; }
};

/// imbalanced-learn's SMOTETomek (Batista et al. 2003): SMOTE to `sampling_ratio`, then both members of every Tomek
/// link go. Distances are Euclidean on the values as they are. Values must be finite; both classes present and the
/// minority larger than k_neighbours, else kInvalidInput. Time grows with the square of the rows.
Result<Resampled> SmoteTomek(const MatrixView& matrix, std::span<const std::int8_t> labels,
                             const SmoteTomekOptions& options, RunContext& context);

/// SMOTE alone: the given rows first, synthetic ones behind them.
Result<Resampled> Smote(const MatrixView& matrix, std::span<const std::int8_t> labels, const SmoteTomekOptions& options,
                        RunContext& context);

/// 1 for every row that belongs to a Tomek link: two rows of different labels that are each other's nearest neighbour.
Result<std::vector<std::uint8_t>> TomekLinks(const MatrixView& matrix, std::span<const std::int8_t> labels,
                                             RunContext& context);

/// For each row of `queries` the positions of its k nearest rows in `matrix`, nearest first, ties by position.
/// @param skip_self leave out the row of the same position (queries and matrix are the same rows).
Result<std::vector<std::uint32_t>> NearestNeighbours(const MatrixView& queries, const MatrixView& matrix, std::size_t k,
                                                     bool skip_self, RunContext& context);

}  // namespace meterhound::detectors
