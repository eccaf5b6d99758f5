// The list's order: by probability, with a share of the places for the strangest.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "pipeline/scoring.h"

namespace meterhound::pipeline {
namespace {

struct Town {
  Panel panel;
  std::vector<detectors::RowScore> scores;
};

Town DrawTown(std::size_t rows) {
  Town town;
  for (std::size_t row = 0; row < rows; ++row) {
    town.panel.ids.push_back("c" + std::to_string(row));
    detectors::RowScore score;
    score.probability = *rc::gen::inRange(0, 20) / 20.0;
    score.strangeness.rarest_share = *rc::gen::inRange(1, 5) / 4.0;
    town.scores.push_back(score);
  }
  return town;
}

RC_GTEST_PROP(RankConsumers, EveryBeginningOfTheListHoldsTheShare, ()) {
  Town town = DrawTown(*rc::gen::inRange<std::size_t>(0, 120));
  const double share = *rc::gen::inRange(0, 11) / 20.0;
  const std::vector<std::size_t> order = RankConsumers(town.panel, town.scores, share);
  RC_ASSERT(std::set<std::size_t>(order.begin(), order.end()).size() == town.scores.size());
  double last = 2;
  std::size_t for_sign = 0;
  std::set<std::size_t> left(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const detectors::RowScore& score = town.scores[order[i]];
    double strangest = 1;
    double likeliest = 0;
    for (const std::size_t row : left) {
      strangest = std::min(strangest, town.scores[row].strangeness.rarest_share);
      likeliest = std::max(likeliest, town.scores[row].probability);
    }
    if (score.listed_for_sign) {
      ++for_sign;
      RC_ASSERT(score.strangeness.rarest_share == strangest);
      RC_ASSERT(strangest < 1);
    } else {
      RC_ASSERT(score.probability == likeliest);
      RC_ASSERT(score.probability <= last);
      last = score.probability;
    }
    const auto due = static_cast<std::size_t>(std::floor(static_cast<double>(i + 1) * share));
    RC_ASSERT(for_sign <= due);
    if (strangest < 1) RC_ASSERT(for_sign == due);
    left.erase(order[i]);
  }
}

}  // namespace
}  // namespace meterhound::pipeline
