// benford_correlation: how the first digits follow Newcomb-Benford's law.
#include <charconv>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

// First digit of the shortest decimal form, as Python's repr gives it; 0 for zero.
int FirstDigit(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, std::fabs(value)).ptr;
  for (const char* c = text; c != end; ++c) {
    if (*c >= '1' && *c <= '9') return *c - '0';
    if (*c == 'e' || *c == 'i' || *c == 'n') break;
  }
  return 0;
}

double Compute(SeriesContext& series) {
  double count[10] = {};
  for (const double value : series.values()) count[FirstDigit(value)] += 1;
  double mean_law = 0;
  double mean_found = 0;
  double law[9];
  double found[9];
  for (int digit = 1; digit <= 9; ++digit) {
    law[digit - 1] = std::log10(1 + 1.0 / digit);
    found[digit - 1] = count[digit] / static_cast<double>(series.size());
    mean_law += law[digit - 1] / 9;
    mean_found += found[digit - 1] / 9;
  }
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

extern const Calculator k_benford_correlation{.name = "benford_correlation",
                                              .doc = "Correlation of first digits with Benford's law",
                                              .presets = kEfficient | kComprehensive,
                                              .position = 36,
                                              .cost = CostClass::kLinear,
                                              .bind = BindPlain<&Compute>};

}  // namespace meterhound::features
