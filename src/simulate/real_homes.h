// Real readings laid out on whole days, so that an attack finds its hours and days; gaps filled only to reckon with.
#pragma once

#include <cstdint>
#include <vector>

#include "base/panel.h"
#include "base/result.h"

namespace meterhound::simulate {

/// Days of a consumer's own readings, counted from the first day of all.
struct DaySpan {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< one past the last
  std::size_t days() const { return end - begin; }
};

/// A view of a panel; a slot is the place of a reading's time of day on some day, counted from the first day of all.
class RealHomes {
 public:
  /// kInvalidInput: several kinds, a cadence below daily, two readings of a consumer in one slot, a labelled theft.
  static Result<RealHomes> Lay(const Panel& panel);

  int per_day() const { return per_day_; }
  std::int64_t first_day() const { return first_day_; }  ///< days since 1970-01-01
  std::size_t days() const { return days_; }

  DaySpan SpanOf(std::size_t row) const;
  /// kWh as filed, one entry a slot; NaN where nothing was.
  std::vector<double> Filed(std::size_t row) const;
  /// The same with gaps filled by the mean at that time of the day, for days of that weekday.
  std::vector<double> Used(std::size_t row) const;

  /// The axis that all rows can share: the panel's own where they do already, else every slot that anybody has.
  const std::vector<double>& times() const { return times_; }
  const std::vector<std::size_t>& slots() const { return slots_; }  ///< of `times`
  /// What makes every reading a whole number: 1, 10, ... 10000; 0 when none of these does.
  double scale() const { return scale_; }

 private:
  explicit RealHomes(const Panel& panel) : panel_(&panel) {}
  Status FindDays();
  Status FindAxis();
  void FindScale();
  std::size_t SlotOf(double time) const;

  const Panel* panel_;
  int per_day_ = 1;
  std::int64_t first_day_ = 0;
  std::size_t days_ = 0;
  std::vector<double> times_;
  std::vector<std::size_t> slots_;
  double scale_ = 1;
};

}  // namespace meterhound::simulate
