// benford_correlation: how the first digits follow Newcomb-Benford's law.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/summation.h"

namespace meterhound::features {
namespace {

// First digit of the shortest decimal form, as Python's repr gives it; 0 for zero.
int FirstDigitOfText(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, std::fabs(value)).ptr;
  for (const char* c = text; c != end; ++c) {
    if (*c >= '1' && *c <= '9') return *c - '0';
    if (*c == 'e' || *c == 'i' || *c == 'n') break;
  }
  return 0;
}

// The doubles nearest to d * 10^k, ascending, d = 1 ... 9 and k = kLowest ... kHighest. The shortest decimal form of
// such a double is d * 10^k itself, and shortest forms are ordered as their doubles are: so the first digit of any
// value between is that of the last one not above it.
class DigitSteps {
 public:
  DigitSteps() {
    std::size_t step = 0;
    for (int exponent = kLowest; exponent <= kHighest; ++exponent) {
      for (int digit = 1; digit <= 9; ++digit) {
        const std::string text = std::to_string(digit) + "e" + std::to_string(exponent);
        std::from_chars(text.data(), text.data() + text.size(), steps_[step++]);
      }
    }
  }

  // Adds the first digits of values whose sizes ascend.
  template <typename Iterator>
  void Count(Iterator begin, Iterator end, double (&count)[10]) const {
    std::size_t step = 0;
    for (; begin != end; ++begin) {
      const double size = std::fabs(*begin);
      if (size >= steps_.front() && size < steps_.back()) {
        while (size >= steps_[step + 1]) ++step;
        count[step % 9 + 1] += 1;
      } else {
        count[size == 0 ? 0 : FirstDigitOfText(size)] += 1;
      }
    }
  }

 private:
  static constexpr int kLowest = -7;
  static constexpr int kHighest = 10;
  std::array<double, 9 * (kHighest - kLowest + 1)> steps_{};
};

double Compute(SeriesContext& series) {
  static const DigitSteps steps;
  double count[10] = {};
  const auto sorted = series.Sorted();
  const auto positive = std::lower_bound(sorted.begin(), sorted.end(), 0.0);
  steps.Count(positive, sorted.end(), count);
  steps.Count(std::reverse_iterator(positive), sorted.rend(), count);
  double law[9];
  double found[9];
  for (int digit = 1; digit <= 9; ++digit) {
    law[digit - 1] = std::log10(1 + 1.0 / digit);
    found[digit - 1] = count[digit] / static_cast<double>(series.size());
  }
  // NumPy's means: digits that are all as frequent have no spread at all.
  const double mean_law = numerics::PairwiseSum(law) / 9;
  const double mean_found = numerics::PairwiseSum(found) / 9;
  double product = 0;
  double square_law = 0;
  double square_found = 0;
  for (int i = 0; i < 9; ++i) {
    product += (law[i] - mean_law) * (found[i] - mean_found);
    square_law += (law[i] - mean_law) * (law[i] - mean_law);
    square_found += (found[i] - mean_found) * (found[i] - mean_found);
  }
  return product / std::sqrt(square_law) / std::sqrt(square_found);
}

}  // namespace

extern const Calculator k_benford_correlation{
    .name = "benford_correlation",
    .doc =
        "Correlation of the first digits' frequencies with Benford's "
        "law, which invented numbers tend to break",
    .presets = kEfficient | kComprehensive,
    .position = 36,
    .cost = CostClass::kSort,
    .bind = BindPlain<&Compute>,
    .tolerance = {
        .error = 1e-13, .unit = Unit::kOne, .reason = "products of deviations cancel where there is no correlation"}};

}  // namespace meterhound::features
