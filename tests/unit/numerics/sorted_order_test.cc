// The order of values against the standard library's stable sort.
#include "numerics/sorted_order.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace meterhound::numerics {
namespace {

void ExpectStable(const std::vector<double>& values) {
  std::vector<std::uint32_t> order(values.size()), expected(values.size());
  SortedOrder(values, order);
  std::iota(expected.begin(), expected.end(), 0);
  std::stable_sort(expected.begin(), expected.end(), [&](std::uint32_t a, std::uint32_t b) {
    return values[a] < values[b] || (!std::isnan(values[a]) && std::isnan(values[b]));
  });
  EXPECT_EQ(order, expected);
}

RC_GTEST_PROP(SortedOrder, IsThatOfAStableSort, (const std::vector<double>& values)) { ExpectStable(values); }

RC_GTEST_PROP(SortedOrder, TellsNeighboursApart, (const std::vector<std::uint8_t>& steps)) {
  std::vector<double> values;  // equal in all digits but the last
  for (const std::uint8_t step : steps) values.push_back(1e9 + step * 1.2e-7);
  ExpectStable(values);
}

TEST(SortedOrder, PutsNaNLastAndTakesZerosForEqual) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  ExpectStable({0.0, NAN, -0.0, kInfinity, -1, NAN, -kInfinity, 0.0, 5e-324, -5e-324});
  ExpectStable({});
}

}  // namespace
}  // namespace meterhound::numerics
