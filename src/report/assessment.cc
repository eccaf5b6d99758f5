// The rules behind action, urgency and confidence.
#include "report/assessment.h"

#include <algorithm>
#include <string_view>

namespace meterhound::report {
namespace {

constexpr double kFewReadings = 0.6;

const explain::Finding* Find(const Case& one, std::string_view code) {
  const auto& findings = one.evidence.findings;
  const auto found =
      std::find_if(findings.begin(), findings.end(), [&](const explain::Finding& f) { return f.code == code; });
  return found == findings.end() ? nullptr : &*found;
}

double Heaviest(const Case& one, explain::Direction direction) {
  double heaviest = 0;
  for (const explain::Finding& finding : one.evidence.findings) {
    if (finding.direction == direction) heaviest = std::max(heaviest, finding.weight);
  }
  return heaviest;
}

std::size_t ObservationsFor(const Case& one) {
  const auto& findings = one.evidence.findings;
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), [](const explain::Finding& finding) {
    return finding.direction == explain::Direction::kFor && finding.code != "missing_energy";
  }));
}

Action ActionFor(const Case& one) {
  if (one.tier == "low" && one.sign.empty()) return Action::kNoVisit;
  const bool doubtful = Find(one, "recovered") || Find(one, "gap_at_change");
  if (doubtful || one.evidence.observed_share < kFewReadings || ObservationsFor(one) == 0) return Action::kRecordsFirst;
  return Action::kVisit;
}

Urgency UrgencyFor(const Case& one, Action action) {
  if (action == Action::kNoVisit) return Urgency::kNone;
  if (action == Action::kRecordsFirst || one.tier != "high") return Urgency::kPlanned;
  for (const char* code : {"level_drop", "zero_streak"}) {
    const explain::Finding* finding = Find(one, code);
    if (finding && finding->to_the_end) return Urgency::kSoon;
  }
  return Urgency::kPlanned;
}

Confidence ConfidenceIn(const Case& one) {
  const std::size_t observations = ObservationsFor(one);
  if (observations == 0 || one.evidence.observed_share < kFewReadings) return Confidence::kLow;
  const bool outweighed = Heaviest(one, explain::Direction::kAgainst) >= Heaviest(one, explain::Direction::kFor);
  return observations > 1 && !outweighed ? Confidence::kHigh : Confidence::kMedium;
}

}  // namespace

Assessment Assess(const Case& one) {
  Assessment result;
  result.action = ActionFor(one);
  result.urgency = UrgencyFor(one, result.action);
  result.confidence = ConfidenceIn(one);
  return result;
}

const char* ActionName(Action action) {
  constexpr const char* kNames[] = {"visit", "records_first", "no_visit"};
  return kNames[static_cast<std::size_t>(action)];
}

const char* UrgencyName(Urgency urgency) {
  constexpr const char* kNames[] = {"soon", "planned", "none"};
  return kNames[static_cast<std::size_t>(urgency)];
}

const char* ConfidenceName(Confidence confidence) {
  constexpr const char* kNames[] = {"high", "medium", "low"};
  return kNames[static_cast<std::size_t>(confidence)];
}

}  // namespace meterhound::report
