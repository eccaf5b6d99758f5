// The report page in the run's language (what was measured stays English): what to do first, how far to trust it, then
// each case, then how it was measured.
#include <algorithm>
#include <cmath>

#include "report/contribution_bars.h"
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

/// The escaped text of a key of the page, its slots filled.
std::string Words(const RunReport& run, const char* key, const std::map<std::string, std::string>& slots = {}) {
  return Escape(LanguageOf(run).Text(std::string("page.") + key, slots));
}

std::string Banner(const std::string& headline, const std::string& meaning) {
  return "<p class=\"banner\"><strong>" + headline + "</strong> " + meaning + "</p>";
}

std::string SimulatedBanner(const RunReport& run) {
  return run.simulated ? Banner(Words(run, "simulated"), Words(run, "simulated_meaning")) : "";
}

std::string SeenBanner(const RunReport& run) {
  if (run.seen == 0) return {};
  const Language& language = LanguageOf(run);
  return Banner(Words(run, "seen",
                      {{"seen", language.Count(run.seen)}, {"of", language.Counted("units.consumers", run.consumers)}}),
                Words(run, "seen_meaning"));
}

std::string Tile(const std::string& number, const std::string& meaning) {
  return "<div class=\"tile\"><b>" + number + "</b><span>" + meaning + "</span></div>";
}

std::string Header(const RunReport& run) {
  const Language& language = LanguageOf(run);
  std::string html = "<header><h1>" + Words(run, "title") + "</h1><p class=\"note\">" + Escape(run.title) +
                     " &middot; " + Escape(run.generated) + "</p>" + SimulatedBanner(run) + SeenBanner(run);
  html += "<div class=\"tiles\">";
  html += Tile(language.Count(run.consumers), Words(run, "ranked"));
  html += Tile(language.Count(run.high), Words(run, "tier_counts", {{"medium", language.Count(run.medium)}}));
  double expected = 0;
  const std::size_t shown = std::min(kOpenCases, run.cases.size());
  for (std::size_t i = 0; i < shown; ++i) expected += run.cases[i].probability;
  if (shown > 0) {
    const bool traces = run.evaluation && !run.evaluation->views.empty() &&
                        &run.evaluation->Headline() != &run.evaluation->views.front();
    const std::string n = language.Count(shown);
    html += Tile(Words(run, "expected", {{"thefts", language.Decimal(expected, 1)}, {"n", n}}),
                 Words(run, "expected_meaning", {{"n", n}}) + (traces ? Words(run, "traces") : ""));
  }
  double missing = 0;
  for (const Case& one : run.cases) missing += one.evidence.missing_kwh ? one.evidence.missing_kwh->value : 0;
  if (missing > 0) {
    html += Tile(Escape(language.Text("units.kwh", {{"n", language.Significant(missing)}})), Words(run, "missing"));
  }
  return html + "</div></header>";
}

std::string TierBadge(const RunReport& run, const std::string& tier) {
  return "<span class=\"tier " + Escape(tier) + "\">" + Escape(LanguageOf(run).Text("tiers." + tier)) + "</span>";
}

std::string Known(const RunReport& run, const Case& one) {
  if (!one.known_label) return Words(run, "not_inspected");
  return Words(run, *one.known_label ? "theft" : "honest");
}

std::string CaseId(const Case& one) { return "case-" + std::to_string(one.rank); }

std::string List(const RunReport& run) {
  const bool any_known =
      std::any_of(run.cases.begin(), run.cases.end(), [](const Case& one) { return one.known_label.has_value(); });
  const Language& language = LanguageOf(run);
  std::string html = "<section><h2>" + Words(run, "list") +
                     "</h2><div class=\"scroll\"><table><thead><tr><th class=\"number\">#</th><th>" +
                     Words(run, "consumer") + "</th><th>" + Words(run, "tier") + "</th><th class=\"number\">" +
                     Words(run, "probability") + "</th><th>" + Words(run, "changed") +
                     "</th><th class=\"number wide\">" + Words(run, "missing_since") + "</th><th class=\"wide\">" +
                     Words(run, "over_time") + "</th>";
  if (any_known) html += Tag("th", Words(run, "on_file"));
  html += "</tr></thead><tbody>";
  for (const Case& one : run.cases) {
    const explain::Evidence& evidence = one.evidence;
    html += "<tr>" + Cell(std::to_string(one.rank)) + "<td class=\"id\"><a href=\"#" + CaseId(one) + "\">" +
            Escape(one.consumer_id) + "</a></td><td>" + TierBadge(run, one.tier) +
            (one.sign.empty() ? "" : " " + Words(run, "rare_sign")) + "</td>" +
            Cell(Escape(language.Percent(one.probability)));
    html += "<td class=\"date\">" +
            (evidence.change ? When(evidence.change->time, one.series.cadence) : std::string("&ndash;")) + "</td>";
    html += "<td class=\"number wide\">" +
            (evidence.missing_kwh ? Escape(language.Decimal(evidence.missing_kwh->value, 0)) : "&ndash;") + "</td>";
    html += "<td class=\"wide\">" + Sparkline(one, language) + "</td>";
    if (any_known) html += Tag("td", Known(run, one));
    html += "</tr>\n";
  }
  html += "</tbody></table></div>";
  if (any_known) {
    html += "<p class=\"note\">" + Words(run, "on_file_meaning");
    if (run.seen == 0) html += " " + Words(run, "on_file_unseen");
    html += "</p>";
  }
  return html + "</section>";
}

std::string Bullets(std::string_view tag, const std::string& heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string html = "<div>" + Tag("h4", Escape(heading)) + "<" + std::string(tag) + ">";
  for (const std::string& line : lines) html += Tag("li", Escape(line));
  return html + "</" + std::string(tag) + "></div>";
}

std::string Attributes(const Case& one) {
  if (one.attributes.empty()) return {};
  std::string html = "<dl>";
  for (const auto& [name, value] : one.attributes) html += Tag("dt", Escape(name)) + Tag("dd", Escape(value));
  return html + "</dl>";
}

std::string CaseSection(const RunReport& run, const Case& one, const CaseReport& words) {
  const Language& language = LanguageOf(run);
  const std::string heading = "<h3>" + std::to_string(one.rank) + ". <span class=\"id\">" + Escape(one.consumer_id) +
                              "</span> " + TierBadge(run, one.tier) + " " + Escape(language.Percent(one.probability)) +
                              "</h3>";
  const std::string body =
      Tag("p", Escape(words.Summary())) + "<figure>" + LoadCurve(one, language) + "<figcaption>" + Words(run, "curve") +
      "</figcaption></figure><div class=\"columns\">" +
      Bullets("ul", language.Text("sheet.for"), words.Lines(Part::kFor)) +
      Bullets("ul", language.Text("sheet.against"), words.Lines(Part::kAgainst)) + "</div>" +
      Bullets("ol", language.Text("sheet.checks"), words.Lines(Part::kCheck)) +
      ContributionBars(one.explanation, language) + Attributes(one) +
      (words.written_by == "template"
           ? std::string()
           : "<p class=\"note\">" + Words(run, "words", {{"writer", Printable(words.written_by)}}) + "</p>");
  if (one.rank <= kOpenCases) {
    return "<article class=\"case\" id=\"" + CaseId(one) + "\">" + heading + body + "</article>\n";
  }
  return "<details class=\"case\" id=\"" + CaseId(one) + "\"><summary>" + heading + "</summary>" + body +
         "</details>\n";
}

std::string Quality(const RunReport& run) {
  return run.quality.empty()
             ? ""
             : "<section><h2>" + Words(run, "data") + "</h2>" + QualityTable(run.quality) + "</section>";
}

std::string Footer(const RunReport& run) {
  const Language& language = LanguageOf(run);
  std::string html = "<footer><p>" + Escape(language.Text("sheet.note")) + "</p><p>" + Words(run, "energy") + " ";
  if (run.tariff > 0) {
    const std::string number = language.Significant(run.tariff);
    const std::string money =
        run.currency.empty() ? number : language.Text("units.money", {{"n", number}, {"currency", run.currency}});
    html += Words(run, "tariff", {{"tariff", money}}) + " ";
  }
  html += Words(run, "tiers") + "</p>";
  html += "<p>meterhound " + Escape(run.version) + " &middot; model <span class=\"id\">" +
          Escape(run.model_fingerprint.substr(0, 16)) + "</span></p></footer>";
  return html;
}

// What was measured is told in English alone; a page in another language says so to whoever reads it aloud.
std::string InEnglish(const RunReport& run, const std::string& html) {
  return html.empty() || LanguageOf(run).code() == "en" ? html : "<div lang=\"en\">" + html + "</div>";
}

}  // namespace

std::string RunPage(const RunReport& run, const std::vector<CaseReport>& words) {
  std::string body = Header(run) + "<main>" + InEnglish(run, HowOftenRight(run)) + List(run) + "<section><h2>" +
                     Words(run, "cases") + "</h2>\n";
  for (std::size_t i = 0; i < run.cases.size(); ++i) body += CaseSection(run, run.cases[i], words[i]);
  body += "</section>" + InEnglish(run, HowItWasMeasured(run)) + Quality(run) + "</main>" + Footer(run);
  return Page(LanguageOf(run).Text("page.title") + ": " + run.title, body, LanguageOf(run).code());
}

}  // namespace meterhound::report
