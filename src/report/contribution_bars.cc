// SHAP values as bars around a middle line.
#include "report/contribution_bars.h"

#include <algorithm>
#include <cmath>

#include "report/case_report.h"
#include "report/svg.h"

namespace meterhound::report {

std::string ContributionBars(const explain::Explanation& explanation, const Language& language) {
  std::vector<std::pair<std::string, double>> rows;
  for (const explain::Contribution& contribution : explanation.strongest) {
    const bool trace = contribution.group == FeatureGroup::kInspection;
    rows.emplace_back(language.FeatureTitle(contribution.feature) + " = " + FeatureValue(contribution, language) +
                          (trace ? " (" + language.Text("page.trace") + ")" : ""),
                      contribution.log_odds);
  }
  if (explanation.rest_log_odds != 0) rows.emplace_back(language.Text("page.rest"), explanation.rest_log_odds);
  double most = 0.01;
  for (const auto& row : rows) most = std::max(most, std::fabs(row.second));
  std::string html = "<table class=\"bars\"><caption>" + Escape(language.Text("page.bars")) + "</caption><tbody>";
  for (const auto& [name, log_odds] : rows) {
    const double width = 100 * std::fabs(log_odds) / most;
    const bool raises = log_odds > 0;
    Svg svg(200, 12, language.Text(raises ? "page.raises" : "page.lowers"));
    svg.Line(100, 0, 100, 12, "axis");
    svg.Rect(raises ? 100 : 100 - width, 1.5, width, 9, raises ? "raises" : "lowers");
    html += "<tr><th scope=\"row\">" + Escape(name) + "</th><td>" + std::move(svg).Finish() +
            "</td><td class=\"number\">" + (raises ? "&times;&nbsp;" : "&divide;&nbsp;") +
            Escape(language.Decimal(std::exp(std::fabs(log_odds)), 2)) + "</td></tr>";
  }
  return html + "</tbody></table>";
}

}  // namespace meterhound::report
