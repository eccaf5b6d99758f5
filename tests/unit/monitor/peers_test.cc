// Every statistic against scipy's and Evidently's own values (oracles/make_drift_goldens.py).
#include "monitor/proportions.h"
#include "numerics/distributions.h"
#include "numerics/kolmogorov_smirnov.h"
#include "unit/monitor/monitor_support.h"

namespace meterhound::monitor {
namespace {

// Probabilities agree to ten digits of their own size down to 1e-290, below which scipy's and ours lose digits.
void ExpectSame(double ours, double theirs, const std::string& where) {
  EXPECT_NEAR(ours, theirs, 1e-10 * std::fabs(theirs) + 1e-290) << where;
}

// What scipy computes as one minus a distribution function has its digits counted from one.
void ExpectNear(double ours, double theirs, const std::string& where) { EXPECT_NEAR(ours, theirs, 1e-10) << where; }

TEST(Peers, TwoSampleKolmogorovSmirnov) {
  std::size_t exact = 0;
  for (const Json& one : Goldens().at("two_samples")) {
    Drawn drawn = Draw(one);
    std::sort(drawn.first.begin(), drawn.first.end());
    std::sort(drawn.second.begin(), drawn.second.end());
    const auto found = numerics::TwoSampleKolmogorovSmirnov(drawn.first, drawn.second);
    ExpectSame(found.statistic, one.at("statistic").get<double>(), one.dump());
    ExpectNear(found.p, one.at("p").get<double>(), one.dump());
    EXPECT_EQ(found.exact, drawn.first.size() <= 10000 && drawn.second.size() <= 10000);
    exact += found.exact ? 1 : 0;
  }
  EXPECT_GT(exact, 50U);
  EXPECT_LT(exact, Goldens().at("two_samples").size());
}

TEST(Peers, OneSampleKolmogorov) {
  for (const Json& one : Goldens().at("one_sample")) {
    ExpectNear(numerics::KolmogorovTail(one.at("n").get<std::size_t>(), one.at("d").get<double>()),
               one.at("p").get<double>(), one.dump());
  }
}

// Small probabilities are what corrections for many tests live on: these agree in their own digits.
TEST(Peers, SmallProbabilitiesKeepTheirDigits) {
  std::size_t seen = 0;
  for (const Json& one : Goldens().at("two_samples")) {
    const auto theirs = one.at("p").get<double>();
    if (theirs > 1e-3 || theirs < 1e-200) continue;
    Drawn drawn = Draw(one);
    std::sort(drawn.first.begin(), drawn.first.end());
    std::sort(drawn.second.begin(), drawn.second.end());
    const double ours = numerics::TwoSampleKolmogorovSmirnov(drawn.first, drawn.second).p;
    EXPECT_NEAR(ours / theirs, 1, 1e-9) << one.dump();
    ++seen;
  }
  EXPECT_GT(seen, 15U);
}

TEST(Peers, ChiSquareDistribution) {
  for (const Json& one : Goldens().at("chi_square").at("tails")) {
    ExpectSame(numerics::ChiSquareTail(one.at("x").get<double>(), one.at("freedom").get<double>()),
               one.at("tail").get<double>(), one.dump());
  }
  for (const Json& one : Goldens().at("chi_square").at("quantiles")) {
    ExpectSame(numerics::ChiSquareQuantile(one.at("tail").get<double>(), one.at("freedom").get<double>()),
               one.at("x").get<double>(), one.dump());
  }
}

TEST(Peers, ChiSquareOfCounts) {
  for (const Json& one : Goldens().at("tables")) {
    ExpectSame(ChiSquareOfCounts(one.at("reference").get<std::vector<std::size_t>>(),
                                 one.at("current").get<std::vector<std::size_t>>()),
               one.at("p").get<double>(), one.dump());
  }
}

TEST(Peers, TwoProportions) {
  for (const Json& one : Goldens().at("proportions")) {
    ExpectSame(TwoProportions(one.at("hits_1").get<std::size_t>(), one.at("n_1").get<std::size_t>(),
                              one.at("hits_2").get<std::size_t>(), one.at("n_2").get<std::size_t>()),
               one.at("p").get<double>(), one.dump());
  }
}

TEST(Peers, ChangeOfMeans) {
  for (const Json& one : Goldens().at("means")) {
    const Drawn drawn = Draw(one);
    const MeanChange change = ChangeOfMeans(MomentsOf(drawn.first), MomentsOf(drawn.second));
    ExpectSame(change.change, one.at("change").get<double>(), one.dump());
    ExpectSame(change.p, one.at("p").get<double>(), one.dump());
  }
}

TEST(Peers, BenjaminiHochberg) {
  for (const Json& one : Goldens().at("false_discovery")) {
    const auto count = one.at("count").get<std::size_t>();
    std::vector<double> p = Uniforms(count, 301 + count);
    for (double& each : p) each = std::pow(each, one.at("power").get<double>());
    const std::vector<double> adjusted = BenjaminiHochberg(p);
    for (std::size_t i = 0; i < count; ++i) ExpectSame(adjusted[i], one.at("adjusted")[i].get<double>(), one.dump());
  }
}

TEST(Peers, StabilityIsEvidentlysOverItsBins) {
  std::size_t categorical = 0;
  for (const Json& one : Goldens().at("stability")) {
    const Drawn drawn = Draw(one);
    Bins bins;
    const auto edges = one.at("edges").get<std::vector<double>>();
    if (edges.empty()) {  // few values: a bin each, those of either sample
      std::vector<double> both = drawn.first;
      both.insert(both.end(), drawn.second.begin(), drawn.second.end());
      std::sort(both.begin(), both.end());
      bins = CategoryBins(both);
      ++categorical;
    } else {  // numpy's bins are closed on the left, the last on both sides
      for (std::size_t i = 1; i + 1 < edges.size(); ++i) bins.edges.push_back({edges[i], true});
    }
    const double psi = Psi(Shares(CountBins(bins, drawn.first)), Shares(CountBins(bins, drawn.second)));
    ExpectSame(psi, one.at("psi").get<double>(), one.dump());
  }
  EXPECT_EQ(categorical, 3U);
}

// Shares .2 .3 .5 against .3 .3 .4: .1 ln 1.5 + 0 + .1 ln 1.25.
TEST(Stability, HandWorkedExample) {
  const std::vector<double> reference = {.2, .3, .5};
  const std::vector<double> current = {.3, .3, .4};
  EXPECT_NEAR(Psi(reference, current), 0.0405465108 + 0.0223143551, 1e-9);
  // An empty bin counts as 1e-4: (.2 - .0001) ln(.2 / .0001) for the first, and .2 ln(.5 / .3) for the second.
  EXPECT_NEAR(Psi(std::vector<double>{.2, .3, .5}, std::vector<double>{0, .5, .5}),
              0.1999 * 7.6009024595 + 0.2 * 0.5108256238, 1e-9);
}

}  // namespace
}  // namespace meterhound::monitor
