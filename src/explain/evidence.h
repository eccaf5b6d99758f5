// Evidence: what in the readings themselves a crew can check, dated and in kWh and money, for and against theft.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/series_view.h"

namespace meterhound::explain {

/// A quantity with the range it may lie in.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// The strongest lasting change of level in the observed readings.
struct LevelChange {
  double time = 0;      ///< first reading at the new level, seconds since 1970-01-01 (or steps)
  double earliest = 0;  ///< range the change lies in
  double latest = 0;
  double before_per_day = 0;  ///< mean of observed readings, kWh a day
  double after_per_day = 0;
  double strength = 0;              ///< standardised difference, larger is clearer
  std::optional<double> recovered;  ///< when the old level came back, if it did
};

/// A run of readings that share something (zeros, the same value, missing).
struct Streak {
  double begin = 0;
  double end = 0;  ///< last reading of the streak
  std::size_t readings = 0;
};

enum class Direction : std::uint8_t { kFor, kAgainst };

/// One dated observation; `report` says it in words.
struct Finding {
  std::string code;  ///< stable: "level_drop", "zero_streak", "flat_readings", "weekday_pattern_lost", ...
  Direction direction = Direction::kFor;
  double weight = 0;  ///< 0-1, for ordering only
  double begin = 0;   ///< span it speaks of
  double end = 0;
  bool to_the_end = false;                                 ///< the span reaches the last reading
  std::vector<std::pair<std::string, double>> numbers;     ///< name with unit, e.g. {"before_kwh_per_day", 12.3}
  std::vector<std::pair<std::string, double>> dates = {};  ///< further ones that a code needs
};

struct Evidence {
  std::optional<LevelChange> change;
  std::optional<Estimate> missing_kwh;    ///< energy not metered since the change, against the expected level
  std::optional<Estimate> missing_money;  ///< missing_kwh x tariff
  std::vector<Streak> zero_streaks;       ///< longest first, at most 5
  std::vector<Streak> gaps;               ///< missing runs, longest first, at most 5
  double observed_share = 0;              ///< readings that exist, 0-1
  double mean_per_day = 0;                ///< kWh a day over observed readings
  std::vector<Finding> findings;          ///< strongest first; both directions
};

struct EvidenceOptions {
  double tariff = 0.15;        ///< money a kWh
  double minimum_drop = 0.25;  ///< share of the old level that a lasting drop must lose to be named
};

/// Looks at observed readings only (missing[i] == 0). Works for every cadence; numbers are a day, or a step without
/// calendar.
Evidence FindEvidence(const SeriesView& consumption, const EvidenceOptions& options);

}  // namespace meterhound::explain
