// Tolerance: how far a calculator's values may lie from tsfresh's. Each calculator's file states its own.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace meterhound::features {

/// What a difference is measured against: the larger of the two values, or the unit where that is larger still. A
/// unit of the readings is for calculators whose terms cancel: a sum keeps the digits of its largest term, not of what
/// is left of it.
enum class Unit : std::uint8_t {
  kValue,    ///< the values alone
  kOne,      ///< 1: for what is a share, a correlation, an entropy
  kLargest,  ///< the largest absolute reading
  kLargestSquared,
  kLargestCubed,
  kSum,     ///< the sum of the absolute readings
  kNorm,    ///< the root of their sum of squares
  kEnergy,  ///< their sum of squares
  kArc,     ///< of angles in degrees: the sum of the absolute readings, for the arc at the coefficient's size
};

struct Tolerance {
  double error = 1e-9;
  Unit unit = Unit::kValue;
  std::string_view reason = {};  ///< a sentence where the error is larger or the unit another
};

/// For counts, places and values of the series itself.
inline constexpr Tolerance kExact{.error = 0};

/// `max|x|` and so on; empty for kValue.
std::string_view UnitName(Unit unit);

/// The unit's size on a series; 0 for kValue, and where it overflows.
double UnitSize(Unit unit, std::span<const double> values);

/// Of a straight line's slope, intercept, rvalue, stderr or pvalue, through heights of this unit.
Tolerance LineTolerance(std::string_view attribute, Unit heights);

}  // namespace meterhound::features
