// The units of tolerances: their names and sizes.
#include "features/tolerance.h"

#include <algorithm>
#include <cmath>

namespace meterhound::features {

std::string_view UnitName(Unit unit) {
  switch (unit) {
    case Unit::kValue:
      return "";
    case Unit::kOne:
      return "1";
    case Unit::kLargest:
      return "max|x|";
    case Unit::kLargestSquared:
      return "max|x|^2";
    case Unit::kLargestCubed:
      return "max|x|^3";
    case Unit::kSum:
    case Unit::kArc:
      return "sum|x|";
    case Unit::kNorm:
      return "sqrt(sum x^2)";
    case Unit::kEnergy:
      return "sum x^2";
  }
  return "";
}

namespace {

double Size(Unit unit, std::span<const double> values) {
  double largest = 0;
  double sum = 0;
  double squares = 0;
  for (const double v : values) {
    largest = std::max(largest, std::fabs(v));
    sum += std::fabs(v);
    squares += v * v;
  }
  switch (unit) {
    case Unit::kValue:
      return 0;
    case Unit::kOne:
      return 1;
    case Unit::kLargest:
      return largest;
    case Unit::kLargestSquared:
      return largest * largest;
    case Unit::kLargestCubed:
      return largest * largest * largest;
    case Unit::kSum:
    case Unit::kArc:
      return sum;
    case Unit::kNorm:
      return std::sqrt(squares);
    case Unit::kEnergy:
      return squares;
  }
  return 0;
}

}  // namespace

double UnitSize(Unit unit, std::span<const double> values) {
  const double size = Size(unit, values);
  return std::isfinite(size) ? size : 0;
}

Tolerance LineTolerance(std::string_view attribute, Unit heights) {
  if (attribute == "pvalue") return {};
  if (attribute == "stderr") {
    return {.error = 1e-11,
            .unit = heights,
            .reason = "on a line that is all but perfect, 1 - r^2 is rounding, and its root more so"};
  }
  return {.error = 1e-13,
          .unit = attribute == "rvalue" ? Unit::kOne : heights,
          .reason = "products of deviations cancel where there is no trend"};
}

}  // namespace meterhound::features
