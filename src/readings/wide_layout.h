// What the columns of a wide file are: an id, at most one label, and dates.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/panel.h"
#include "readings/readings.h"

namespace meterhound::readings {

/// Name of the one kind of series a wide file holds; tsfresh users know it as the value column.
inline constexpr const char* kWideKind = "value";

struct WideLayout {
  std::size_t id = 0;
  std::optional<std::size_t> label;
  std::vector<std::ptrdiff_t> place;  ///< for each column: position on the time axis, or -1
  std::shared_ptr<Timeline> timeline = std::make_shared<Timeline>();
};

/// True when the header has at least two columns named by dates.
bool IsWideHeader(std::span<const std::string_view> header);

/// Dates in any order make the axis, an absent day stays absent. A second column for a date, or a column that is none
/// of these, is an error.
/// @param place names the place of a column, or of the header, for errors.
Result<WideLayout> FindWideLayout(std::span<const std::string_view> header, const ReadOptions& options,
                                  const std::function<std::string(std::optional<std::size_t>)>& place);

}  // namespace meterhound::readings
