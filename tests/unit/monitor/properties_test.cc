// What must hold for any sample: of the index, the test, the correction, and the whole comparison.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "monitor/proportions.h"
#include "numerics/kolmogorov_smirnov.h"
#include "unit/monitor/monitor_support.h"

namespace meterhound::monitor {
namespace {

/// Few distinct values, so that ties, atoms and edges are met; sometimes NaN.
std::vector<double> AnyValues(bool with_missing) {
  const auto numbers = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-12, 13));
  std::vector<double> values;
  for (const int number : numbers) values.push_back(with_missing && number == 12 ? NAN : number / 4.0);
  return values;
}

std::vector<double> Sorted(std::vector<double> values) {
  std::erase_if(values, [](double value) { return std::isnan(value); });
  std::sort(values.begin(), values.end());
  return values;
}

double PsiOver(const Bins& bins, const std::vector<double>& reference, const std::vector<double>& current) {
  return Psi(Shares(CountBins(bins, reference)), Shares(CountBins(bins, current)));
}

RC_GTEST_PROP(Stability, IsNotNegativeAndSymmetric, ()) {
  const auto reference = AnyValues(true);
  const auto current = AnyValues(true);
  const Bins bins = QuantileBins(Sorted(AnyValues(false)));
  const double psi = PsiOver(bins, reference, current);
  RC_ASSERT(psi >= 0);
  RC_ASSERT(psi == PsiOver(bins, current, reference));
}

RC_GTEST_PROP(Stability, IsZeroForEqualSamples, ()) {
  const auto values = AnyValues(true);
  auto shuffled = values;
  std::reverse(shuffled.begin(), shuffled.end());
  RC_ASSERT(PsiOver(QuantileBins(Sorted(values)), values, shuffled) == 0);
}

// Edges are values of the sample, so mapping both leaves every count as it is.
RC_GTEST_PROP(Stability, IsTheSameUnderRisingTransformations, ()) {
  const auto reference = AnyValues(true);
  const auto current = AnyValues(true);
  const auto rise = [](double value) { return std::exp(value) + value; };
  const Bins bins = QuantileBins(Sorted(reference));
  Bins mapped = bins;
  for (BinEdge& edge : mapped.edges) edge.at = rise(edge.at);
  std::vector<double> risen;
  std::vector<double> risen_current;
  for (const double value : reference) risen.push_back(rise(value));
  for (const double value : current) risen_current.push_back(rise(value));
  RC_ASSERT(mapped == QuantileBins(Sorted(risen)));
  RC_ASSERT(PsiOver(bins, reference, current) == PsiOver(mapped, risen, risen_current));
}

RC_GTEST_PROP(Bins, CountEveryValueOnce, ()) {
  const auto values = AnyValues(true);
  const Bins bins = QuantileBins(Sorted(AnyValues(false)));
  const auto counts = CountBins(bins, values);
  RC_ASSERT(counts.size() == bins.count() + 1);
  std::size_t sum = 0;
  for (const std::size_t count : counts) sum += count;
  RC_ASSERT(sum == values.size());
  RC_ASSERT(counts.back() == static_cast<std::size_t>(
                                 std::count_if(values.begin(), values.end(), [](double v) { return std::isnan(v); })));
}

RC_GTEST_PROP(Bins, AreAscendingAndAtMostTwoAQuantile, ()) {
  const Bins bins = QuantileBins(Sorted(AnyValues(false)));
  RC_ASSERT(bins.edges.size() <= 2 * (kDefaultBins - 1));
  for (std::size_t i = 1; i < bins.edges.size(); ++i) {
    const BinEdge& before = bins.edges[i - 1];
    const BinEdge& edge = bins.edges[i];
    RC_ASSERT(before.at < edge.at || (before.at == edge.at && before.open && !edge.open));
  }
}

RC_GTEST_PROP(TwoSamples, StatisticAndProbabilityLieBetweenNoughtAndOne, ()) {
  const auto first = Sorted(AnyValues(false));
  const auto second = Sorted(AnyValues(false));
  const auto found = numerics::TwoSampleKolmogorovSmirnov(first, second);
  const auto exchanged = numerics::TwoSampleKolmogorovSmirnov(second, first);
  if (first.empty() || second.empty()) {
    RC_ASSERT(std::isnan(found.statistic) && std::isnan(found.p));
    return;
  }
  RC_ASSERT(found.statistic >= 0 && found.statistic <= 1);
  RC_ASSERT(found.p > 0 && found.p <= 1);
  RC_ASSERT(found.statistic == exchanged.statistic);
  RC_ASSERT(std::fabs(found.p - exchanged.p) <= 1e-12 * found.p);
}

// The statistic, by its definition.
RC_GTEST_PROP(TwoSamples, StatisticIsTheLargestDistance, ()) {
  const auto first = Sorted(AnyValues(false));
  const auto second = Sorted(AnyValues(false));
  RC_PRE(!first.empty() && !second.empty());
  double farthest = 0;
  for (double at = -4; at <= 4; at += 0.25) {
    const auto share = [at](const std::vector<double>& values) {
      return static_cast<double>(std::upper_bound(values.begin(), values.end(), at) - values.begin()) /
             static_cast<double>(values.size());
    };
    farthest = std::max(farthest, std::fabs(share(first) - share(second)));
  }
  RC_ASSERT(std::fabs(numerics::TwoSampleKolmogorovSmirnov(first, second).statistic - farthest) < 1e-12);
}

RC_GTEST_PROP(FalseDiscovery, KeepsTheOrderAndOnlyRaises, ()) {
  const auto numbers = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1001));
  std::vector<double> p;
  for (const int number : numbers) p.push_back(number / 1000.0);
  const auto adjusted = BenjaminiHochberg(p);
  for (std::size_t i = 0; i < p.size(); ++i) {
    RC_ASSERT(adjusted[i] >= p[i] && adjusted[i] <= 1);
    for (std::size_t j = 0; j < p.size(); ++j) RC_ASSERT(p[i] > p[j] || adjusted[i] <= adjusted[j]);
  }
}

RC_GTEST_PROP(Moments, OfAPooledSampleAreThoseOfItsParts, ()) {
  const auto a = AnyValues(false);
  const auto b = AnyValues(false);
  auto both = a;
  both.insert(both.end(), b.begin(), b.end());
  const Moments pooled = Pool(MomentsOf(a), MomentsOf(b));
  const Moments direct = MomentsOf(both);
  RC_ASSERT(pooled.n == direct.n);
  RC_ASSERT(std::fabs(pooled.mean - direct.mean) < 1e-9);
  RC_ASSERT(std::fabs(pooled.variance - direct.variance) < 1e-9);
}

/// Any table of one feature, and a current one.
Snapshot OneColumn(const std::vector<double>& values) {
  Snapshot to;
  to.features.columns = {{.name = "kwh__mean"}};
  to.features.values = values;
  for (std::size_t row = 0; row < values.size(); ++row) to.features.ids.push_back(std::to_string(row));
  return to;
}

RC_GTEST_FIXTURE_PROP(MonitorTest, DoesNotDependOnTheOrderOfRows, ()) {
  const auto reference = AnyValues(true);
  auto current = AnyValues(true);
  const Json forwards = ToJson(Compare(OneColumn(reference), OneColumn(current)));
  std::reverse(current.begin(), current.end());
  auto reversed = reference;
  std::reverse(reversed.begin(), reversed.end());
  RC_ASSERT(DumpJson(forwards) == DumpJson(ToJson(Compare(OneColumn(reversed), OneColumn(current)))));
}

RC_GTEST_FIXTURE_PROP(MonitorTest, FindsNothingBetweenEqualSamples, ()) {
  const auto values = AnyValues(true);
  const DriftReport report = Compare(OneColumn(values), OneColumn(values));
  RC_ASSERT(!report.drift);
  RC_ASSERT(report.columns.front().psi == 0);
}

// Stored and read back, a baseline of any column gives the same comparison.
RC_GTEST_FIXTURE_PROP(MonitorTest, AStoredBaselineComparesAlike, ()) {
  const Snapshot reference = OneColumn(AnyValues(true));
  const Snapshot current = OneColumn(AnyValues(true));
  const Baseline kept = MakeBaseline(reference, context_, Baseline::kKeptValues).value();
  const Baseline read = Baseline::Decode(kept.Encode(), "test").value();
  const auto compare = [&](const Baseline& baseline) {
    return DumpJson(ToJson(CompareWithBaseline(baseline, current, {}, context_).value()));
  };
  RC_ASSERT(compare(kept) == compare(read));
  RC_ASSERT(compare(kept) == compare(MakeBaseline(reference, context_).value()));
}

}  // namespace
}  // namespace meterhound::monitor
