// How much an alert matters.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace meterhound {

enum class Severity : std::uint8_t {
  kInfo,      ///< good to know
  kWarning,   ///< to be looked at in the next days
  kCritical,  ///< to be looked at now
};

inline std::string_view SeverityName(Severity severity) {
  return severity == Severity::kCritical ? "critical" : severity == Severity::kWarning ? "warning" : "info";
}
inline std::optional<Severity> ParseSeverity(std::string_view name) {
  for (const Severity severity : {Severity::kInfo, Severity::kWarning, Severity::kCritical}) {
    if (SeverityName(severity) == name) return severity;
  }
  return std::nullopt;
}

}  // namespace meterhound
