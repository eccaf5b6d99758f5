// The figures of an evaluation in sentences, tables and charts.
#include "report/evaluation_sections.h"

#include <cmath>

#include "report/evaluation_charts.h"
#include "report/fairness_section.h"
#include "report/leak_section.h"
#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

std::string Cell(const std::string& text) { return "<td class=\"number\">" + text + "</td>"; }

std::string IntervalText(const detectors::Interval& interval, int decimals) {
  return Decimal(interval.value, decimals) + " (" + Decimal(interval.low, decimals) + "&ndash;" +
         Decimal(interval.high, decimals) + ")";
}

std::string ShareText(const detectors::Interval& interval) {
  return Percent(interval.value) + " (" + Percent(interval.low) + " to " + Percent(interval.high) + ")";
}

// "46 (43 to 49)": of 100 visits.
std::string OfHundred(const detectors::Interval& precision) {
  return Decimal(100 * precision.value, 0) + " (" + Decimal(100 * precision.low, 0) + " to " +
         Decimal(100 * precision.high, 0) + ")";
}

const detectors::AtShare* AtShareOf(const detectors::Metrics& metrics, double share) {
  for (const detectors::AtShare& at : metrics.at_share) {
    if (std::fabs(at.share - share) < 1e-9) return &at;
  }
  return nullptr;
}

bool LeadsWithOthers(const detectors::Evaluation& evaluation) {
  return &evaluation.Headline() != &evaluation.views.front();
}

std::string Lead(const detectors::Evaluation& evaluation) {
  const detectors::AtShare* top = AtShareOf(evaluation.Headline().pooled, 0.01);
  if (top == nullptr) return {};
  return "<p class=\"lead\">Of 100 visits to the top 1&nbsp;% of such a list" +
         std::string(LeadsWithOthers(evaluation) ? ", where nobody has been yet, expect " : ", ") + "<strong>" +
         Decimal(100 * top->precision.value, 0) + "</strong> " +
         (LeadsWithOthers(evaluation) ? "to find theft" : "find theft") + " (95&nbsp;% interval " +
         Decimal(100 * top->precision.low, 0) + " to " + Decimal(100 * top->precision.high, 0) +
         "); visits at random find " + Decimal(100 * evaluation.theft_share, 1) + ".</p>";
}

// What the model's own figures may contain that tomorrow's visits will not have.
std::string WhatAllMayContain(const detectors::Evaluation& evaluation) {
  if (!LeadsWithOthers(evaluation)) return {};
  const detectors::EvaluatedView& all = evaluation.views.front();
  const detectors::AtShare* top = AtShareOf(all.pooled, 0.01);
  return "<p class=\"banner\"><strong>With all features it is " +
         (top != nullptr ? OfHundred(top->precision) : std::string("more")) +
         " of 100.</strong> The list below is ranked with all of them. " +
         WithThousands(all.features - evaluation.Headline().features) +
         " of them, such as an exchanged meter or a reader's remark, may be the trace of an inspection that had "
         "already "
         "found the theft: what they add need not be there tomorrow. A model without them is made with "
         "<code>--without inspection</code>.</p>";
}

std::string InspectedOnly(const detectors::Evaluation& evaluation) {
  if (!evaluation.inspected_only) return {};
  if (!evaluation.effective) {
    return " Only inspected consumers are judged; how they were chosen is not known, so these figures hold for visits "
           "chosen likewise.";
  }
  return " Only inspected consumers are judged, each standing for as many as the probability of its selection says; "
         "they tell as much as " +
         Decimal(*evaluation.effective, 0) + " of equal weight.";
}

std::string ViewName(const detectors::EvaluatedView& view, const detectors::Evaluation& evaluation) {
  std::string name = Escape(view.name);
  if (view.name == "all") name = "all features";
  if (view.name == detectors::kProspectiveView) name = "prospective: without what an inspection may itself change";
  if (view.name == "behaviour") name = "behaviour only: how energy is used";
  if (view.name == "coverage") name = "coverage only: which readings exist (the baseline)";
  return &view == &evaluation.Headline() ? "<strong>" + name + "</strong>" : name;
}

std::string Views(const detectors::Evaluation& evaluation) {
  std::string html =
      "<div class=\"scroll\"><table><caption>What the result rests on, 95&nbsp;% "
      "intervals</caption><thead><tr><th>Features</th><th "
      "class=\"number\">Count</th><th class=\"number\">ROC-AUC</th><th class=\"number\">PR-AUC</th><th "
      "class=\"number\">Precision at 1&nbsp;%</th></tr></thead><tbody>";
  for (const detectors::EvaluatedView& view : evaluation.views) {
    const detectors::AtShare* top = AtShareOf(view.pooled, 0.01);
    html += "<tr><th scope=\"row\">" + ViewName(view, evaluation) + "</th>" + Cell(WithThousands(view.features)) +
            Cell(IntervalText(view.pooled.roc_auc, 3)) + Cell(IntervalText(view.pooled.pr_auc, 3)) +
            Cell(top != nullptr ? ShareText(top->precision) : "") + "</tr>";
  }
  html += "</tbody></table></div>";
  if (evaluation.without.empty()) return html;
  html += "<p class=\"note\">Trained and measured without the groups ";
  for (std::size_t i = 0; i < evaluation.without.size(); ++i) {
    html += (i == 0 ? "" : ", ") + std::string(FeatureGroupName(evaluation.without[i]));
  }
  return html + ".</p>";
}

}  // namespace

std::string HowOftenRight(const RunReport& run) {
  if (!run.evaluation || run.evaluation->views.empty()) {
    return "<section><h2>How often is such a list right?</h2><p>This model carries no evaluation. Run "
           "<code>meterhound evaluate</code> on labelled readings to learn how far to trust its list.</p></section>";
  }
  const detectors::Evaluation& evaluation = *run.evaluation;
  std::string html = "<section><h2>How often is such a list right?</h2>" + Lead(evaluation);
  if (evaluation.leaks) html += LeakBanner(*evaluation.leaks);
  html += WhatAllMayContain(evaluation) + Views(evaluation);
  html += "<div class=\"scroll\"><table>";
  if (LeadsWithOthers(evaluation)) html += "<caption>As the list grows longer, prospective</caption>";
  html +=
      "<thead><tr><th>Visited</th><th class=\"number\">Visits that find theft</th><th "
      "class=\"number\">Thefts found</th><th class=\"number\">Times better than chance</th></tr></thead><tbody>";
  for (const detectors::AtShare& at : evaluation.Headline().pooled.at_share) {
    html += "<tr><th scope=\"row\">top " + Percent(at.share) + "</th>" + Cell(ShareText(at.precision)) +
            Cell(ShareText(at.recall)) + Cell(IntervalText(at.lift, 1)) + "</tr>";
  }
  html += "</tbody></table></div><p class=\"note\">Measured on " + WithThousands(evaluation.consumers) +
          " consumers whose truth is known, " + WithThousands(evaluation.thefts) +
          " of them thefts, each scored by a model that had not seen it (" +
          (evaluation.folds > 0 ? "nested " + std::to_string(evaluation.folds) + "-fold cross-validation"
                                : std::string("laid aside before it was trained")) +
          "). Intervals: 95&nbsp;%, " + WithThousands(evaluation.bootstraps) + " bootstraps." +
          InspectedOnly(evaluation) + "</p></section>";
  return html;
}

std::string HowItWasMeasured(const RunReport& run) {
  if (!run.evaluation || run.evaluation->views.empty()) return {};
  const detectors::Evaluation& evaluation = *run.evaluation;
  const detectors::Metrics& lead = evaluation.Headline().pooled;
  const detectors::Metrics& model = evaluation.views.front().pooled;
  std::string html = "<section><h2>How it was measured</h2><div class=\"charts\">";
  const auto figure = [&](const std::string& chart, const std::string& caption) {
    html += "<figure>" + chart + "<figcaption>" + caption + "</figcaption></figure>";
  };
  const double base = evaluation.theft_share;
  const std::string whose = LeadsWithOthers(evaluation) ? " Prospective." : "";
  figure(HitRateChart(lead, base), "How often visits are right as the list grows longer." + whose);
  figure(PrecisionRecallChart(lead, base), "Precision over recall; the dashed line is chance." + whose);
  figure(RocChart(lead), "ROC; the diagonal is chance." + whose);
  figure(ReliabilityChart(model), "Are 20 % really 20 %? On the diagonal, yes. The list's own probabilities.");
  html += "</div><p class=\"note\">Calibration of the list's probabilities: Brier score " +
          IntervalText(model.brier, 4) + ", expected calibration error " + IntervalText(model.ece, 4) +
          (std::isnan(model.calibration_slope.value)
               ? "."
               : ", slope " + IntervalText(model.calibration_slope, 2) + " (1 is ideal).") +
          " A model that does little better than the coverage row "
          "has learnt which readings exist rather than how energy is used.</p>";
  if (evaluation.leaks) html += LeakDetails(*evaluation.leaks);
  return html + FairnessDetails(evaluation.fairness) + "</section>";
}

}  // namespace meterhound::report
