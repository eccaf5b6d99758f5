// Folds depend on content alone, keep twins together and classes even.
#include "detectors/folds.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

TEST(Folds, TwinsShareAFoldAndOrderChangesNothing) {
  EXPECT_TRUE(rc::check([] {
    const auto rows = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 30), rc::gen::inRange(-1, 2)));
    std::vector<std::uint64_t> hashes;
    std::vector<std::int8_t> labels;
    for (const auto& [hash, label] : rows) {
      hashes.push_back(static_cast<std::uint64_t>(hash));
      labels.push_back(static_cast<std::int8_t>(label));
    }
    const auto folds = AssignFolds(hashes, labels, 5, 7);
    std::map<std::uint64_t, std::uint32_t> of;
    for (std::size_t row = 0; row < hashes.size(); ++row) {
      RC_ASSERT(folds[row] < 5U);
      RC_ASSERT(of.emplace(hashes[row], folds[row]).first->second == folds[row]);
    }
    const auto order = ShuffledOrder(hashes.size(), 3);
    std::vector<std::uint64_t> other_hashes;
    std::vector<std::int8_t> other_labels;
    for (const std::size_t row : order) {
      other_hashes.push_back(hashes[row]);
      other_labels.push_back(labels[row]);
    }
    const auto other = AssignFolds(other_hashes, other_labels, 5, 7);
    for (std::size_t i = 0; i < order.size(); ++i) RC_ASSERT(other[i] == folds[order[i]]);
    const auto canonical = CanonicalOrder(hashes, labels, 7);
    const auto other_canonical = CanonicalOrder(other_hashes, other_labels, 7);
    for (std::size_t i = 0; i < order.size(); ++i) {
      RC_ASSERT(hashes[canonical[i]] == other_hashes[other_canonical[i]]);
      RC_ASSERT(labels[canonical[i]] == other_labels[other_canonical[i]]);
    }
  }));
}

TEST(Folds, ClassesAreEven) {
  std::vector<std::uint64_t> hashes;
  std::vector<std::int8_t> labels;
  for (std::uint64_t i = 0; i < 1003; ++i) {
    hashes.push_back(numerics::MixSeed(1, i));
    labels.push_back(i % 12 == 0 ? 1 : 0);
  }
  const auto folds = AssignFolds(hashes, labels, 5, 1);
  std::size_t count[2][5] = {};
  for (std::size_t row = 0; row < folds.size(); ++row) ++count[labels[row]][folds[row]];
  for (const auto& counts : count) {
    const auto [low, high] = std::minmax_element(std::begin(counts), std::end(counts));
    EXPECT_LE(*high - *low, 1U);
  }
  EXPECT_NE(folds, AssignFolds(hashes, labels, 5, 2));
  const double shares[] = {0.7, 0.15, 0.15};
  const auto parts = AssignParts(hashes, labels, shares, 1);
  EXPECT_NEAR(static_cast<double>(std::count(parts.begin(), parts.end(), 1U)), 150, 2);
}

}  // namespace
}  // namespace meterhound::detectors
