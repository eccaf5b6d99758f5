// Fairness section: where visits fall and where thefts are found, by what the consumers' table says of people.
#pragma once

#include <string>
#include <vector>

#include "detectors/fairness.h"

namespace meterhound::report {

/// One folded table an attribute; empty without attributes.
std::string FairnessDetails(const std::vector<detectors::FairnessTable>& tables);

}  // namespace meterhound::report
