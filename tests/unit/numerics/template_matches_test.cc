// Matches counted side by side against matches counted one by one.
#include "numerics/template_matches.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <vector>

#include "numerics/random.h"
#include "numerics/sorted_order.h"

namespace meterhound::numerics {
namespace {

std::vector<std::uint32_t> OrderOf(const std::vector<double>& values) {
  std::vector<std::uint32_t> order(values.size());
  SortedOrder(values, order);
  return order;
}

std::uint32_t MatchesOf(const std::vector<double>& values, std::size_t at, std::size_t length, double tolerance) {
  if (at + length > values.size()) return 0;
  std::uint32_t matches = 0;
  for (std::size_t other = 0; other + length <= values.size(); ++other) {
    bool same = true;
    for (std::size_t k = 0; k < length; ++k) {
      const double high = std::max(values[at + k], values[other + k]);
      same = same && high - std::min(values[at + k], values[other + k]) <= tolerance;
    }
    matches += same ? 1 : 0;
  }
  return matches;
}

void ExpectCounts(const std::vector<double>& values, std::size_t length, const std::vector<double>& tolerances,
                  std::size_t every = 1) {
  const std::size_t n = values.size();
  const auto order = OrderOf(values);
  std::vector<std::uint32_t> shorter(tolerances.size() * n), longer(tolerances.size() * n);
  CountMatches(values, order, length, tolerances, shorter, longer);
  for (std::size_t r = 0; r < tolerances.size(); ++r) {
    for (std::size_t s = 0; s < n; s += every) {
      ASSERT_EQ(shorter[r * n + s], MatchesOf(values, order[s], length, tolerances[r])) << "place " << s << " of " << n;
      ASSERT_EQ(longer[r * n + s], MatchesOf(values, order[s], length + 1, tolerances[r]))
          << "place " << s << " of " << n;
    }
  }
}

RC_GTEST_PROP(TemplateMatches, AreThoseOfEveryPairCompared, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(1, 5);
  const auto size = *rc::gen::inRange<std::size_t>(length + 1, 200);
  const bool coarse =
      *rc::gen::arbitrary<bool>();  // whole numbers, so that many values are equal or exactly as far apart
  Random random(*rc::gen::arbitrary<std::uint32_t>());
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) values.push_back(coarse ? std::floor(random.Uniform() * 7) : random.Normal());
  ExpectCounts(values, length, {0, 0.3, 1, 2.5, 100});
}

// Beyond 65,534 values ranks no longer fit into 16 bits.
TEST(TemplateMatches, OfLongSeries) {
  Random random(5);
  std::vector<double> values(70000);
  for (double& value : values) value = random.Normal();
  ExpectCounts(values, 2, {0.002}, 4999);
}

}  // namespace
}  // namespace meterhound::numerics
