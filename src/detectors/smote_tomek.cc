// Brute-force neighbours in blocks: exact, and with hundreds of features no slower than a tree.
#include "detectors/smote_tomek.h"

#include <algorithm>
#include <cmath>

#include "numerics/random.h"

namespace meterhound::detectors {
namespace {

constexpr std::size_t kQueryBlock = 16;

double SquaredDistance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

Status CheckFinite(const MatrixView& matrix) {
  for (std::size_t i = 0; i < matrix.rows * matrix.columns; ++i) {
    if (!std::isfinite(matrix.data[i])) return InvalidInput("resampling needs finite values; impute before");
  }
  return {};
}

std::vector<std::size_t> RowsWith(std::span<const std::int8_t> labels, std::int8_t label) {
  std::vector<std::size_t> rows;
  for (std::size_t row = 0; row < labels.size(); ++row) {
    if (labels[row] == label) rows.push_back(row);
  }
  return rows;
}

std::vector<double> CopyRows(const MatrixView& matrix, std::span<const std::size_t> rows) {
  std::vector<double> values;
  values.reserve(rows.size() * matrix.columns);
  for (const std::size_t row : rows) {
    const auto from = matrix.Row(row);
    values.insert(values.end(), from.begin(), from.end());
  }
  return values;
}

}  // namespace

Result<std::vector<std::uint32_t>> NearestNeighbours(const MatrixView& queries, const MatrixView& matrix, std::size_t k,
                                                     bool skip_self, const RunContext& context) {
  if (k == 0 || k + (skip_self ? 1 : 0) > matrix.rows) {
    return InvalidInput("found " + std::to_string(matrix.rows) + " rows, expected more than " + std::to_string(k) +
                        " to look for so many neighbours");
  }
  std::vector<std::uint32_t> neighbours(queries.rows * k);
  context.pool.ParallelFor(
      queries.rows, kQueryBlock,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        std::vector<std::pair<double, std::uint32_t>> found;
        for (std::size_t query = begin; query < end; ++query) {
          found.clear();
          for (std::size_t row = 0; row < matrix.rows; ++row) {
            if (skip_self && row == query) continue;
            found.emplace_back(SquaredDistance(queries.Row(query), matrix.Row(row)), static_cast<std::uint32_t>(row));
          }
          std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(k), found.end());
          for (std::size_t i = 0; i < k; ++i) neighbours[query * k + i] = found[i].second;
        }
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return neighbours;
}

Result<Resampled> Smote(const MatrixView& matrix, std::span<const std::int8_t> labels, const SmoteTomekOptions& options,
                        const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(CheckFinite(matrix));
  const std::vector<std::size_t> thefts = RowsWith(labels, 1);
  const std::vector<std::size_t> honest = RowsWith(labels, 0);
  const std::int8_t minority_label = thefts.size() <= honest.size() ? 1 : 0;
  const std::vector<std::size_t>& minority = minority_label == 1 ? thefts : honest;
  const std::size_t majority = labels.size() - minority.size();
  if (minority.size() <= options.k_neighbours) {
    return InvalidInput("found " + std::to_string(minority.size()) + " rows of the rarer class, expected more than " +
                        std::to_string(options.k_neighbours) + " to place synthetic ones between");
  }
  Resampled resampled;
  resampled.columns = matrix.columns;
  resampled.values.assign(matrix.data, matrix.data + matrix.rows * matrix.columns);
  resampled.labels.assign(labels.begin(), labels.end());
  const auto wanted = static_cast<std::size_t>(options.sampling_ratio * static_cast<double>(majority));
  if (wanted <= minority.size()) return resampled;
  resampled.synthetic = wanted - minority.size();

  const std::vector<double> rows = CopyRows(matrix, minority);
  const MatrixView view{rows.data(), minority.size(), matrix.columns};
  METERHOUND_ASSIGN_OR_RETURN(const auto neighbours,
                              NearestNeighbours(view, view, options.k_neighbours, true, context));
  numerics::Random random(options.seed);
  for (std::size_t i = 0; i < resampled.synthetic; ++i) {
    const std::size_t base = random.Below(minority.size());
    const std::size_t other = neighbours[base * options.k_neighbours + random.Below(options.k_neighbours)];
    const double share = random.Uniform();
    for (std::size_t column = 0; column < matrix.columns; ++column) {
      const double from = view.At(base, column);
      resampled.values.push_back(from + share * (view.At(other, column) - from));
    }
    resampled.labels.push_back(minority_label);
  }
  return resampled;
}

Result<std::vector<std::uint8_t>> TomekLinks(const MatrixView& matrix, std::span<const std::int8_t> labels,
                                             const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(CheckFinite(matrix));
  METERHOUND_ASSIGN_OR_RETURN(const auto nearest, NearestNeighbours(matrix, matrix, 1, true, context));
  std::vector<std::uint8_t> linked(labels.size(), 0);
  for (std::size_t row = 0; row < labels.size(); ++row) {
    const std::size_t other = nearest[row];
    if (nearest[other] == row && labels[row] != labels[other]) linked[row] = 1;
  }
  return linked;
}

Result<Resampled> SmoteTomek(const MatrixView& matrix, std::span<const std::int8_t> labels,
                             const SmoteTomekOptions& options, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(Resampled smote, Smote(matrix, labels, options, context));
  METERHOUND_ASSIGN_OR_RETURN(const auto linked, TomekLinks(smote.Matrix(), smote.labels, context));
  Resampled cleaned;
  cleaned.columns = smote.columns;
  cleaned.synthetic = smote.synthetic;
  for (std::size_t row = 0; row < smote.labels.size(); ++row) {
    if (linked[row] != 0) {
      ++cleaned.removed;
      continue;
    }
    const auto from = smote.Matrix().Row(row);
    cleaned.values.insert(cleaned.values.end(), from.begin(), from.end());
    cleaned.labels.push_back(smote.labels[row]);
  }
  return cleaned;
}

}  // namespace meterhound::detectors
