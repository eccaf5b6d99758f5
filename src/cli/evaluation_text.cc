// Lines up the figures of an evaluation.
#include "cli/evaluation_text.h"

#include "base/numbers.h"
#include "cli/format.h"

namespace meterhound::cli {
namespace {

std::string Padded(std::string text, std::size_t width) {
  if (text.size() < width) text.resize(width, ' ');
  return text;
}

std::string Figure(const detectors::Interval& interval, int decimals) {
  return Decimal(interval.value, decimals) + " (" + Decimal(interval.low, decimals) + "-" +
         Decimal(interval.high, decimals) + ")";
}

std::string PercentFigure(const detectors::Interval& interval) {
  return Decimal(100 * interval.value, 1) + " % (" + Decimal(100 * interval.low, 1) + "-" +
         Decimal(100 * interval.high, 1) + ")";
}

std::string Without(const detectors::Evaluation& evaluation) {
  if (evaluation.without.empty()) return {};
  std::string text = "All of it without:";
  for (const FeatureGroup group : evaluation.without) text += " " + std::string(FeatureGroupName(group));
  return text + "\n";
}

// What to expect of tomorrow's visits, and why it is not the largest figure.
std::string Headline(const detectors::Evaluation& evaluation) {
  const detectors::EvaluatedView& headline = evaluation.Headline();
  const detectors::EvaluatedView& all = evaluation.views.front();
  if (&headline == &all || headline.pooled.at_share.empty()) return {};
  return "Of 100 visits to the top 1 %, where nobody has been yet, expect " +
         Decimal(100 * headline.pooled.at_share.front().precision.value, 0) +
         " to find theft (prospective). With all " + std::to_string(all.features) + " features it is " +
         Decimal(100 * all.pooled.at_share.front().precision.value, 0) + ", but " +
         std::to_string(all.features - headline.features) +
         " of them may be\nthe trace of an inspection that had already found the theft.\n";
}

}  // namespace

std::string EvaluationText(const detectors::Evaluation& evaluation) {
  std::string text = "Measured on " + WithThousands(evaluation.consumers) + " consumers with known truth, " +
                     WithThousands(evaluation.thefts) + " thefts (" + Decimal(100 * evaluation.theft_share, 2) + " %)";
  if (evaluation.inspected_only) text += ", inspected ones alone";
  if (evaluation.effective) {
    text += ", weighted by their selection (worth " + Decimal(*evaluation.effective, 0) + " of equal weight)";
  }
  if (evaluation.folds > 0) text += ", nested " + std::to_string(evaluation.folds) + "-fold";
  text += ", 95 % intervals:\n";
  text += Padded("  features", 22) + Padded("count", 8) + Padded("ROC-AUC", 22) + Padded("PR-AUC", 22) +
          "precision at 1 %\n";
  for (const detectors::EvaluatedView& view : evaluation.views) {
    text += Padded((&view == &evaluation.Headline() ? "> " : "  ") + view.name, 22) +
            Padded(std::to_string(view.features), 8) + Padded(Figure(view.pooled.roc_auc, 3), 22) +
            Padded(Figure(view.pooled.pr_auc, 3), 22);
    if (!view.pooled.at_share.empty()) text += PercentFigure(view.pooled.at_share.front().precision);
    text += "\n";
  }
  return text + Without(evaluation) + Headline(evaluation);
}

}  // namespace meterhound::cli
