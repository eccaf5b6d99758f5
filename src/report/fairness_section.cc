// One row a category, one pair of columns a length of the list.
#include "report/fairness_section.h"

#include <cmath>

#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

std::string Cell(const std::string& text) { return "<td class=\"number\">" + text + "</td>"; }

std::string ShareText(const detectors::Interval& interval) {
  if (std::isnan(interval.value)) return "&ndash;";
  return Percent(interval.value) + " (" + Percent(interval.low) + " to " + Percent(interval.high) + ")";
}

std::string Table(const detectors::FairnessTable& table) {
  double consumers = 0;
  double thefts = 0;
  for (const detectors::CategoryFairness& one : table.categories) {
    consumers += static_cast<double>(one.consumers);
    thefts += static_cast<double>(one.thefts);
  }
  const auto part = [](std::size_t of, double all) {
    return all > 0 ? Percent(static_cast<double>(of) / all) : "&ndash;";
  };
  std::string html = "<details><summary>By " + Escape(table.attribute) +
                     "</summary><div class=\"scroll\"><table><thead><tr><th>" + Escape(table.attribute) +
                     "</th><th class=\"number\">Consumers</th><th class=\"number\">Known thefts</th>";
  for (const detectors::CategoryVisits& at : table.categories.front().at_share) {
    html += "<th class=\"number\">Visits, top " + Percent(at.share) + "</th><th class=\"number\">Thefts found</th>" +
            "<th class=\"number\">Visits that find theft</th>";
  }
  html += "</tr></thead><tbody>";
  for (const detectors::CategoryFairness& one : table.categories) {
    html += "<tr><th scope=\"row\">" + Escape(one.category) + "</th>" + Cell(part(one.consumers, consumers)) +
            Cell(part(one.thefts, thefts));
    for (const detectors::CategoryVisits& at : one.at_share) {
      html += Cell(ShareText(at.visits)) + Cell(ShareText(at.found)) + Cell(ShareText(at.hits));
    }
    html += "</tr>";
  }
  return html + "</tbody></table></div></details>";
}

}  // namespace

std::string FairnessDetails(const std::vector<detectors::FairnessTable>& tables) {
  std::string html;
  for (const detectors::FairnessTable& table : tables) {
    if (!table.categories.empty()) html += Table(table);
  }
  if (html.empty()) return {};
  return "<h3>Whom the visits fall on</h3><p class=\"note\">Share of the visits that fall on each group, beside its "
         "share of the thefts found and how often visits there are right; 95&nbsp;% intervals. A group whose visits "
         "find theft less often than others' is visited too much. What is known of theft comes from inspections, and "
         "these may have favoured some groups already.</p>" +
         html;
}

}  // namespace meterhound::report
