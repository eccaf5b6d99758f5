// What may be learnt from, what is laid aside, and who takes whose place: on towns that are honest, broken or poisoned.
#include "pipeline/retraining.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>
#include <set>

#include "numerics/random.h"
#include "pipeline/drift_check.h"
#include "pipeline/training.h"

namespace meterhound::pipeline {
namespace {

constexpr std::size_t kDays = 60;

double Day(int year, int month, int day) {
  return static_cast<double>(DaysFromCivil({year, month, day})) * kSecondsPerDay;
}

/// Daily readings; thieves use a third less after the first half.
Panel Town(std::size_t consumers, std::uint64_t seed, double theft = 0.3) {
  numerics::Random random(seed);
  Panel panel;
  panel.source = "town";
  auto timeline = std::make_shared<Timeline>();
  timeline->cadence = Cadence::kDaily;
  for (std::size_t day = 0; day < kDays; ++day) {
    timeline->times.push_back(Day(2020, 1, 1) + static_cast<double>(day) * kSecondsPerDay);
  }
  SeriesKind kind{.name = "kwh", .unit = "kWh", .timeline = timeline, .values = {}, .missing = {}};
  Attribute rooms{"rooms", Attribute::Type::kNumeric, FeatureGroup::kAttribute, {}, {}};
  Attribute district{"district", Attribute::Type::kCategorical, FeatureGroup::kAttribute, {}, {"east", "west"}};
  std::vector<std::size_t> numbers(consumers);
  std::iota(numbers.begin(), numbers.end(), std::size_t{1000});
  random.Shuffle(numbers);
  for (std::size_t row = 0; row < consumers; ++row) {
    panel.ids.push_back("c" + std::to_string(numbers[row]));
    const bool thief = random.Bernoulli(theft);
    panel.labels.push_back(thief ? 1 : 0);
    const double level = random.Uniform(5, 20);
    const double after = thief ? 0.66 : random.Uniform(0.8, 1.1);
    for (std::size_t day = 0; day < kDays; ++day) {
      const bool missing = random.Bernoulli(0.05);
      kind.missing.push_back(missing ? 1 : 0);
      kind.values.push_back(missing ? NAN : level * random.Uniform(0.7, 1.3) * (day > 30 ? after : 1));
    }
    rooms.values.push_back(std::floor(random.Uniform(1, 6)));
    district.values.push_back(static_cast<double>(random.Below(2)));
  }
  panel.kinds = {kind};
  panel.attributes = {rooms, district};
  return panel;
}

Config Quick() {
  Config config;
  config.tsfresh_settings = "minimal+theft";
  config.boosting_rounds = 60;
  config.max_depth = 3;
  config.learning_rate = 0.1;
  config.forest_estimators = 20;
  config.bootstraps = 200;
  config.retraining_margin = 0.05;
  return config;
}

SourceData DataOf(Panel panel) {
  SourceData data;
  data.panel = std::move(panel);
  return data;
}

class Retraining : public testing::Test {
 protected:
  static Model Train(const Panel& panel, const Config& config = Quick()) {
    ThreadPool pool(2);
    Progress progress;
    const RunContext context{pool, progress, {}};
    const Prepared prepared = Prepare(DataOf(panel), config, context).value();
    const detectors::HybridDetector detector = FitDetector(prepared, config, context).value();
    const monitor::Baseline baseline = BaselineOf(prepared, detector, context).value();
    const detectors::Bundle bundle = MakeBundle(prepared.plan, detector, MakeManifest(prepared, config, nullptr),
                                                prepared.hashes, nullptr, &baseline)
                                         .value();
    return Read(bundle);
  }

  static Model Read(const detectors::Bundle& bundle) {
    const std::filesystem::path file =
        std::filesystem::path(testing::TempDir()) / ("retraining-" + bundle.Fingerprint() + ".mh");
    EXPECT_TRUE(bundle.Write(file).ok());
    Model model = Model::Load(file).value();
    std::filesystem::remove(file);
    return model;
  }

  static void SetUpTestSuite() { champion_ = std::make_unique<Model>(Train(Town(600, 1))); }
  static void TearDownTestSuite() { champion_.reset(); }
  static const Model& Champion() { return *champion_; }

  static RetrainOutcome Run(Panel panel, const Config& config = Quick(), std::size_t threads = 2) {
    ThreadPool pool(threads);
    Progress progress;
    auto outcome = Retrain(DataOf(std::move(panel)), Champion(), config, {pool, progress, {}});
    EXPECT_TRUE(outcome.ok()) << outcome.error().ToString();
    return *std::move(outcome);
  }

  static std::set<std::string> Failed(const RetrainOutcome& outcome) {
    std::set<std::string> names;
    for (const Gate& gate : outcome.gates) {
      if (!gate.passed) names.insert(gate.name);
    }
    return names;
  }

  static void ExpectRefused(const RetrainOutcome& outcome, const std::string& gate) {
    EXPECT_EQ(outcome.verdict, Verdict::kReject);
    EXPECT_TRUE(Failed(outcome).contains(gate)) << ToJson(outcome).dump(1);
    EXPECT_FALSE(outcome.challenger.has_value());
    EXPECT_FALSE(outcome.comparison.has_value());
    EXPECT_FALSE(outcome.reasons.empty());
  }

  ThreadPool pool_{2};
  Progress progress_;
  RunContext context_{pool_, progress_, {}};

 private:
  inline static std::unique_ptr<Model> champion_;  // gone before XGBoost's own globals are
};

TEST_F(Retraining, AnHonestTownIsLearntFromAndNothingOfWhatItIsMeasuredOn) {
  const Panel town = Town(1600, 2);
  const RetrainOutcome outcome = Run(town);
  ASSERT_TRUE(outcome.challenger) << ToJson(outcome).dump(1);
  EXPECT_TRUE(Failed(outcome).empty());
  EXPECT_NE(outcome.verdict, Verdict::kReject) << ToJson(outcome).dump(1);
  const Model challenger = Read(*outcome.challenger);
  std::size_t unseen = 0;
  for (std::size_t row = 0; row < town.rows(); ++row) unseen += challenger.HasSeen(town.ContentHash(row)) ? 0 : 1;
  EXPECT_EQ(unseen, outcome.comparison->consumers);
  EXPECT_NEAR(static_cast<double>(unseen), 400, 60);
  EXPECT_EQ(challenger.manifest["retraining"]["champion"], Champion().fingerprint);
  ASSERT_TRUE(challenger.evaluation);
  EXPECT_EQ(challenger.evaluation->views.front().pooled.roc_auc.value, outcome.comparison->challenger.roc_auc.value);
  ASSERT_EQ(challenger.evaluation->fairness.size(), 1U);
  EXPECT_EQ(challenger.evaluation->fairness.front().attribute, "district");
}

TEST_F(Retraining, ThreadsAndOrderChangeNothing) {
  const Panel town = Town(500, 3);
  std::vector<std::size_t> order(town.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  numerics::Random(5).Shuffle(order);
  const RetrainOutcome one = Run(town, Quick(), 1);
  const RetrainOutcome other = Run(town.Select(order), Quick(), 3);
  ASSERT_TRUE(one.challenger && other.challenger);
  EXPECT_EQ(ToJson(one).dump(), ToJson(other).dump());
}

TEST_F(Retraining, RowsLaidAsideAreNobodys) {
  // Half of them the champion's own, and each row of the others twice, once without its label.
  const Panel seen = Town(600, 1);
  const Panel fresh = Town(300, 4);
  Panel town = fresh;
  std::vector<std::size_t> twice(2 * town.rows());
  for (std::size_t i = 0; i < twice.size(); ++i) twice[i] = i % town.rows();
  town = town.Select(twice);
  for (std::size_t row = 300; row < 600; ++row) town.labels[row] = kUnlabelled;
  const std::vector<std::uint64_t> hashes = ContentHashes(town, context_);
  const RowParts parts = DrawUntouched(town, hashes, Champion(), Quick());
  EXPECT_NEAR(static_cast<double>(parts.untouched.size()), 75, 25);
  EXPECT_EQ(parts.training.size(), 600 - 2 * parts.untouched.size());
  std::set<std::uint64_t> aside;
  for (const std::size_t row : parts.untouched) {
    EXPECT_NE(town.labels[row], kUnlabelled);
    aside.insert(hashes[row]);
  }
  for (const std::size_t row : parts.training) EXPECT_FALSE(aside.contains(hashes[row]));
  const RowParts none = DrawUntouched(seen, ContentHashes(seen, context_), Champion(), Quick());
  EXPECT_TRUE(none.untouched.empty());
  EXPECT_FALSE(UntouchedRowsGate(seen, none).passed);
  ExpectRefused(Run(seen), "untouched_rows");
}

// Consumers come back with other days: those laid aside once are laid aside again, so that their labels were never
// learnt.
TEST_F(Retraining, TheSameConsumersAreLaidAsideAgain) {
  const RetrainOutcome first = Run(Town(1600, 2));
  ASSERT_TRUE(first.challenger);
  EXPECT_FALSE(first.notes.empty());  // the champion was trained on everybody
  EXPECT_NE(first.notes.back().find("the comparison then favours it"), std::string::npos);
  const Model challenger = Read(*first.challenger);
  const Panel before = Town(1600, 2);
  const Panel later = Town(1600, 20);
  std::set<std::string> learnt;
  for (std::size_t row = 0; row < before.rows(); ++row) {
    if (challenger.HasSeen(before.ContentHash(row))) learnt.insert(before.ids[row]);
  }
  const RowParts parts = DrawUntouched(later, ContentHashes(later, context_), challenger, Quick());
  EXPECT_GT(parts.untouched.size(), 300U);
  for (const std::size_t row : parts.untouched) EXPECT_FALSE(learnt.contains(later.ids[row])) << later.ids[row];
  EXPECT_TRUE(NeverSaw(challenger, parts.share, Quick()));
  EXPECT_FALSE(NeverSaw(challenger, 0.4, Quick()));
  Config other = Quick();
  other.seed = 2;
  EXPECT_FALSE(NeverSaw(challenger, parts.share, other));
  EXPECT_EQ(LayAside(DataOf(before), Quick()).panel.rows(), learnt.size());
}

TEST_F(Retraining, FewNewLabelsLayHalfAsideAtMost) {
  const Panel town = Town(200, 6, 0.25);
  const auto thefts = static_cast<std::size_t>(std::count(town.labels.begin(), town.labels.end(), std::int8_t{1}));
  ASSERT_GT(thefts, 42U);
  ASSERT_LT(thefts, 80U);  // a quarter of them is not enough
  const RowParts parts = DrawUntouched(town, ContentHashes(town, context_), Champion(), Quick());
  EXPECT_TRUE(UntouchedRowsGate(town, parts).passed);
  EXPECT_GT(parts.share, 0.25);
  EXPECT_LE(parts.share, 0.5);
}

TEST_F(Retraining, AFloodOfLabelsIsRefused) {
  Panel town = Town(600, 7);
  for (std::size_t row = 0; row < town.rows(); row += 3) town.labels[row] = 1;
  ExpectRefused(Run(town), "label_rate");
  std::fill(town.labels.begin(), town.labels.end(), std::int8_t{0});
  std::fill(town.labels.begin(), town.labels.begin() + 60, std::int8_t{1});  // 10 % where 30 % were
  ExpectRefused(Run(town), "label_rate");
}

TEST_F(Retraining, AFewMoreThievesAreNoFlood) {
  const Gate gate = LabelRateGate(Town(2000, 8, 0.36), Champion());
  EXPECT_TRUE(gate.passed) << gate.finding;
}

TEST_F(Retraining, ReadingsThatNeverChangeAreRefused) {
  Panel town = Town(600, 9);
  std::fill(town.kinds[0].values.begin(), town.kinds[0].values.end(), 5.0);
  std::fill(town.kinds[0].missing.begin(), town.kinds[0].missing.end(), std::uint8_t{0});
  ExpectRefused(Run(town), "readings");
}

TEST_F(Retraining, OneConsumersReadingsForAllAreRefused) {
  Panel town = Town(600, 10);
  auto& values = town.kinds[0].values;
  auto& missing = town.kinds[0].missing;
  for (std::size_t row = 1; row < town.rows(); ++row) {
    std::copy_n(values.begin(), kDays, values.begin() + static_cast<std::ptrdiff_t>(row * kDays));
    std::copy_n(missing.begin(), kDays, missing.begin() + static_cast<std::ptrdiff_t>(row * kDays));
  }
  ExpectRefused(Run(town), "readings");
}

TEST_F(Retraining, AFeedThatLostReadingsIsRefused) {
  Panel town = Town(600, 11);
  numerics::Random random(12);
  for (std::size_t i = 0; i < town.kinds[0].values.size(); ++i) {
    if (!random.Bernoulli(0.3)) continue;
    town.kinds[0].values[i] = NAN;
    town.kinds[0].missing[i] = 1;
  }
  ExpectRefused(Run(town), "missing_readings");
}

// The share of thefts is left as it is, so that nothing but the champion can tell.
TEST_F(Retraining, ShuffledLabelsAreRefused) {
  Panel town = Town(800, 13);
  numerics::Random(14).Shuffle(town.labels);
  const RetrainOutcome outcome = Run(town);
  ExpectRefused(outcome, "champion");
  EXPECT_EQ(Failed(outcome).size(), 1U);
}

TEST_F(Retraining, InvertedLabelsAreRefused) {
  const Model champion = Train(Town(600, 15, 0.5));
  Panel town = Town(600, 16, 0.5);
  for (std::int8_t& label : town.labels) label = label == 1 ? 0 : 1;
  const auto outcome = Retrain(DataOf(town), champion, Quick(), context_);
  ASSERT_TRUE(outcome.ok());
  ExpectRefused(*outcome, "champion");
  EXPECT_EQ(Failed(*outcome).size(), 1U);
}

TEST_F(Retraining, AColumnThatCountsAlongIsRefused) {
  Panel town = Town(600, 17);
  std::vector<std::size_t> order(town.rows());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return town.labels[a] > town.labels[b]; });
  town = town.Select(order);
  std::iota(town.attributes[0].values.begin(), town.attributes[0].values.end(), 1.0);
  ExpectRefused(Run(town), "leaks");
}

TEST_F(Retraining, AWorseChallengerIsNotPromoted) {
  Config config = Quick();
  config.boosting_rounds = 1;
  config.max_depth = 1;
  config.tsfresh_settings = "minimal";
  const RetrainOutcome outcome = Run(Town(1600, 2), config);
  ASSERT_TRUE(outcome.comparison);
  EXPECT_LT(outcome.comparison->difference.roc_auc.high, 0);
  EXPECT_EQ(outcome.verdict, Verdict::kReject);
}

TEST_F(Retraining, APersonIsAskedWhereTheSettingsSaySo) {
  Config config = Quick();
  config.retraining_promote = "ask";
  config.retraining_margin = 0.2;
  const RetrainOutcome asked = Run(Town(1600, 2), config);
  EXPECT_EQ(asked.verdict, Verdict::kAsk);
  config.retraining_promote = "auto";
  EXPECT_EQ(Run(Town(1600, 2), config).verdict, Verdict::kPromote);
}

}  // namespace
}  // namespace meterhound::pipeline
