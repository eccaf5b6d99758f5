// Evidence, explanation and series of chosen consumers, put together side by side.
#include "pipeline/cases.h"

#include <cmath>

#include "base/numbers.h"
#include "explain/evidence.h"

namespace meterhound::pipeline {
namespace {

constexpr std::size_t kContributions = 10;  // shown a case; the rest is summed

report::CaseSeries SeriesOf(const Panel& panel, std::size_t row) {
  const SeriesView view = panel.View(0, row);
  return {.kind = panel.kinds[0].name,
          .unit = panel.kinds[0].unit,
          .cadence = view.cadence,
          .times = {view.times.begin(), view.times.end()},
          .values = {view.values.begin(), view.values.end()},
          .missing = {view.missing.begin(), view.missing.end()}};
}

// The trees see a category as its code; a reader wants its name.
void NameCategories(const Panel& panel, std::size_t row, explain::Explanation& explanation) {
  for (explain::Contribution& contribution : explanation.strongest) {
    for (const Attribute& attribute : panel.attributes) {
      if (contribution.feature != "attribute__" + attribute.name || !std::isfinite(attribute.values[row])) continue;
      contribution.category = AttributeText(attribute, row);
    }
  }
}

std::vector<std::pair<std::string, std::string>> AttributesOf(const Panel& panel, std::size_t row) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const Attribute& attribute : panel.attributes) {
    if (std::isfinite(attribute.values[row])) texts.emplace_back(attribute.name, AttributeText(attribute, row));
  }
  return texts;
}

}  // namespace

explain::EvidenceOptions EvidenceOptionsOf(const Config& config) {
  return {.tariff = config.tariff, .minimum_drop = config.minimum_drop};
}

std::string AttributeText(const Attribute& attribute, std::size_t row) {
  const double value = attribute.values[row];
  if (!std::isfinite(value)) return {};
  switch (attribute.type) {
    case Attribute::Type::kCategorical:
      return attribute.categories[static_cast<std::size_t>(value)];
    case Attribute::Type::kDate:
      return FormatDate(value);
    case Attribute::Type::kNumeric:
      return FormatDouble(value);
  }
  return {};
}

Result<std::vector<std::optional<explain::Estimate>>> FindMissingEnergy(const Panel& panel, const Config& config,
                                                                        const RunContext& context) {
  std::vector<std::optional<explain::Estimate>> missing(panel.rows());
  context.progress.Begin("dating drops", panel.rows(), "consumers");
  context.pool.ParallelFor(
      panel.rows(), 64,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t row = begin; row < end; ++row) {
          missing[row] = explain::FindEvidence(panel.View(0, row), EvidenceOptionsOf(config)).missing_kwh;
        }
        context.progress.Advance(end - begin);
      },
      context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return missing;
}

Result<std::vector<report::Case>> BuildCases(const Panel& panel, const FeatureTable& table,
                                             const std::vector<detectors::RowScore>& scores, const Judges& judges,
                                             std::span<const std::size_t> rows, std::span<const std::size_t> ranks,
                                             const Config& config, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(std::vector<explain::Explanation> explanations,
                              ExplainRows(table, rows, judges, kContributions, context));
  std::vector<report::Case> cases(rows.size());
  context.pool.ParallelFor(
      rows.size(), 1,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          const std::size_t row = rows[i];
          const std::int8_t label = panel.labels[row];
          NameCategories(panel, row, explanations[i]);
          cases[i] = {.rank = ranks[i],
                      .consumer_id = panel.ids[row],
                      .probability = scores[row].probability,
                      .tier = detectors::TierName(scores[row].tier),
                      .anomaly_score = scores[row].anomaly_score,
                      .sign = {},
                      .sign_one_in = 0,
                      .known_label = label == kUnlabelled ? std::nullopt : std::optional(label == 1),
                      .explanation = std::move(explanations[i]),
                      .evidence = explain::FindEvidence(panel.View(0, row), EvidenceOptionsOf(config)),
                      .series = SeriesOf(panel, row),
                      .attributes = AttributesOf(panel, row)};
          if (!scores[row].listed_for_sign) continue;
          cases[i].sign = scores[row].strangeness.sign;
          cases[i].sign_one_in = std::floor(1 / scores[row].strangeness.rarest_share);
        }
      },
      context.stop);
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  return cases;
}

}  // namespace meterhound::pipeline
