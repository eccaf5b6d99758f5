// Evaluation sections: how often a list is right, and how that was measured, as parts of the report page.
#pragma once

#include <string>

#include "report/case.h"

namespace meterhound::report {

/// What to expect of visits. Leads with the view that no inspection can have written into, beside all others.
std::string HowOftenRight(const RunReport& run);
/// Charts, calibration, what was looked for before anything was believed, and whom the visits fall on. Empty without an
/// evaluation.
std::string HowItWasMeasured(const RunReport& run);

}  // namespace meterhound::report
