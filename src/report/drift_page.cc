// The comparison as lines and as markup; what moved comes first.
#include "report/drift_page.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/page_style.h"
#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

using monitor::ColumnDrift;
using monitor::DriftReport;
using monitor::SegmentDrift;

constexpr std::size_t kInText = 10;
constexpr std::size_t kOnPage = 40;
constexpr double kBarWidth = 160;
constexpr double kBarHeight = 18;
constexpr double kMostPsi = 1;  // longer bars end here

std::string Counted(std::size_t count, const char* one, const char* many) {
  return WithThousands(count) + " " + (count == 1 ? one : many);
}

std::string Number(double value) { return std::isfinite(value) ? Significant(value) : "-"; }

std::string Probability(double p) {
  if (!std::isfinite(p)) return "-";
  return p < 1e-4 ? "< 0.0001" : Decimal(p, 4);
}

std::string Signed(double value, int decimals) {
  return std::isfinite(value) ? (value < 0 ? "-" : "+") + Decimal(std::fabs(value), decimals) : "-";
}

std::string Kinds(const DriftReport& report) {
  std::string text;
  for (const monitor::DriftKind kind : report.kinds) {
    text += (text.empty() ? "" : ", ") + std::string(monitor::DriftKindName(kind));
  }
  return text;
}

std::string Verdict(const DriftReport& report) {
  return report.drift ? "Drift: " + Kinds(report) : std::string("Stable");
}

std::string Compared(const DriftReport& report) {
  std::string text = Counted(report.current_rows, "consumer", "consumers") + " compared with " +
                     WithThousands(report.reference_rows) + " of the reference";
  if (!report.columns.empty()) text += " by " + Counted(report.columns.size(), "feature", "features");
  return text + (report.same_season ? ", in the same season" : "");
}

std::size_t Moved(const DriftReport& report) {
  return static_cast<std::size_t>(
      std::count_if(report.columns.begin(), report.columns.end(),
                    [](const ColumnDrift& column) { return column.drifted || column.missing_drifted; }));
}

std::string FromTo(double before, double after) { return Percent(before) + " to " + Percent(after); }

/// One line a thing compared beside features: its name, how it moved, whether that alarms.
struct Line {
  std::string name;
  std::string moved;
  double p;
  bool drifted;
};

std::vector<Line> Lines(const DriftReport& report) {
  std::vector<Line> lines;
  if (const auto& score = report.score) {
    lines.push_back({"Probabilities of theft", "PSI " + Number(score->psi) + " (bar " + Number(score->psi_bar) + ")",
                     score->p, score->drifted});
  }
  if (const auto& level = report.level) {
    lines.push_back({level->paired ? "Typical consumption, each against himself" : "Typical consumption",
                     Signed(100 * level->change, 1) + " %", level->p, level->drifted});
  }
  if (const auto& missing = report.missing_readings) {
    lines.push_back({"Readings missing", FromTo(missing->reference, missing->current), missing->p, missing->drifted});
  }
  if (const auto& label = report.label) {
    lines.push_back(
        {"Thefts among labelled consumers", FromTo(label->reference, label->current), label->p, label->drifted});
  }
  return lines;
}

std::string Mark(bool drifted) { return drifted ? "<span class=\"severity error\">moved</span>" : ""; }

std::string Tile(const std::string& value, const std::string& name) {
  return "<div class=\"tile\"><b>" + Escape(value) + "</b><span>" + Escape(name) + "</span></div>";
}

std::string Tiles(const DriftReport& report) {
  std::string html = "<div class=\"tiles\">";
  if (!report.columns.empty()) {
    html += Tile(WithThousands(Moved(report)) + " of " + WithThousands(report.columns.size()), "features moved");
  }
  if (report.score) html += Tile(Number(report.score->psi), "PSI of the probabilities");
  if (report.missing_readings) html += Tile(Percent(report.missing_readings->current), "of readings missing");
  if (report.level) html += Tile(Signed(100 * report.level->change, 1) + " %", "typical consumption");
  if (report.label) html += Tile(Percent(report.label->current), "thefts among labelled");
  return html + "</div>";
}

std::string Banner(const DriftReport& report) {
  if (report.reasons.empty()) return {};
  std::string html = "<div class=\"banner\"><strong>What has changed</strong><ul>";
  for (const std::string& reason : report.reasons) html += "<li>" + Escape(reason) + "</li>";
  return html + "</ul></div>";
}

std::string RatesTable(const DriftReport& report) {
  std::string html =
      "<h2>Level, gaps, scores and labels</h2><div class=\"scroll\"><table><thead><tr><th>Compared</th><th>Change</th>"
      "<th class=\"number\">p</th><th></th></tr></thead><tbody>";
  const std::vector<Line> lines = Lines(report);
  if (lines.empty()) return {};
  for (const Line& line : lines) {
    html += "<tr><th scope=\"row\">" + Escape(line.name) + "</th><td>" + Escape(line.moved) +
            "</td><td class=\"number\">" + Probability(line.p) + "</td><td>" + Mark(line.drifted) + "</td></tr>";
  }
  return html + "</tbody></table></div>";
}

std::string SegmentsTable(const DriftReport& report) {
  if (report.segments.empty()) return {};
  std::string html =
      "<h2>By " + Escape(report.segmented_by) +
      "</h2><p class=\"note\">Each against the rest of the town, so that weather alone shows nothing.</p>"
      "<div class=\"scroll\"><table><thead><tr><th>" +
      Escape(report.segmented_by) +
      "</th><th class=\"number\">Consumers</th><th class=\"number\">Consumption</th><th "
      "class=\"number\">p</th><th class=\"number\">Readings missing</th><th class=\"number\">p</th>"
      "<th></th></tr></thead><tbody>";
  for (const SegmentDrift& segment : report.segments) {
    html += "<tr><th scope=\"row\">" + Escape(segment.name) + "</th><td class=\"number\">" +
            WithThousands(segment.consumers) + "</td><td class=\"number\">" + Signed(100 * segment.level.change, 1) +
            " %</td><td class=\"number\">" + Probability(segment.level.p) + "</td><td class=\"number\">" +
            Signed(100 * segment.missing_change, 1) + " points</td><td class=\"number\">" +
            Probability(segment.missing_p) + "</td><td>" + Mark(segment.drifted()) + "</td></tr>";
  }
  return html + "</tbody></table></div>";
}

std::string GroupsTable(const DriftReport& report) {
  if (report.groups.empty()) return {};
  std::string html =
      "<h2>Features by group</h2><div class=\"scroll\"><table><thead><tr><th>Group</th><th "
      "class=\"number\">Features</th>"
      "<th class=\"number\">Moved</th><th class=\"number\">Median PSI</th><th class=\"number\">Largest PSI</th></tr>"
      "</thead><tbody>";
  for (const monitor::GroupDrift& group : report.groups) {
    html += "<tr><th scope=\"row\">" + std::string(FeatureGroupName(group.group)) + "</th><td class=\"number\">" +
            WithThousands(group.features) + "</td><td class=\"number\">" + WithThousands(group.drifted) +
            "</td><td class=\"number\">" + Number(group.psi_median) + "</td><td class=\"number\">" +
            Number(group.psi_max) + "</td></tr>";
  }
  return html + "</tbody></table></div>";
}

std::string PsiBar(const ColumnDrift& column) {
  Svg svg(kBarWidth, kBarHeight, "PSI " + Number(column.psi) + ", bar " + Number(column.psi_bar));
  const Axis x{0, kMostPsi, 0, kBarWidth};
  svg.Rect(0, 3, x.At(std::min(column.psi, kMostPsi)), kBarHeight - 6, column.drifted ? "raises" : "bar");
  const double bar = x.At(std::min(column.psi_bar, kMostPsi));
  svg.Line(bar, 0, bar, kBarHeight, "level");
  return std::move(svg).Finish();
}

std::string FeaturesTable(const DriftReport& report) {
  if (report.columns.empty()) return {};
  std::string html =
      "<h2>Features that moved furthest</h2><p class=\"note\">A feature has moved when its index passes the dashed bar "
      "and its adjusted p is at most " +
      FormatDouble(monitor::kFeaturesShare) +
      ". Shift: of the median, in the reference's spreads. Features marked calendar "
      "say when in the window something happened; weather moves them, and they raise no alarm.</p><div "
      "class=\"scroll\"><table><thead><tr><th>Feature</th>"
      "<th class=\"wide\">Group</th><th>PSI</th><th class=\"number\"></th><th class=\"number\">KS</th><th "
      "class=\"number\">Adjusted p</th><th class=\"number\">Shift</th><th class=\"number wide\">Without a value</th>"
      "<th></th></tr></thead><tbody>";
  std::size_t shown = 0;
  for (const std::size_t at : report.ByImportance()) {
    if (shown++ == kOnPage) break;
    const ColumnDrift& column = report.columns[at];
    html += "<tr><td class=\"id\" style=\"min-width:11em\">" + Escape(column.column.name) + "</td><td class=\"wide\">" +
            FeatureGroupName(column.column.group) + "</td><td>" + PsiBar(column) + "</td><td class=\"number\">" +
            Number(column.psi) + "</td><td class=\"number\">" + Number(column.ks) + "</td><td class=\"number\">" +
            Probability(column.p_adjusted) + "</td><td class=\"number\">" + Signed(column.shift, 2) +
            "</td><td class=\"number wide\">" + Escape(FromTo(column.missing_reference, column.missing_current)) +
            "</td><td>" +
            (column.calendar_bound ? "<span class=\"note\">calendar</span>"
                                   : Mark(column.drifted || column.missing_drifted)) +
            "</td></tr>";
  }
  return html + "</tbody></table></div>";
}

std::string Notes(const DriftReport& report) {
  std::string html;
  for (const std::string& note : report.notes) html += "<p class=\"note\">" + Escape(note) + "</p>";
  return html;
}

void AppendFeatures(const DriftReport& report, std::string& text) {
  if (report.columns.empty()) return;
  text += "\nFeatures that moved furthest (PSI, adjusted p):\n";
  std::size_t shown = 0;
  for (const std::size_t at : report.ByImportance()) {
    if (shown++ == kInText) break;
    const ColumnDrift& column = report.columns[at];
    const std::string psi = Decimal(column.psi, 3);
    const std::string p = Probability(column.p_adjusted);
    text += (column.drifted || column.missing_drifted ? "! " : "  ") + psi +
            std::string(10 - std::min<std::size_t>(psi.size(), 9), ' ') + p +
            std::string(10 - std::min<std::size_t>(p.size(), 9), ' ') + Printable(column.column.name) + "\n";
  }
}

}  // namespace

std::string DriftText(const DriftReport& report) {
  std::string text;
  AppendWrapped(text, "", Verdict(report) + ". " + Compared(report) + ".");
  for (const std::string& reason : report.reasons) AppendWrapped(text, "  ! ", Printable(reason));
  for (const std::string& note : report.notes) AppendWrapped(text, "  - ", Printable(note));
  const std::vector<Line> lines = Lines(report);
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, line.name.size());
  if (!lines.empty()) text += "\n";
  for (const Line& line : lines) {
    text += (line.drifted ? "! " : "  ") + line.name + std::string(width - line.name.size() + 2, ' ') + line.moved +
            "  (p " + Probability(line.p) + ")\n";
  }
  AppendFeatures(report, text);
  return text;
}

std::string DriftPage(const DriftReport& report, const std::string& reference, const std::string& current) {
  const std::string title = report.drift ? "The town has drifted" : "The town is stable";
  std::string body = "<header><h1>" + title + "</h1><p class=\"note\">" + Escape(current) + " against " +
                     Escape(reference) + "</p></header><main><p class=\"lead\">" + Escape(Verdict(report)) + ". " +
                     Escape(Compared(report)) + ".</p>" + Banner(report) + Tiles(report) + Notes(report) +
                     RatesTable(report) + SegmentsTable(report) + FeaturesTable(report) + GroupsTable(report) +
                     "<footer>An unchanged town is called drifted in at most one check in a hundred. Small changes are "
                     "named in the tables and raise no alarm.</footer></main>";
  return Page(title, body);
}

}  // namespace meterhound::report
