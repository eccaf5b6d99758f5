// Normal and t approximations where they hold, the exact test where they do not.
#include "monitor/proportions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "numerics/distributions.h"
#include "numerics/hypothesis_tests.h"

namespace meterhound::monitor {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Below this the z test calls two rare events among few a certainty.
constexpr double kLeastExpected = 10;

struct Term {
  const Moments& sample;
  double sign;
};

MeanChange Change(std::initializer_list<Term> terms) {
  MeanChange to;
  double variance = 0;
  double freedom = 0;  // Welch & Satterthwaite
  for (const Term& term : terms) {
    if (term.sample.n < 2) return {kNaN, kNaN, kNaN};
    const auto n = static_cast<double>(term.sample.n);
    to.change += term.sign * term.sample.mean;
    const double part = term.sample.variance / n;
    variance += part;
    freedom += part * part / (n - 1);
  }
  to.standard_error = std::sqrt(variance);
  if (variance == 0) {
    to.p = to.change == 0 ? 1 : 0;
  } else {
    to.p = numerics::StudentTTwoSided(to.change / to.standard_error, variance * variance / freedom);
  }
  return to;
}

}  // namespace

double TwoProportions(std::size_t hits_1, std::size_t n_1, std::size_t hits_2, std::size_t n_2) {
  if (n_1 == 0 || n_2 == 0) return kNaN;
  const auto n1 = static_cast<double>(n_1);
  const auto n2 = static_cast<double>(n_2);
  const double pooled = static_cast<double>(hits_1 + hits_2) / (n1 + n2);
  if (pooled == 0 || pooled == 1) return 1;
  if (std::min(n1, n2) * std::min(pooled, 1 - pooled) < kLeastExpected) {
    return numerics::FisherExactTwoSided(hits_1, n_1 - hits_1, hits_2, n_2 - hits_2);
  }
  const double difference = static_cast<double>(hits_1) / n1 - static_cast<double>(hits_2) / n2;
  const double z = difference / std::sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return std::erfc(std::fabs(z) / std::numbers::sqrt2);
}

Moments MomentsOf(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  Moments to{.n = values.size()};
  if (values.empty()) return to;
  to.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(to.n);
  double squares = 0;
  for (const double value : values) squares += (value - to.mean) * (value - to.mean);
  if (to.n > 1) to.variance = squares / static_cast<double>(to.n - 1);
  return to;
}

Moments Pool(const Moments& a, const Moments& b) {
  if (a.n == 0) return b;
  if (b.n == 0) return a;
  const auto n1 = static_cast<double>(a.n);
  const auto n2 = static_cast<double>(b.n);
  const double gap = b.mean - a.mean;
  const double squares = a.variance * (n1 - 1) + b.variance * (n2 - 1) + gap * gap * n1 * n2 / (n1 + n2);
  return {.n = a.n + b.n, .mean = a.mean + gap * n2 / (n1 + n2), .variance = squares / (n1 + n2 - 1)};
}

MeanChange ChangeOfMeans(const Moments& before, const Moments& after) { return Change({{after, 1}, {before, -1}}); }

MeanChange DifferenceOfChanges(const Moments& before, const Moments& after, const Moments& rest_before,
                               const Moments& rest_after) {
  return Change({{after, 1}, {before, -1}, {rest_after, -1}, {rest_before, 1}});
}

std::vector<double> BenjaminiHochberg(std::span<const double> p) {
  std::vector<double> adjusted(p.size(), kNaN);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  double least = 1;
  for (std::size_t rank = order.size(); rank > 0; --rank) {
    const std::size_t at = order[rank - 1];
    least = std::min(least, p[at] * (static_cast<double>(order.size()) / static_cast<double>(rank)));
    adjusted[at] = least;
  }
  return adjusted;
}

}  // namespace meterhound::monitor
