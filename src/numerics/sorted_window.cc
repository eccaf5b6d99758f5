// Small windows are searched by counting all values below, which mispredicts nothing; large ones by halving.
#include "numerics/sorted_window.h"

#include <algorithm>

#include "numerics/vector8.h"

namespace meterhound::numerics {
namespace {

constexpr std::size_t kSmall = 256;

METERHOUND_VECTOR_CLONES std::size_t CountBelow(const double* values, std::size_t size, double value) {
  std::size_t below = 0;
  for (std::size_t i = 0; i < size; ++i) below += values[i] < value ? 1 : 0;
  return below;
}

std::size_t PlaceOf(const std::vector<double>& values, double value) {
  if (values.size() <= kSmall) return CountBelow(values.data(), values.size(), value);
  return static_cast<std::size_t>(std::lower_bound(values.begin(), values.end(), value) - values.begin());
}

}  // namespace

void SortedWindow::Insert(double value) {
  const auto place = static_cast<std::ptrdiff_t>(PlaceOf(values_, value));
  values_.insert(values_.begin() + place, value);
}

void SortedWindow::Erase(double value) {
  const auto place = static_cast<std::ptrdiff_t>(PlaceOf(values_, value));
  values_.erase(values_.begin() + place);
}

void SortedWindow::Replace(double old_value, double new_value) {
  const std::size_t from = PlaceOf(values_, old_value);
  const std::size_t to = PlaceOf(values_, new_value);
  double* values = values_.data();
  if (to > from) {
    std::copy(values + from + 1, values + to, values + from);
    values[to - 1] = new_value;
  } else {
    std::copy_backward(values + to, values + from, values + from + 1);
    values[to] = new_value;
  }
}

}  // namespace meterhound::numerics
