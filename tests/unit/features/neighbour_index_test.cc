// Neighbours against all pairs compared; the same from any order of rows and after storing.
#include "features/neighbour_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/calendar.h"
#include "numerics/random.h"
#include "support/feature_panels.h"

namespace meterhound::features {
namespace {

using testing::Context;

NeighbourSpec Spec() { return {.name = "round", .attribute = "region", .first_day = 100, .most = 7}; }

struct Town {
  Panel panel;
  std::vector<std::uint64_t> hashes;
  std::vector<std::set<std::int64_t>> days;  // from the spec's first day on

  Town Permuted(const std::vector<std::size_t>& order) const {
    Town to{panel.Select(order), {}, {}};
    for (const std::size_t row : order) {
      to.hashes.push_back(hashes[row]);
      to.days.push_back(days[row]);
    }
    return to;
  }
};

// Consumers of two regions, one of no known region, with days drawn from a few rounds.
Town MakeTown(std::size_t consumers) {
  Town town;
  numerics::Random random(4);
  auto timeline = std::make_shared<Timeline>();
  timeline->shared = false;
  timeline->offsets = {0};
  timeline->cadence = Cadence::kIrregular;
  SeriesKind kind{.name = "kwh",
                  .unit = "kWh",
                  .group = FeatureGroup::kBehaviour,
                  .timeline = nullptr,
                  .values = {},
                  .missing = {}};
  Attribute region{
      .name = "region", .type = Attribute::Type::kCategorical, .values = {}, .categories = {"east", "west"}};
  for (std::size_t row = 0; row < consumers; ++row) {
    std::set<std::int64_t> days;
    const auto round = static_cast<std::int64_t>(random.Below(3));
    for (int bill = 0; bill < 9; ++bill)
      days.insert(60 + 30 * bill + 3 * round + static_cast<std::int64_t>(random.Below(2)));
    town.panel.ids.push_back("c" + std::to_string(row));
    town.panel.labels.push_back(kUnlabelled);
    region.values.push_back(row == 0 ? NAN : static_cast<double>(random.Below(2)));
    for (const std::int64_t day : days) {
      timeline->times.push_back(static_cast<double>(day) * kSecondsPerDay + 3600);
      kind.values.push_back(1);
      kind.missing.push_back(0);
    }
    timeline->offsets.push_back(timeline->times.size());
    days.erase(days.begin(), days.lower_bound(Spec().first_day));
    town.days.push_back(days);
    town.hashes.push_back(numerics::MixSeed(row / 2, 9));  // pairs of consumers with the same content
  }
  kind.timeline = timeline;
  town.panel.kinds = {kind};
  town.panel.attributes = {region};
  return town;
}

double Jaccard(const std::set<std::int64_t>& a, const std::set<std::int64_t>& b) {
  std::vector<std::int64_t> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return static_cast<double>(both.size()) / static_cast<double>(a.size() + b.size() - both.size());
}

TEST(NeighbourIndex, FindsTheMostAlikeOfAllPairs) {
  const Town town = MakeTown(60);
  Context context(3);
  const auto index = NeighbourIndex::Build(Spec(), town.panel, town.hashes, context.run).value();
  const Neighbours found = index.Find(town.panel, town.hashes, context.run).value();
  const auto& regions = town.panel.attributes[0].values;
  for (std::size_t row = 0; row < 60; ++row) {
    std::vector<double> expected;
    for (std::size_t other = 0; other < 60; ++other) {
      const double likeness = regions[row] == regions[other] ? Jaccard(town.days[row], town.days[other]) : 0;
      if (town.hashes[other] != town.hashes[row] && likeness > 0) expected.push_back(likeness);
    }
    std::sort(expected.rbegin(), expected.rend());
    expected.resize(std::min<std::size_t>(expected.size(), 7));
    ASSERT_EQ(found.Row(row).size(), expected.size()) << row;
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_FLOAT_EQ(found.Row(row)[i].similarity, static_cast<float>(expected[i]));
  }
  EXPECT_TRUE(found.Row(0).empty());
}

TEST(NeighbourIndex, OrderAndStoringChangeNothing) {
  const Town town = MakeTown(60);
  std::vector<std::size_t> order(60);
  for (std::size_t i = 0; i < 60; ++i) order[i] = (i * 37 + 11) % 60;
  const Town permuted = town.Permuted(order);
  Context context;
  const auto index = NeighbourIndex::Build(Spec(), town.panel, town.hashes, context.run).value();
  const auto other = NeighbourIndex::Build(Spec(), permuted.panel, permuted.hashes, context.run).value();
  const auto loaded = NeighbourIndex::Load(other.Serialize()).value();
  const Neighbours a = index.Find(town.panel, town.hashes, context.run).value();
  const Neighbours b = loaded.Find(permuted.panel, permuted.hashes, context.run).value();
  for (std::size_t i = 0; i < 60; ++i) {
    const auto of_a = a.Row(order[i]);
    const auto of_b = b.Row(i);
    ASSERT_EQ(of_a.size(), of_b.size());
    for (std::size_t k = 0; k < of_a.size(); ++k) {
      EXPECT_EQ(a.reference[of_a[k].place], b.reference[of_b[k].place]);
      EXPECT_EQ(of_a[k].similarity, of_b[k].similarity);
    }
  }
  EXPECT_EQ(loaded.spec().attribute, "region");
}

TEST(NeighbourIndex, RefusesWhatItCannotUse) {
  const Town town = MakeTown(6);
  Context context;
  NeighbourSpec spec = Spec();
  spec.attribute = "district";
  const auto index = NeighbourIndex::Build(spec, town.panel, town.hashes, context.run);
  ASSERT_FALSE(index.ok());
  EXPECT_NE(index.error().message.find("'district'"), std::string::npos);
  const std::string bytes = NeighbourIndex::Build(Spec(), town.panel, town.hashes, context.run).value().Serialize();
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7) EXPECT_FALSE(NeighbourIndex::Load(bytes.substr(0, cut)).ok());
  EXPECT_FALSE(NeighbourIndex::Load(bytes + "x").ok());
}

}  // namespace
}  // namespace meterhound::features
