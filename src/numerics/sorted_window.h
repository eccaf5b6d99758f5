// The sorted values of a window that slides along a series.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace meterhound::numerics {

/// No NaN. Every change costs time in proportion to the window, but little: values are counted side by side and moved
/// as a block.
class SortedWindow {
 public:
  void Clear() { values_.clear(); }
  void Insert(double value);
  /// `value` must be in the window.
  void Erase(double value);
  /// Erase and Insert in one.
  void Replace(double old_value, double new_value);
  std::span<const double> values() const { return values_; }

 private:
  std::vector<double> values_;
};

}  // namespace meterhound::numerics
