// The report page: what to do first, how far to trust it, then each case, then how it was measured.
#include <algorithm>
#include <cmath>

#include "report/evaluation_charts.h"
#include "report/evaluation_sections.h"
#include "report/load_curve.h"
#include "report/page_style.h"
#include "report/quality_page.h"
#include "report/run_report.h"
#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

constexpr std::size_t kOpenCases = 10;  // shown in full; later ones unfold

std::string Tag(std::string_view tag, std::string_view content) {
  return "<" + std::string(tag) + ">" + std::string(content) + "</" + std::string(tag) + ">";
}

std::string Cell(const std::string& text) { return "<td class=\"number\">" + text + "</td>"; }

std::string SimulatedBanner(const RunReport& run) {
  if (!run.simulated) return {};
  return "<p class=\"banner\"><strong>Simulated data.</strong> These consumers do not exist. Simulated thefts are "
         "easier to "
         "find than real ones: the figures below show that the program works, not how well it would do for a "
         "utility.</p>";
}

std::string SeenBanner(const RunReport& run) {
  if (run.seen == 0) return {};
  return "<p class=\"banner\"><strong>The model has seen " + WithThousands(run.seen) + " of these " +
         WithThousands(run.consumers) +
         " consumers when it was trained.</strong> Their scores look better than they are; the " +
         "figures below come from cross-validation and do not.</p>";
}

std::string Tile(const std::string& number, const std::string& meaning) {
  return "<div class=\"tile\"><b>" + number + "</b><span>" + meaning + "</span></div>";
}

std::string Header(const RunReport& run) {
  std::string html = "<header><h1>Whom to visit first</h1><p class=\"note\">" + Escape(run.title) + " &middot; " +
                     Escape(run.generated) + "</p>" + SimulatedBanner(run) + SeenBanner(run);
  html += "<div class=\"tiles\">";
  html += Tile(WithThousands(run.consumers), "consumers ranked");
  html += Tile(WithThousands(run.high), "in the high tier, " + WithThousands(run.medium) + " in the medium tier");
  double expected = 0;
  const std::size_t shown = std::min(kOpenCases, run.cases.size());
  for (std::size_t i = 0; i < shown; ++i) expected += run.cases[i].probability;
  if (shown > 0) {
    const bool traces = run.evaluation && !run.evaluation->views.empty() &&
                        &run.evaluation->Headline() != &run.evaluation->views.front();
    html += Tile(Decimal(expected, 1) + " of " + std::to_string(shown),
                 "thefts expected among the first " + std::to_string(shown) + ", by their probabilities" +
                     (traces ? ", which take in the traces of inspections" : ""));
  }
  double missing = 0;
  for (const Case& one : run.cases) missing += one.evidence.missing_kwh ? one.evidence.missing_kwh->value : 0;
  if (missing > 0) {
    html += Tile(Significant(missing) + " kWh", "less than expected after a drop, over the cases shown");
  }
  return html + "</div></header>";
}

std::string TierBadge(const std::string& tier) {
  return "<span class=\"tier " + Escape(tier) + "\">" + Escape(tier) + "</span>";
}

std::string Known(const Case& one) {
  if (!one.known_label) return "not inspected";
  return *one.known_label ? "theft" : "honest";
}

std::string CaseId(const Case& one) { return "case-" + std::to_string(one.rank); }

std::string List(const RunReport& run) {
  const bool any_known =
      std::any_of(run.cases.begin(), run.cases.end(), [](const Case& one) { return one.known_label.has_value(); });
  std::string html =
      "<section><h2>The list</h2><div class=\"scroll\"><table><thead><tr><th "
      "class=\"number\">#</th><th>Consumer</th><th>Tier</th><th "
      "class=\"number\">Probability</th><th>Changed</th><th class=\"number wide\">kWh missing since</th><th "
      "class=\"wide\">Use over time</th>";
  if (any_known) html += "<th>On file</th>";
  html += "</tr></thead><tbody>";
  for (const Case& one : run.cases) {
    const explain::Evidence& evidence = one.evidence;
    html += "<tr>" + Cell(std::to_string(one.rank)) + "<td class=\"id\"><a href=\"#" + CaseId(one) + "\">" +
            Escape(one.consumer_id) + "</a></td><td>" + TierBadge(one.tier) + (one.sign.empty() ? "" : " rare sign") +
            "</td>" + Cell(Percent(one.probability));
    html += "<td class=\"date\">" +
            (evidence.change ? When(evidence.change->time, one.series.cadence) : std::string("&ndash;")) + "</td>";
    html += "<td class=\"number wide\">" +
            (evidence.missing_kwh ? Decimal(evidence.missing_kwh->value, 0) : "&ndash;") + "</td>";
    html += "<td class=\"wide\">" + Sparkline(one) + "</td>";
    if (any_known) html += Tag("td", Known(one));
    html += "</tr>\n";
  }
  html += "</tbody></table></div>";
  if (any_known) {
    html += "<p class=\"note\">&ldquo;On file&rdquo; is the label the readings came with.";
    if (run.seen == 0) html += " Every labelled consumer was scored by a model that had not seen it.";
    html += "</p>";
  }
  return html + "</section>";
}

std::string Bullets(std::string_view tag, std::string_view heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string html = "<div>" + Tag("h4", heading) + "<" + std::string(tag) + ">";
  for (const std::string& line : lines) html += Tag("li", Escape(line));
  return html + "</" + std::string(tag) + "></div>";
}

std::string Attributes(const Case& one) {
  if (one.attributes.empty()) return {};
  std::string html = "<dl>";
  for (const auto& [name, value] : one.attributes) html += Tag("dt", Escape(name)) + Tag("dd", Escape(value));
  return html + "</dl>";
}

std::string CaseSection(const Case& one, const CaseReport& words) {
  const std::string heading = "<h3>" + std::to_string(one.rank) + ". <span class=\"id\">" + Escape(one.consumer_id) +
                              "</span> " + TierBadge(one.tier) + " " + Percent(one.probability) + "</h3>";
  const std::string body =
      Tag("p", Escape(words.summary)) + "<figure>" + LoadCurve(one) +
      "<figcaption>Thin: readings; thick: four-week mean; grey: no readings; dashed: level before and after "
      "the change, whose day lies in the shaded range.</figcaption></figure>" +
      "<div class=\"columns\">" + Bullets("ul", "What speaks for a visit", words.supporting) +
      Bullets("ul", "What speaks against theft", words.against) + "</div>" +
      Bullets("ol", "What to check", words.checks) + ContributionBars(one.explanation) + Attributes(one);
  if (one.rank <= kOpenCases) {
    return "<article class=\"case\" id=\"" + CaseId(one) + "\">" + heading + body + "</article>\n";
  }
  return "<details class=\"case\" id=\"" + CaseId(one) + "\"><summary>" + heading + "</summary>" + body +
         "</details>\n";
}

std::string Quality(const RunReport& run) {
  return run.quality.empty() ? "" : "<section><h2>The data</h2>" + QualityTable(run.quality) + "</section>";
}

std::string Footer(const RunReport& run) {
  std::string html = "<footer><p>" + Escape(kScoreIsNotProof) + "</p>";
  html +=
      "<p>Energy missing is the level before the drop, with its season, less what was metered on days that were read; "
      "its range is two standard errors of that level. ";
  if (run.tariff > 0) {
    html +=
        "Money at " + Significant(run.tariff) + (run.currency.empty() ? "" : " " + Escape(run.currency)) + " a kWh. ";
  }
  html +=
      "Tiers: the probability that the top 1 % (high; 50 % at most) and 5 % (medium) of consumers reached when the "
      "model was made.</p>";
  html += "<p>meterhound " + Escape(run.version) + " &middot; model <span class=\"id\">" +
          Escape(run.model_fingerprint.substr(0, 16)) + "</span></p></footer>";
  return html;
}

}  // namespace

std::string RunPage(const RunReport& run, const std::vector<CaseReport>& words) {
  std::string body = Header(run) + "<main>" + HowOftenRight(run) + List(run) + "<section><h2>The cases</h2>\n";
  for (std::size_t i = 0; i < run.cases.size(); ++i) body += CaseSection(run.cases[i], words[i]);
  body += "</section>" + HowItWasMeasured(run) + Quality(run) + "</main>" + Footer(run);
  return Page("Whom to visit first: " + run.title, body);
}

}  // namespace meterhound::report
