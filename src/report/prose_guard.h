// Prose guard: checks one free English sentence against the facts of a case.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "report/facts.h"

namespace meterhound::report {

/// The reason why the facts do not carry the sentence; nothing when they do. It errs on the side of refusing: a word it
/// does not know, a number without a unit, a level without its "before" or "after", a sentence of two facts.
std::optional<std::string> CheckFreeSentence(const CaseFacts& facts, std::string_view sentence);

/// Code of the fact that an accepted sentence speaks of; empty when it speaks of none.
std::string FactOfSentence(const CaseFacts& facts, std::string_view sentence);

}  // namespace meterhound::report
