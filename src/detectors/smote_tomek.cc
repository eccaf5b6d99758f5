// SMOTE, Tomek links and the exact nearest neighbours that both need.
#include "detectors/smote_tomek.h"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

// Block sizes are fixed, so that sums are rounded alike with any number of threads.
constexpr std::size_t kQueryBlock = 64;
constexpr std::size_t kMatrixBlock = 1024;
/// Candidates beyond k: distances by products of blocks are rounded, the candidates' are then computed exactly.
constexpr std::size_t kSlack = 8;

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Map = Eigen::Map<const RowMajor>;

struct Candidate {
  double distance;
  std::uint32_t row;
  bool operator<(const Candidate& other) const {
    return distance != other.distance ? distance < other.distance : row < other.row;
  }
};

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

std::vector<double> ColumnMeans(const MatrixView& matrix) {
  std::vector<double> means(matrix.columns, 0);
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    for (std::size_t column = 0; column < matrix.columns; ++column) means[column] += matrix.At(row, column);
  }
  for (double& mean : means) mean /= static_cast<double>(std::max<std::size_t>(1, matrix.rows));
  return means;
}

/// Rows less the means: |a|^2 + |b|^2 - 2ab loses fewer digits near the origin.
std::vector<double> Centred(const MatrixView& matrix, std::size_t begin, std::size_t end,
                            const std::vector<double>& means) {
  std::vector<double> to;
  to.reserve((end - begin) * matrix.columns);
  for (std::size_t row = begin; row < end; ++row) {
    for (std::size_t column = 0; column < matrix.columns; ++column)
      to.push_back(matrix.At(row, column) - means[column]);
  }
  return to;
}

std::vector<double> SquaredNorms(const std::vector<double>& rows, std::size_t columns) {
  std::vector<double> norms(rows.size() / columns);
  for (std::size_t i = 0; i < norms.size(); ++i) {
    for (std::size_t k = 0; k < columns; ++k) norms[i] += rows[i * columns + k] * rows[i * columns + k];
  }
  return norms;
}

/// Keeps the `capacity` smallest candidates as a heap whose root is the worst.
void Offer(std::vector<Candidate>& heap, std::size_t capacity, const Candidate& candidate) {
  if (heap.size() < capacity) {
    heap.push_back(candidate);
    std::push_heap(heap.begin(), heap.end());
  } else if (candidate < heap.front()) {
    std::pop_heap(heap.begin(), heap.end());
    heap.back() = candidate;
    std::push_heap(heap.begin(), heap.end());
  }
}

Status CheckFinite(const MatrixView& matrix) {
  for (std::size_t i = 0; i < matrix.rows * matrix.columns; ++i) {
    if (!std::isfinite(matrix.data[i])) {
      return InvalidInput("row " + std::to_string(i / matrix.columns) + ", column " +
                          std::to_string(i % matrix.columns) +
                          " is not a finite number; neighbours need imputed values");
    }
  }
  return {};
}

}  // namespace

Result<std::vector<std::uint32_t>> NearestNeighbours(const MatrixView& queries, const MatrixView& matrix, std::size_t k,
                                                     bool skip_self, const RunContext& context) {
  if (queries.columns != matrix.columns || k == 0 || matrix.rows < k + (skip_self ? 1 : 0)) {
    return InvalidInput("cannot find " + std::to_string(k) + " neighbours among " + std::to_string(matrix.rows) +
                        " rows");
  }
  METERHOUND_RETURN_IF_ERROR(CheckFinite(queries));
  METERHOUND_RETURN_IF_ERROR(CheckFinite(matrix));
  const std::size_t columns = matrix.columns;
  const std::vector<double> means = ColumnMeans(matrix);
  const std::vector<double> centred = Centred(matrix, 0, matrix.rows, means);
  const std::vector<double> norms = SquaredNorms(centred, columns);
  std::vector<std::uint32_t> neighbours(queries.rows * k);

  const auto search = [&](std::size_t begin, std::size_t end, std::size_t) {
    const std::vector<double> mine = Centred(queries, begin, end, means);
    const std::vector<double> my_norms = SquaredNorms(mine, columns);
    const Map left(mine.data(), static_cast<Eigen::Index>(end - begin), static_cast<Eigen::Index>(columns));
    std::vector<std::vector<Candidate>> heaps(end - begin);
    RowMajor products;
    for (std::size_t from = 0; from < matrix.rows; from += kMatrixBlock) {
      const std::size_t count = std::min(kMatrixBlock, matrix.rows - from);
      const Map right(centred.data() + from * columns, static_cast<Eigen::Index>(count),
                      static_cast<Eigen::Index>(columns));
      products.noalias() = left * right.transpose();
      for (std::size_t i = 0; i < end - begin; ++i) {
        const double* row = products.data() + i * count;
        for (std::size_t j = 0; j < count; ++j) {
          if (skip_self && from + j == begin + i) continue;
          const double distance = my_norms[i] + norms[from + j] - 2 * row[j];
          Offer(heaps[i], k + kSlack, {distance, static_cast<std::uint32_t>(from + j)});
        }
      }
    }
    for (std::size_t i = 0; i < end - begin; ++i) {
      for (Candidate& candidate : heaps[i]) {
        candidate.distance = SquaredDistance(queries.Row(begin + i), matrix.Row(candidate.row));
      }
      std::sort(heaps[i].begin(), heaps[i].end());
      for (std::size_t n = 0; n < k; ++n) neighbours[(begin + i) * k + n] = heaps[i][n].row;
    }
  };
  context.pool.ParallelFor(queries.rows, kQueryBlock, search, context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return neighbours;
}

Result<std::vector<std::uint8_t>> TomekLinks(const MatrixView& matrix, std::span<const std::int8_t> labels,
                                             const RunContext& context) {
  if (labels.size() != matrix.rows) return InvalidInput("Tomek links need one label a row");
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::uint32_t> nearest,
                              NearestNeighbours(matrix, matrix, 1, true, context));
  std::vector<std::uint8_t> linked(matrix.rows, 0);
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    linked[row] = labels[row] != labels[nearest[row]] && nearest[nearest[row]] == row ? 1 : 0;
  }
  return linked;
}

Result<Resampled> Smote(const MatrixView& matrix, std::span<const std::int8_t> labels, const SmoteTomekOptions& options,
                        const RunContext& context) {
  if (labels.size() != matrix.rows || matrix.columns == 0)
    return InvalidInput("SMOTE needs one label a row and a column");
  if (!(options.sampling_ratio > 0 && options.sampling_ratio <= 1)) {
    return InvalidInput("sampling_ratio must lie in (0, 1]");
  }
  const auto thefts = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::int8_t{1}));
  const std::size_t honest = labels.size() - thefts;
  const std::int8_t minority = thefts <= honest ? 1 : 0;
  const std::size_t few = std::min(thefts, honest);
  if (few <= options.k_neighbours) {
    return InvalidInput("SMOTE with " + std::to_string(options.k_neighbours) +
                        " neighbours needs more rows of the rarer " + "class; found " + std::to_string(few));
  }
  std::vector<double> rare;  // the minority's rows
  for (std::size_t row = 0; row < matrix.rows; ++row) {
    const auto from = matrix.Row(row);
    if (labels[row] == minority) rare.insert(rare.end(), from.begin(), from.end());
  }
  const MatrixView rare_rows{rare.data(), few, matrix.columns};
  METERHOUND_RETURN_IF_ERROR(CheckFinite(matrix));
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::uint32_t> neighbours,
                              NearestNeighbours(rare_rows, rare_rows, options.k_neighbours, true, context));

  Resampled to;
  to.columns = matrix.columns;
  const auto wanted = static_cast<std::size_t>(options.sampling_ratio * static_cast<double>(std::max(thefts, honest)));
  to.synthetic = wanted > few ? wanted - few : 0;
  to.values.reserve((matrix.rows + to.synthetic) * matrix.columns);
  to.values.assign(matrix.data, matrix.data + matrix.rows * matrix.columns);
  to.labels.assign(labels.begin(), labels.end());
  to.labels.resize(matrix.rows + to.synthetic, minority);
  numerics::Random random(options.seed, 0);
  for (std::size_t made = 0; made < to.synthetic; ++made) {
    const std::uint64_t chosen = random.Below(few);
    const auto from = rare_rows.Row(chosen);
    const auto towards = rare_rows.Row(neighbours[chosen * options.k_neighbours + random.Below(options.k_neighbours)]);
    const double step = random.Uniform();
    for (std::size_t column = 0; column < matrix.columns; ++column) {
      to.values.push_back(from[column] + step * (towards[column] - from[column]));
    }
  }
  return to;
}

Result<Resampled> SmoteTomek(const MatrixView& matrix, std::span<const std::int8_t> labels,
                             const SmoteTomekOptions& options, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(Resampled grown, Smote(matrix, labels, options, context));
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::uint8_t> linked,
                              TomekLinks(grown.Matrix(), grown.labels, context));
  std::size_t to = 0;
  for (std::size_t row = 0; row < linked.size(); ++row) {
    if (linked[row] != 0) continue;
    if (to != row) {
      std::copy_n(grown.values.begin() + static_cast<std::ptrdiff_t>(row * grown.columns), grown.columns,
                  grown.values.begin() + static_cast<std::ptrdiff_t>(to * grown.columns));
      grown.labels[to] = grown.labels[row];
    }
    ++to;
  }
  grown.removed = linked.size() - to;
  grown.labels.resize(to);
  grown.values.resize(to * grown.columns);
  return grown;
}

}  // namespace meterhound::detectors
