// Guard: refuses every sentence that says what the facts of its case do not.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/case_report.h"
#include "report/facts.h"
#include "report/language.h"

namespace meterhound::report {

struct Objection {
  std::string sentence;
  std::string reason;
};

class Guard {
 public:
  Guard(const CaseFacts& facts, const Language& language) : facts_(facts), language_(language) {}

  /// For sentences rendered from the resource files, in any language: nothing when it is a wording of one of the case's
  /// facts with that fact's own values in every slot. Otherwise the reason, which names the slot that differs.
  /// @param fact its code; empty: any.
  std::optional<std::string> CheckRendered(std::string_view sentence, std::string_view fact = {}) const;

  /// For sentences that a model wrote, in English: nothing when it is a rendered one or when every word, number, unit,
  /// role, direction and date in it can be found in one fact (a drop and the energy missing since count as one).
  std::optional<std::string> CheckProse(std::string_view sentence) const;

  /// Every sentence of a report of this case: rendered ones as such, those of a prose report's summary as prose. Also
  /// that nothing which a report must hold is lacking.
  std::vector<Objection> Check(const CaseReport& report) const;

 private:
  std::optional<std::string> CheckCheck(const std::string& text) const;

  const CaseFacts& facts_;
  const Language& language_;
};

}  // namespace meterhound::report
