// Series as Python hands them over: flat arrays, ids one after the other.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/panel.h"

namespace meterhound::python {

using DoubleArray = nanobind::ndarray<const double, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;
using OffsetArray = nanobind::ndarray<const std::int64_t, nanobind::ndim<1>, nanobind::c_contig, nanobind::device::cpu>;

/// Row r's values, and times where there are any, lie at offsets[r] to offsets[r + 1].
struct SeriesArrays {
  DoubleArray values;
  OffsetArray offsets;
  std::optional<DoubleArray> times;  ///< seconds since 1970-01-01
  std::optional<Cadence> cadence;    ///< of the whole, of which these rows may be a part

  std::size_t rows() const { return offsets.size() - 1; }
};

/// Of a tuple (values, offsets, times or None), or one with the name of a cadence besides. ValueError when they do not
/// fit one another.
SeriesArrays ReadArrays(nanobind::handle entry);

/// Steps 0, 1, 2, ... where nothing is known of times. Shared by all rows where it is the same for all. Without a
/// cadence that of the first row with two readings is taken.
std::shared_ptr<const Timeline> TimelineOf(const SeriesArrays& arrays);

/// The name of the cadence of ascending times in seconds: daily, half_hourly, quarter_hourly, hourly, weekly, monthly
/// or irregular.
std::string CadenceOf(const DoubleArray& times);

}  // namespace meterhound::python
