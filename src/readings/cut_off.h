// CutOff: a panel as it could have been known on an earlier day.
#pragma once

#include "base/panel.h"
#include "base/result.h"

namespace meterhound::readings {

/// The moment at which a reading's period is over and the reading can be known: the end of its day; for weeks and
/// months the end of the last of its days. Without a calendar the time itself.
double KnownAt(double time, Cadence cadence);

/// Removes readings that were not known by the end of the day `as_of` (seconds since 1970-01-01), and makes dates of
/// the consumers' table that lie later missing. Labels stay: they are what is to be foretold. Other attributes stay,
/// too; nothing says since when they hold. kInvalidInput where times have no calendar, or where no reading is left.
Status CutOff(Panel& panel, double as_of);

}  // namespace meterhound::readings
