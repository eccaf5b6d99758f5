// Labels from inspections: what the unlabelled are taken to be, and what a detector learns where only some were
// visited.
#include "detectors/unlabelled.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "detectors/cross_validation.h"
#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

TEST(Unlabelled, WeightsSumToTheExpectedAndFollowTheMargins) {
  EXPECT_TRUE(rc::check("weights of thefts", [] {
    const auto steps = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-300, 300)));
    const auto share = *rc::gen::inRange(0, 101);
    std::vector<double> margins;
    for (const int step : steps) margins.push_back(step / 20.0);
    const double expected = share / 100.0 * static_cast<double>(margins.size());
    const std::vector<double> weights = TheftWeights(margins, expected);
    double sum = 0;
    for (std::size_t i = 0; i < margins.size(); ++i) {
      RC_ASSERT(weights[i] >= 0 && weights[i] <= 1);
      sum += weights[i];
      for (std::size_t k = 0; k < i; ++k) RC_ASSERT(!(margins[k] < margins[i]) || weights[k] <= weights[i]);
    }
    RC_ASSERT(std::abs(sum - expected) < 1e-6 * (1 + expected));
  }));
}

TEST(Unlabelled, WeightsAreElkanAndNotos) {
  // Unless one reaches 1, weights are in the ratio of the odds: (1 - c) / c times them for some c.
  const std::vector<double> weights = TheftWeights(std::vector<double>{-4, -3, -1}, 0.2);
  EXPECT_NEAR(weights[1] / weights[0], std::exp(1), 1e-9);
  EXPECT_NEAR(weights[2] / weights[0], std::exp(3), 1e-9);
}

TEST(Unlabelled, DrawnVisitsSpeakForThoseNotVisited) {
  // 20 visits drawn from 400, 3 of them thefts; visits by rank (stand for 1) and the unvisited say nothing.
  std::vector<std::int8_t> labels(400, kUnlabelled);
  std::vector<double> stands_for(400, 1);
  for (std::size_t i = 0; i < 20; ++i) {
    labels[i] = i < 3 ? 1 : 0;
    stands_for[i] = 20;
  }
  labels.insert(labels.end(), 50, 1);
  stands_for.insert(stands_for.end(), 50, 1);
  EXPECT_NEAR(ShareByDrawnVisits(labels, stands_for).value(), 0.15, 1e-12);
  labels[0] = kUnlabelled;  // 19 are too few
  EXPECT_FALSE(ShareByDrawnVisits(labels, stands_for));
}

TEST(Unlabelled, TheBestBinFindsTheShareOfAFairSample) {
  // Thefts score higher than honest consumers and above some score there are no others, as the method asks.
  numerics::Random random(21);
  for (const double share : {0.05, 0.2}) {
    std::vector<double> all;
    std::vector<double> known;
    for (int i = 0; i < 20000; ++i) {
      const bool theft = random.Bernoulli(share);
      all.push_back(theft ? random.Uniform(0, 3) : random.Uniform(0, 2));
      if (theft && random.Bernoulli(0.4)) known.push_back(all.back());
    }
    EXPECT_NEAR(ShareByBestBin(known, all) / share, 1, 0.15) << share;
  }
}

TEST(Unlabelled, TheBestBinIsAnUpperBoundWhereClassesOverlap) {
  numerics::Random random(22);
  std::vector<double> all;
  std::vector<double> known;
  for (int i = 0; i < 20000; ++i) {
    const bool theft = random.Bernoulli(0.1);
    all.push_back(random.Normal() + (theft ? 1 : 0));
    if (theft && random.Bernoulli(0.4)) known.push_back(all.back());
  }
  const double share = ShareByBestBin(known, all);
  EXPECT_GT(share, 0.09);
  EXPECT_LT(share, 0.4);
}

/// A town whose truth is known to the test alone: crews visited those whom a simple rule ranked first, and a few drawn
/// at random.
struct Town {
  Labelled seen;  ///< labels as inspections leave them
  std::vector<std::int8_t> truth;
  std::vector<double> stands_for;
  std::vector<std::size_t> unvisited;

  Town(std::size_t rows, std::uint64_t seed, std::size_t ranked, std::size_t drawn) : seen(MakeLabelled(rows, seed)) {
    truth = seen.labels;
    numerics::Random random(seed, 1);
    std::vector<double> rule(rows);
    for (std::size_t row = 0; row < rows; ++row) rule[row] = seen.table.Row(row)[0] + 0.7 * random.Normal();
    std::vector<std::size_t> order(rows);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return rule[a] > rule[b]; });
    std::vector<std::size_t> rest(order.begin() + static_cast<std::ptrdiff_t>(ranked), order.end());
    random.Shuffle(rest);
    stands_for.assign(rows, 1);
    for (std::size_t i = 0; i < drawn; ++i) {
      stands_for[rest[i]] = static_cast<double>(rest.size()) / static_cast<double>(drawn);
    }
    unvisited.assign(rest.begin() + static_cast<std::ptrdiff_t>(drawn), rest.end());
    for (const std::size_t row : unvisited) seen.labels[row] = kUnlabelled;
  }

  std::vector<std::int8_t> NaiveLabels() const {
    std::vector<std::int8_t> labels = seen.labels;
    std::replace(labels.begin(), labels.end(), kUnlabelled, std::int8_t{0});
    return labels;
  }
};

HybridOptions Quick(bool positive_unlabelled) {
  HybridOptions options;
  options.trees.n_estimators = 60;
  options.trees.max_depth = 3;
  options.forest.n_estimators = 30;
  options.positive_unlabelled = positive_unlabelled;
  return options;
}

struct Judged {
  double predicted = 0;  ///< mean probability over the share that is true: 1 is right
  double roc_auc = 0;
};

Judged Judge(const HybridDetector& detector, const Labelled& fresh, Context& context) {
  const auto scores = detector.Score(fresh.table, context.run).value();
  std::vector<double> probability;
  double sum = 0;
  double thefts = 0;
  for (std::size_t row = 0; row < scores.size(); ++row) {
    probability.push_back(scores[row].probability);
    sum += scores[row].probability;
    thefts += fresh.labels[row];
  }
  return {sum / thefts, RocAuc(probability, fresh.labels)};
}

TEST(PositiveUnlabelled, ProbabilitiesComeNearerToTheTruthAndRanksStay) {
  Context context;
  const Labelled fresh = MakeLabelled(6000, 900);
  double naive_auc = 0;
  double aware_auc = 0;
  double mean_error = 0;
  constexpr int kTowns = 5;
  for (int town_number = 0; town_number < kTowns; ++town_number) {
    const Town town(3000, 100 + static_cast<std::uint64_t>(town_number), 360, 90);
    const auto naive =
        HybridDetector::Fit(town.seen.table, town.NaiveLabels(), town.seen.hashes, Quick(false), context.run);
    const auto aware = HybridDetector::Fit(town.seen.table, town.seen.labels, town.seen.hashes, Quick(true),
                                           context.run, town.stands_for);
    ASSERT_TRUE(naive.ok() && aware.ok());
    EXPECT_EQ(aware->Summary().share_known_by, "drawn visits");
    const Judged by_naive = Judge(*naive, fresh, context);
    const Judged by_aware = Judge(*aware, fresh, context);
    EXPECT_LT(std::abs(by_aware.predicted - 1), std::abs(by_naive.predicted - 1));
    naive_auc += by_naive.roc_auc / kTowns;
    aware_auc += by_aware.roc_auc / kTowns;
    mean_error += (by_aware.predicted - 1) / kTowns;
  }
  EXPECT_GT(aware_auc, naive_auc - 0.002);
  EXPECT_LT(std::abs(mean_error), 0.15);
}

TEST(PositiveUnlabelled, AGivenShareIsMet) {
  Context context;
  const Labelled fresh = MakeLabelled(6000, 901);
  const Town town(3000, 7, 400, 0);
  double thefts = 0;
  for (const std::size_t row : town.unvisited) thefts += town.truth[row];
  HybridOptions options = Quick(true);
  options.unlabelled_theft_share = thefts / static_cast<double>(town.unvisited.size());
  const auto detector = HybridDetector::Fit(town.seen.table, town.seen.labels, town.seen.hashes, options, context.run);
  ASSERT_TRUE(detector.ok());
  EXPECT_EQ(detector->Summary().share_known_by, "given");
  EXPECT_NEAR(Judge(*detector, fresh, context).predicted, 1, 0.12);
}

TEST(PositiveUnlabelled, KnownTheftsAloneWillDo) {
  // A fair sample of the thefts is known and nothing else.
  Context context;
  Labelled town = MakeLabelled(3000, 31);
  const std::vector<std::int8_t> truth = town.labels;
  numerics::Random random(32);
  std::size_t known = 0;
  for (std::int8_t& label : town.labels) {
    label = label == 1 && random.Bernoulli(0.5) ? 1 : kUnlabelled;
    known += label == 1 ? 1 : 0;
  }
  const auto detector = HybridDetector::Fit(town.table, town.labels, town.hashes, Quick(true), context.run);
  ASSERT_TRUE(detector.ok()) << detector.error().message;
  EXPECT_EQ(detector->Summary().share_known_by, "best bin");
  const Labelled fresh = MakeLabelled(6000, 902);
  const Judged aware = Judge(*detector, fresh, context);
  std::vector<std::int8_t> naive = town.labels;
  std::replace(naive.begin(), naive.end(), kUnlabelled, std::int8_t{0});
  const Judged blind =
      Judge(HybridDetector::Fit(town.table, naive, town.hashes, Quick(false), context.run).value(), fresh, context);
  EXPECT_LT(std::abs(std::log(aware.predicted)), std::abs(std::log(blind.predicted)));
  EXPECT_GT(aware.roc_auc, blind.roc_auc - 0.005);
}

TEST(PositiveUnlabelled, WithNobodyUnlabelledNothingChanges) {
  Context context;
  const Labelled data = MakeLabelled(900, 41);
  const auto plain = HybridDetector::Fit(data.table, data.labels, data.hashes, Quick(false), context.run).value();
  const auto aware = HybridDetector::Fit(data.table, data.labels, data.hashes, Quick(true), context.run).value();
  const auto expected = plain.Score(data.table, context.run).value();
  const auto found = aware.Score(data.table, context.run).value();
  for (std::size_t row = 0; row < found.size(); ++row) {
    EXPECT_NEAR(found[row].probability, expected[row].probability, 1e-6);
  }
}

TEST(PositiveUnlabelled, RowOrderAndThreadsChangeNoByte) {
  const Town town(900, 5, 200, 60);
  const auto bytes = [](const Labelled& data, const std::vector<double>& stands_for, std::size_t threads) {
    Context context(threads);
    Bundle bundle;
    EXPECT_TRUE(HybridDetector::Fit(data.table, data.labels, data.hashes, Quick(true), context.run, stands_for)
                    ->Serialize(bundle)
                    .ok());
    return bundle.Encode();
  };
  const auto order = ShuffledOrder(900, 3);
  std::vector<double> stands_for;
  for (const std::size_t row : order) stands_for.push_back(town.stands_for[row]);
  const std::string first = bytes(town.seen, town.stands_for, 1);
  EXPECT_EQ(first, bytes(town.seen.Permuted(order), stands_for, 4));
  const HybridDetector loaded = HybridDetector::Load(Bundle::Decode(first, "m").value()).value();
  EXPECT_TRUE(loaded.Options().positive_unlabelled);
  EXPECT_EQ(loaded.Summary().share_known_by, "drawn visits");
}

TEST(PositiveUnlabelled, ResamplingIsRefused) {
  Context context;
  const Labelled data = MakeLabelled(300, 51);
  HybridOptions options = Quick(true);
  options.resampling = Resampling::kSmoteTomek;
  const auto refused = HybridDetector::Fit(data.table, data.labels, data.hashes, options, context.run);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("smote_tomek"), std::string::npos);
}

// Measured on the inspected alone, a ranking looks far better or worse than it is; by inverse probabilities of
// selection, as it is.
TEST(PositiveUnlabelled, CrossValidationMeasuresTheTownByThoseInspected) {
  Context context;
  CrossValidationOptions options;
  options.detector = Quick(true);
  options.metrics.bootstraps = 200;
  options.views = {{"all", {}}};
  double weighted_error = 0;
  double plain_error = 0;
  constexpr int kTowns = 3;
  for (int number = 0; number < kTowns; ++number) {
    const Town town(4000, 200 + static_cast<std::uint64_t>(number), 400, 400);
    const auto result =
        CrossValidate(town.seen.table, town.seen.labels, town.seen.hashes, options, context.run, town.stands_for);
    ASSERT_TRUE(result.ok()) << result.error().message;
    const Evaluation& evaluation = result->evaluation;
    EXPECT_EQ(evaluation.consumers, 800U);
    EXPECT_TRUE(evaluation.inspected_only);
    EXPECT_LT(*evaluation.effective, 800);
    const double share = static_cast<double>(std::count(town.truth.begin(), town.truth.end(), 1)) / 4000;
    weighted_error += evaluation.theft_share / share - 1;
    plain_error += static_cast<double>(evaluation.thefts) / 800 / share - 1;
  }
  EXPECT_LT(std::abs(weighted_error / kTowns), 0.15);
  EXPECT_GT(std::abs(plain_error / kTowns), 0.3);
}

TEST(WeightedMetrics, AWholeWeightIsAsManyConsumers) {
  EXPECT_TRUE(rc::check("weights as repetitions", [] {
    const auto rows = *rc::gen::inRange<std::size_t>(4, 60);
    std::vector<double> probability, weight, repeated;
    std::vector<std::int8_t> label, repeated_label;
    for (std::size_t i = 0; i < rows; ++i) {
      probability.push_back(*rc::gen::inRange(0, 20) / 20.0);
      label.push_back(i < 2 ? static_cast<std::int8_t>(i) : *rc::gen::element<std::int8_t>(0, 1));
      const auto times = *rc::gen::inRange<std::size_t>(1, 5);
      weight.push_back(static_cast<double>(times));
      repeated.insert(repeated.end(), times, probability.back());
      repeated_label.insert(repeated_label.end(), times, label.back());
    }
    ThreadPool pool(1);
    const Metrics weighted = ComputeMetrics(probability, label, {.bootstraps = 0}, pool, weight);
    const Metrics plain = ComputeMetrics(repeated, repeated_label, {.bootstraps = 0}, pool);
    const auto same = [](const Interval& a, const Interval& b) {
      RC_ASSERT((std::isnan(a.value) && std::isnan(b.value)) || std::abs(a.value - b.value) < 1e-9);
    };
    same(weighted.roc_auc, plain.roc_auc);
    same(weighted.pr_auc, plain.pr_auc);
    same(weighted.brier, plain.brier);
    same(weighted.ece, plain.ece);
    for (std::size_t i = 0; i < plain.at_share.size(); ++i) {
      same(weighted.at_share[i].precision, plain.at_share[i].precision);
      same(weighted.at_share[i].recall, plain.at_share[i].recall);
    }
    RC_ASSERT(std::isnan(weighted.map_at_100.value));
  }));
}

}  // namespace
}  // namespace meterhound::detectors
