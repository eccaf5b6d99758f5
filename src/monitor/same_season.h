// Same season: the stretch of a long reference that lies at the same days of the year as the current window.
#pragma once

#include <optional>
#include <string>

#include "base/panel.h"

namespace meterhound::monitor {

/// The panel's readings with begin <= time < end; consumers without any keep an empty series.
Panel Between(const Panel& panel, double begin, double end);

struct SeasonalCut {
  Panel reference = {};
  bool same_season = false;
  std::string note = {};  ///< what was done, one sentence; empty when nothing was
};

/// A reference that spans a year and is longer than the current window is cut to the latest stretch on the same days of
/// the year, so that winter is compared with winter. One that is longer but does not hold that season is cut to its
/// latest stretch of the same length, because features depend on how much was read. Others, and readings without a
/// calendar, stay as they are.
SeasonalCut CutToSeason(const Panel& reference, const Panel& current);

}  // namespace meterhound::monitor
