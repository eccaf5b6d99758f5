// Ranks by sorting once, counts of orders by merging, probabilities by sums of positive terms only.
#include "numerics/hypothesis_tests.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "numerics/kolmogorov_smirnov.h"
#include "numerics/sorted_order.h"

namespace meterhound::numerics {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// P(Z >= z).
double NormalTail(double z) { return 0.5 * std::erfc(z / std::numbers::sqrt2); }

// P(U >= u) of the Mann-Whitney statistic without ties: how many ways there are to choose ranks, by adding one rank
// after the other (Mann and Whitney 1947).
double ExactUTail(std::size_t u, std::size_t small, std::size_t large) {
  const std::size_t most = small * large;
  // ways[k][s]: choices of k of the values seen so far whose U is s.
  std::vector<std::vector<double>> ways(small + 1, std::vector<double>(most + 1, 0));
  ways[0][0] = 1;
  const std::size_t total = small + large;
  for (std::size_t seen = 0; seen < total; ++seen) {
    for (std::size_t k = std::min(seen + 1, small); k > 0; --k) {
      const std::size_t beaten = seen - (k - 1);  // values of the other sample below
      if (beaten > large) continue;
      for (std::size_t s = most + 1; s-- > beaten;) ways[k][s] += ways[k - 1][s - beaten];
    }
  }
  const double all = std::accumulate(ways[small].begin(), ways[small].end(), 0.0);
  double tail = 0;
  for (std::size_t s = most + 1; s-- > u;) tail += ways[small][s];
  return tail / all;
}

double LogChoose(std::uint64_t n, std::uint64_t k) {
  const auto log_factorial = [](std::uint64_t m) { return std::lgamma(static_cast<double>(m) + 1); };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

std::uint64_t Pairs(std::uint64_t count) { return count * (count - 1) / 2; }

// What tied groups of sizes t contribute to Kendall's variance.
struct Ties {
  std::uint64_t pairs = 0;  // t (t - 1) / 2
  double triples = 0;       // t (t - 1) (t - 2)
  double variance = 0;      // t (t - 1) (2 t + 5)
  void Add(std::uint64_t count) {
    const auto t = static_cast<double>(count);
    pairs += Pairs(count);
    triples += t * (t - 1) * (t - 2);
    variance += t * (t - 1) * (2 * t + 5);
  }
};

template <typename SameAsBefore>
Ties CountTies(std::size_t size, const SameAsBefore& same) {
  Ties ties;
  std::uint64_t run = 1;
  for (std::size_t i = 1; i <= size; ++i) {
    if (i < size && same(i)) {
      ++run;
    } else {
      ties.Add(run);
      run = 1;
    }
  }
  return ties;
}

// Pairs in descending order, by merge sort, which it leaves done.
std::uint64_t CountInversions(std::vector<double>& values) {
  std::vector<double> merged(values.size());
  std::uint64_t inversions = 0;
  for (std::size_t width = 1; width < values.size(); width *= 2) {
    for (std::size_t begin = 0; begin < values.size(); begin += 2 * width) {
      const std::size_t middle = std::min(begin + width, values.size());
      const std::size_t end = std::min(begin + 2 * width, values.size());
      std::size_t a = begin;
      std::size_t b = middle;
      for (std::size_t to = begin; to < end; ++to) {
        if (b == end || (a < middle && values[a] <= values[b])) {
          merged[to] = values[a++];
        } else {
          inversions += middle - a;
          merged[to] = values[b++];
        }
      }
    }
    std::swap(values, merged);
  }
  return inversions;
}

}  // namespace

double MannWhitneyTwoSided(std::span<const double> values, std::span<const std::uint32_t> order,
                           std::span<const std::uint8_t> in_first) {
  const std::size_t n = values.size();
  double rank_sum = 0;
  double tie_term = 0;
  std::size_t first = 0;
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    std::size_t of_first = 0;
    for (; end < n && values[order[end]] == values[order[begin]]; ++end) of_first += in_first[order[end]];
    const auto tied = static_cast<double>(end - begin);
    rank_sum += static_cast<double>(of_first) * (static_cast<double>(begin + end + 1) / 2);
    tie_term += tied * tied * tied - tied;
    first += of_first;
    begin = end;
  }
  const std::size_t second = n - first;
  if (first == 0 || second == 0) return kNaN;
  const auto n1 = static_cast<double>(first);
  const auto n2 = static_cast<double>(second);
  const double u1 = rank_sum - n1 * (n1 + 1) / 2;
  const double u = std::max(u1, n1 * n2 - u1);
  if (tie_term == 0 && std::min(first, second) <= 8) {
    const double tail = ExactUTail(static_cast<std::size_t>(u), std::min(first, second), std::max(first, second));
    return std::min(1.0, 2 * tail);
  }
  const double size = n1 + n2;
  const double deviation = std::sqrt(n1 * n2 / 12 * ((size + 1) - tie_term / (size * (size - 1))));
  return std::min(1.0, 2 * NormalTail((u - n1 * n2 / 2 - 0.5) / deviation));
}

double FisherExactTwoSided(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  const std::uint64_t row = a + b;
  const std::uint64_t column = a + c;
  const std::uint64_t total = row + c + d;
  if (row == 0 || column == 0 || row == total || column == total) return 1;
  const std::uint64_t low = row + column > total ? row + column - total : 0;
  const std::uint64_t high = std::min(row, column);
  const double log_all = LogChoose(total, column);
  const auto probability = [&](std::uint64_t k) {
    return std::exp(LogChoose(row, k) + LogChoose(total - row, column - k) - log_all);
  };
  // Tables as likely as this one count, whatever the last digits say; no others come so near.
  const double limit = probability(a) * (1 + 1e-9);
  // From the least likely ends inwards, so that small terms are added first.
  double left = 0;
  std::uint64_t k = low;
  for (; k <= high; ++k) {
    const double p = probability(k);
    if (p > limit) break;
    left += p;
  }
  if (k > high) return 1;
  double right = 0;
  for (std::uint64_t j = high; j > k; --j) {
    const double p = probability(j);
    if (p > limit) break;
    right += p;
  }
  return std::min(1.0, left + right);
}

double KendallTwoSided(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  // By x, and by y where x is equal.
  std::vector<std::uint32_t> by_y(n);
  SortedOrder(y, by_y);
  std::vector<double> x_by_y(n);
  for (std::size_t i = 0; i < n; ++i) x_by_y[i] = x[by_y[i]];
  std::vector<std::uint32_t> order(n);
  SortedOrder(x_by_y, order);
  for (std::uint32_t& each : order) each = by_y[each];

  const auto same_x = [&](std::size_t i) { return x[order[i]] == x[order[i - 1]]; };
  const Ties tied_x = CountTies(n, same_x);
  const Ties tied_both = CountTies(n, [&](std::size_t i) { return same_x(i) && y[order[i]] == y[order[i - 1]]; });
  std::vector<double> sorted(n);
  for (std::size_t i = 0; i < n; ++i) sorted[i] = y[order[i]];
  const std::uint64_t discordant = CountInversions(sorted);
  const Ties tied_y = CountTies(n, [&](std::size_t i) { return sorted[i] == sorted[i - 1]; });

  const std::uint64_t all = Pairs(n);
  if (n < 2 || tied_x.pairs == all || tied_y.pairs == all) return kNaN;
  const double difference = static_cast<double>(all) - static_cast<double>(tied_x.pairs) -
                            static_cast<double>(tied_y.pairs) + static_cast<double>(tied_both.pairs) -
                            2 * static_cast<double>(discordant);
  const auto size = static_cast<double>(n);
  const double m = size * (size - 1);
  double variance = (m * (2 * size + 5) - tied_x.variance - tied_y.variance) / 18 +
                    (2 * static_cast<double>(tied_x.pairs) * static_cast<double>(tied_y.pairs)) / m;
  if (n > 2) variance += tied_x.triples * tied_y.triples / (9 * m * (size - 2));
  return std::min(1.0, 2 * NormalTail(std::fabs(difference) / std::sqrt(variance)));
}

double KolmogorovSmirnovTwoSided(std::span<const double> values, std::span<const std::uint32_t> order,
                                 std::span<const std::uint8_t> in_first) {
  const std::size_t n = values.size();
  const auto m1 = static_cast<std::size_t>(std::accumulate(in_first.begin(), in_first.end(), std::uint64_t{0}));
  const std::size_t m2 = n - m1;
  if (m1 == 0 || m2 == 0) return kNaN;
  const auto n1 = static_cast<std::int64_t>(m1);
  const auto n2 = static_cast<std::int64_t>(m2);
  // The distance in whole numbers: |i / n1 - j / n2| * n1 * n2.
  std::int64_t farthest = 0;
  std::int64_t seen1 = 0;
  std::int64_t seen2 = 0;
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin;
    for (; end < n && values[order[end]] == values[order[begin]]; ++end) ++(in_first[order[end]] != 0 ? seen1 : seen2);
    farthest = std::max(farthest, std::abs(seen1 * n2 - seen2 * n1));
    begin = end;
  }
  return ExactTwoSampleTail(n1, n2, farthest);
}

}  // namespace meterhound::numerics
