// Titles: plain words for calculators and their parameters.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace meterhound::explain {

/// `a__b__c_1` -> {"a", "b", "c_1"}.
std::vector<std::string> SplitColumnName(const std::string& name);

/// Underscores to blanks.
std::string Readable(std::string text);

/// What a calculator with these parameters measures, without the kind. Unknown ones keep their readable name with the
/// parameters in brackets.
std::string CalculatorTitle(const std::string& calculator,
                            const std::vector<std::pair<std::string, std::string>>& parameters);

}  // namespace meterhound::explain
