// Usage: of each consumer how much was used and how much was not read, for changes of level and gaps by segment.
#pragma once

#include <string>
#include <vector>

#include "base/panel.h"
#include "base/result.h"
#include "monitor/proportions.h"

namespace meterhound::monitor {

/// One entry a consumer. Only what was really read counts, never what filling put into gaps.
struct Usage {
  std::vector<std::string> ids = {};
  std::vector<double> level = {};  ///< log of the mean reading and a tenth of the town's median, so that empty homes do
                                   ///< not rule it; NaN without readings
  std::vector<double> missing = {};          ///< share of readings missing
  std::string segmented_by = {};             ///< the attribute; empty when there is none
  std::vector<std::string> segments = {};    ///< its categories
  std::vector<std::size_t> segment_of = {};  ///< one a consumer; segments.size() where unknown
  double scale = 0;  ///< the tenth that was added before the logarithm: the current window takes the reference's
};

/// @param by the categorical attribute that divides consumers into segments. Empty: "district" where there is one, else
/// the first categorical attribute, else none. kInvalidInput when the panel has no categorical attribute of that name.
/// @param scale of the reference; 0 for the reference itself.
Result<Usage> DescribeUsage(const Panel& panel, const std::string& by, double scale = 0);

/// What a reference keeps of a segment, or of all consumers.
struct SegmentUsage {
  std::string name = {};
  Moments level = {};
  Moments missing = {};
};

}  // namespace meterhound::monitor
