// A borrowed dense row-major matrix of doubles: what the numeric code takes instead of a container.
#pragma once

#include <cstddef>
#include <span>

namespace meterhound {

struct MatrixView {
  const double* data = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;

  std::span<const double> Row(std::size_t row) const { return {data + row * columns, columns}; }
  double At(std::size_t row, std::size_t column) const { return data[row * columns + column]; }
};

}  // namespace meterhound
