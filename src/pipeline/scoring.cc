// Ranking and the scores file.
#include "pipeline/scoring.h"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/numbers.h"

namespace meterhound::pipeline {
std::vector<std::size_t> RankConsumers(const Panel& panel, const std::vector<detectors::RowScore>& scores) {
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

Status WriteScores(const std::filesystem::path& path, const Panel& panel,
                   const std::vector<detectors::RowScore>& scores, const std::vector<std::size_t>& order) {
  std::string text = "consumer_id,probability,tier,anomaly_score\n";
  for (const std::size_t row : order) {
    AppendCsvField(text, panel.ids[row]);
    text += "," + FormatDouble(scores[row].probability) + "," + detectors::TierName(scores[row].tier) + "," +
            FormatDouble(scores[row].anomaly_score) + "\n";
  }
  return WriteFile(path, text);
}

}  // namespace meterhound::pipeline
