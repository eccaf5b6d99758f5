// Column medians and ranges, a few columns at a time so that each row's cache lines are used.
#include "detectors/imputation.h"

#include <algorithm>
#include <cmath>

namespace meterhound::detectors {
namespace {

constexpr std::size_t kTogether = 16;

/// numpy.median; reorders. 0 without values.
double Median(std::vector<double>& values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return *middle / 2 + *std::max_element(values.begin(), middle) / 2;  // halves: the sum may overflow
}

}  // namespace

Imputation Imputation::Learn(const MatrixView& matrix, std::span<const std::size_t> rows,
                             std::span<const std::size_t> columns) {
  Imputation to;
  std::vector<std::vector<double>> values(kTogether);
  for (std::size_t begin = 0; begin < columns.size(); begin += kTogether) {
    const auto block = columns.subspan(begin, std::min(kTogether, columns.size() - begin));
    for (auto& column : values) column.clear();
    for (const std::size_t row : rows) {
      for (std::size_t k = 0; k < block.size(); ++k) {
        const double value = matrix.At(row, block[k]);
        if (std::isfinite(value)) values[k].push_back(value);
      }
    }
    for (std::size_t k = 0; k < block.size(); ++k) {
      const auto [low, high] = std::minmax_element(values[k].begin(), values[k].end());
      to.lows.push_back(values[k].empty() ? 0 : *low);
      to.highs.push_back(values[k].empty() ? 0 : *high);
      to.medians.push_back(Median(values[k]));
    }
  }
  return to;
}

void Imputation::Fill(double* row) const {
  for (std::size_t i = 0; i < medians.size(); ++i) {
    if (std::isfinite(row[i])) continue;
    row[i] = std::isnan(row[i]) ? medians[i] : row[i] > 0 ? highs[i] : lows[i];
  }
}

Json Imputation::ToJson() const { return {{"medians", medians}, {"lows", lows}, {"highs", highs}}; }

Result<Imputation> Imputation::FromJson(const Json& json, std::size_t width) {
  Imputation imputation;
  for (const auto& [key, to] : {std::pair{"medians", &imputation.medians}, std::pair{"lows", &imputation.lows},
                                std::pair{"highs", &imputation.highs}}) {
    const auto numbers = json.is_object() ? json.find(key) : json.end();
    if (!json.is_object() || numbers == json.end() || !numbers->is_array() || numbers->size() != width) {
      return Corrupt(std::string("the imputation's `") + key + "` are not one a column");
    }
    for (const Json& number : *numbers) {
      if (!number.is_number()) return Corrupt(std::string("one of the imputation's `") + key + "` is not a number");
      to->push_back(number.get<double>());
    }
  }
  return imputation;
}

}  // namespace meterhound::detectors
