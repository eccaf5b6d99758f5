// Scoring by judges, and the order that follows.
#include "pipeline/scoring.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

namespace meterhound::pipeline {
namespace {

// Rows by the detector that judges them, in the order of the detectors' first rows.
std::vector<std::pair<const detectors::HybridDetector*, std::vector<std::size_t>>> ByJudge(
    std::span<const std::size_t> rows, const Judges& judges) {
  std::vector<std::pair<const detectors::HybridDetector*, std::vector<std::size_t>>> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto* judge = judges[rows[i]];
    auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == judge; });
    if (group == groups.end()) group = groups.insert(group, {judge, {}});
    group->second.push_back(i);
  }
  return groups;
}

std::vector<std::size_t> Chosen(std::span<const std::size_t> rows, const std::vector<std::size_t>& positions) {
  std::vector<std::size_t> chosen;
  chosen.reserve(positions.size());
  for (const std::size_t position : positions) chosen.push_back(rows[position]);
  return chosen;
}

detectors::Tier TierOf(double probability, const detectors::HybridDetector& model) {
  if (probability >= model.HighThreshold()) return detectors::Tier::kHigh;
  return probability >= model.MediumThreshold() ? detectors::Tier::kMedium : detectors::Tier::kLow;
}

}  // namespace

Result<std::vector<detectors::RowScore>> ScoreRows(const FeatureTable& table, const Judges& judges,
                                                   const detectors::HybridDetector& model, const RunContext& context) {
  std::vector<std::size_t> all(table.rows());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<detectors::RowScore> scores(table.rows());
  for (const auto& [judge, rows] : ByJudge(all, judges)) {
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<detectors::RowScore> some, judge->Score(table, rows, context));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      scores[rows[i]] = some[i];
      scores[rows[i]].tier = TierOf(some[i].probability, model);
    }
  }
  return scores;
}

std::vector<double> Probabilities(const std::vector<detectors::RowScore>& scores) {
  std::vector<double> probabilities;
  for (const detectors::RowScore& score : scores) probabilities.push_back(score.probability);
  return probabilities;
}

Result<std::vector<explain::Explanation>> ExplainRows(const FeatureTable& table, std::span<const std::size_t> rows,
                                                      const Judges& judges, std::size_t contributions,
                                                      const RunContext& context) {
  std::vector<explain::Explanation> explanations(rows.size());
  for (const auto& [judge, positions] : ByJudge(rows, judges)) {
    const std::vector<std::size_t> chosen = Chosen(rows, positions);
    METERHOUND_ASSIGN_OR_RETURN(const detectors::ContributionMatrix shap, judge->Contributions(table, chosen, context));
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<double> values, judge->ModelValues(table, chosen, context));
    const std::vector<FeatureColumn>& columns = judge->ModelColumns();
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      explanations[positions[i]] = explain::Explain(
          shap.Row(i), std::span(values).subspan(i * columns.size(), columns.size()), columns, contributions);
    }
  }
  return explanations;
}

namespace {

std::vector<std::size_t> ByProbability(const Panel& panel, const std::vector<detectors::RowScore>& scores) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto key = [&](std::size_t row) {
      const detectors::RowScore& score = scores[row];
      return std::tuple(-score.probability, -score.margin, -score.anomaly_score);
    };
    return key(a) != key(b) ? key(a) < key(b) : panel.ids[a] < panel.ids[b];
  });
  return order;
}

}  // namespace

std::vector<std::size_t> RankConsumers(const Panel& panel, std::vector<detectors::RowScore>& scores,
                                       double novelty_share) {
  const std::vector<std::size_t> by_probability = ByProbability(panel, scores);
  std::vector<std::size_t> strange;
  for (const std::size_t row : by_probability) {
    scores[row].listed_for_sign = false;
    if (scores[row].strangeness.rarest_share < 1) strange.push_back(row);
  }
  std::stable_sort(strange.begin(), strange.end(), [&](std::size_t a, std::size_t b) {
    return scores[a].strangeness.StrangerThan(scores[b].strangeness);
  });
  std::vector<std::size_t> order;
  std::vector<std::uint8_t> listed(scores.size(), 0);
  std::size_t next = 0;
  std::size_t next_strange = 0;
  while (order.size() < scores.size()) {
    const auto place = static_cast<double>(order.size());
    const bool for_sign = std::floor((place + 1) * novelty_share) > std::floor(place * novelty_share);
    while (for_sign && next_strange < strange.size() && listed[strange[next_strange]] != 0) ++next_strange;
    while (next < by_probability.size() && listed[by_probability[next]] != 0) ++next;
    const bool strangest = for_sign && next_strange < strange.size();
    const std::size_t row = strangest ? strange[next_strange] : by_probability[next];
    scores[row].listed_for_sign = strangest;
    listed[row] = 1;
    order.push_back(row);
  }
  return order;
}

}  // namespace meterhound::pipeline
