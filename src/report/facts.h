// Facts: the typed list that everything said about a case comes from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/json.h"
#include "explain/evidence.h"
#include "report/assessment.h"
#include "report/case.h"

namespace meterhound::report {

enum class Unit : std::uint8_t {
  kNumber,     ///< no unit: a feature's value
  kRank,       ///< a place in the list
  kFactor,     ///< on the odds
  kShare,      ///< 0-1, said in percent
  kRate,       ///< kWh a day, or a reading where there is no calendar
  kEnergy,     ///< kWh
  kMoney,      ///< in the run's currency
  kReadings,   ///< a count of readings
  kTimes,      ///< a count of readings in a row, said as "12 times"
  kConsumers,  ///< a count of consumers
};
/// "number", "share", "kwh_a_day", ...; the rate's name depends on the calendar.
const char* UnitName(Unit unit, Cadence cadence);

/// Where a fact comes from.
enum class FactSource : std::uint8_t { kModel, kShap, kEvidence, kQuality, kRule };
/// What it speaks for.
enum class Speaks : std::uint8_t { kFor, kAgainst, kNeither };

/// One number with the part that it plays: "before", "after", "low", "high".
struct Quantity {
  std::string role;
  double value = 0;
  Unit unit = Unit::kNumber;
};

/// One date with its part: "from", "to", "until".
struct FactDate {
  std::string role;
  double time = 0;
};

struct Fact {
  std::string code;  ///< stable: "level_drop", "probability", "action"; a finding's or one of those that FindFacts adds
  std::string form;  ///< key of its sentences: "level_drop.ended"
  FactSource source = FactSource::kEvidence;
  Speaks speaks = Speaks::kNeither;
  double weight = 0;  ///< 0-1, for ordering only
  std::vector<Quantity> quantities;
  std::vector<FactDate> dates;
  std::string feature = {};   ///< of SHAP: the column's name
  std::string word = {};      ///< key of a word in the language files that a sentence needs: "signs.zeros"
  std::string category = {};  ///< of SHAP: what a code stands for, as the consumers' table has it
};

struct CaseFacts {
  std::vector<Fact> facts;  ///< action, probability, findings as in the evidence, no_drop, SHAP, confidence
  Assessment assessment;
  Cadence cadence = Cadence::kDaily;
  std::string currency;

  const Fact* Find(std::string_view code) const;
};

CaseFacts FindFacts(const Case& one, const RunReport& run);

/// The list as case files hold it: code, source, speaks, quantities by role with value and unit, dates by role.
Json FactsJson(const CaseFacts& facts);

}  // namespace meterhound::report
