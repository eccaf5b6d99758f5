// Small number formatting for terminal lines.
#include "cli/format.h"

#include <cmath>

#include "base/numbers.h"

namespace meterhound::cli {

std::string Duration(double seconds) {
  if (seconds < 10) return Decimal(seconds, 1) + " s";
  if (seconds < 60) return Decimal(seconds, 0) + " s";
  const auto whole = static_cast<std::size_t>(std::lround(seconds));
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

std::string Rate(double per_second) {
  if (per_second >= 100) return WithThousands(static_cast<std::size_t>(std::lround(per_second)));
  return Decimal(per_second, per_second >= 10 ? 1 : 2);
}

}  // namespace meterhound::cli
