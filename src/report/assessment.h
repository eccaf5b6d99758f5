// Assessment: what to do about a case, how soon, and how far the evidence carries, by rules and never by a model.
#pragma once

#include <cstdint>

#include "report/case.h"

namespace meterhound::report {

enum class Action : std::uint8_t {
  kVisit,
  kRecordsFirst,  ///< a question that the office can answer comes before the visit
  kNoVisit,
};
enum class Urgency : std::uint8_t { kSoon, kPlanned, kNone };
enum class Confidence : std::uint8_t { kHigh, kMedium, kLow };

struct Assessment {
  Action action = Action::kNoVisit;
  Urgency urgency = Urgency::kNone;
  Confidence confidence = Confidence::kLow;
};

/// The rules, in the order they are tried (docs/reports.md says them in words):
///  - action: no visit in the low tier, unless listed for a rare sign. Records first where the old level came back,
///  where a gap lies beside the change,
///    where under 60 % of the readings exist, or where nothing in the readings speaks for a visit. Else a visit.
///  - urgency: soon for a visit in the high tier while a drop or zeros last to the last reading; else the next round.
///  - confidence: low where nothing in the readings speaks for a visit or under 60 % of them exist. High where at least
///    two observations do (energy missing follows from the drop and does not count) and none against is as heavy as the
///    heaviest of them. Else medium.
Assessment Assess(const Case& one);

/// Stable names: "visit", "records_first", "no_visit"; "soon", "planned", "none"; "high", "medium", "low".
const char* ActionName(Action action);
const char* UrgencyName(Urgency urgency);
const char* ConfidenceName(Confidence confidence);

}  // namespace meterhound::report
