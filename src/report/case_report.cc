// The template writer: which sentences a case gets and what a crew should look at.
#include "report/case_report.h"

#include <algorithm>
#include <array>

#include "report/wording.h"

namespace meterhound::report {
namespace {

struct Check {
  std::string_view finding;  // code that calls for it; empty: always
  std::string_view text;
};

// In the order of a visit: from the desk to the meter.
constexpr std::array kChecks = {
    Check{"gap_at_change",
          "Before going: look up exchanges, repairs and communication faults of the meter around the change."},
    Check{"few_readings",
          "Before going: find out why readings are missing, and whether the meter reports at all today."},
    Check{"seasonal_absence", "Before going: find out whether the site is used all year round."},
    Check{"flat_readings", "Before going: check whether the equal readings were read or estimated."},
    Check{"", "Compare the register with the last reading on file, and the meter's number and seals with the records."},
    Check{"zero_streak", "Switch on a known load: the register must move. Note whether the site is occupied."},
    Check{"level_drop",
          "Look for a path around the meter: bridged terminals, a second feed, reversed or missing phases."},
    Check{"level_drop",
          "Ask what changed at that time: people moving out, solar panels, new appliances, a closed business."},
    Check{"weekday_pattern_lost", "Ask about working days and opening hours, and compare them with the readings."},
    Check{"index_break", "Read the register twice, ten minutes apart, and compare the difference with the load seen."},
    Check{"",
          "Photograph what was found, and record the outcome also when everything is in order: it teaches as much."},
};

bool HasFinding(const Case& one, std::string_view code) {
  return std::any_of(one.evidence.findings.begin(), one.evidence.findings.end(),
                     [&](const explain::Finding& finding) { return finding.code == code; });
}

std::string MainReason(const Case& one) {
  for (const explain::Contribution& contribution : one.explanation.strongest) {
    if (contribution.log_odds > 0) return contribution.title;
  }
  return {};
}

std::string Summary(const Case& one, const RunReport& run) {
  std::string text = "Ranked " + WithThousands(one.rank) + " of " + WithThousands(run.consumers) +
                     " consumers; the model puts the probability of theft at " + Percent(one.probability) + ".";
  if (!one.sign.empty()) {
    text += " It is listed for a rare sign, not for that probability: of " + WithThousands(one.sign_one_in) +
            " honest consumers about one has as much of it (" + one.sign + ").";
  }
  const explain::Evidence& evidence = one.evidence;
  if (evidence.change && HasFinding(one, "level_drop")) {
    const explain::LevelChange& change = *evidence.change;
    text += " Metered use fell from " + Significant(change.before_per_day) + " to " +
            Significant(change.after_per_day) + " " + RateUnit(one.series.cadence) + " around " +
            When(change.time, one.series.cadence);
    if (evidence.missing_kwh) {
      text += ": " + EnergyRange(*evidence.missing_kwh) + " less than expected since";
      if (evidence.missing_money) text += ", worth " + MoneyRange(*evidence.missing_money, run.currency);
    }
    text += ".";
  } else {
    text += " No lasting drop of level explains the score";
    const std::string reason = MainReason(one);
    if (!reason.empty()) text += "; what raised it most is: " + reason;
    text += ".";
  }
  return text;
}

}  // namespace

const std::string_view kScoreIsNotProof =
    "A score is a reason to look, not proof. It says how often consumers with such readings were found stealing; most "
    "patterns have honest explanations too, and only a visit can tell.";

Result<CaseReport> TemplateCaseWriter::Write(const Case& one, const RunReport& run) const {
  CaseReport report;
  report.written_by = "template";
  report.summary = Summary(one, run);
  for (const explain::Finding& finding : one.evidence.findings) {
    (finding.direction == explain::Direction::kFor ? report.supporting : report.against).push_back(finding.sentence);
  }
  for (const Check& check : kChecks) {
    if (check.finding.empty() || HasFinding(one, check.finding)) report.checks.emplace_back(check.text);
  }
  return report;
}

}  // namespace meterhound::report
