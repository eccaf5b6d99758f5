// Each twin scales the readings of some days; solar panels take off by the hour and the weather.
#include "simulate/honest_twins.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

namespace meterhound::simulate {
namespace {

constexpr std::array<std::string_view, kTwinKinds> kNames = {
    "vacancy", "moved_out", "solar_panels", "meter_exchange", "closed_season", "new_tenant", "energy_saving"};

std::span<double> DayOfReadings(std::span<double> readings, const Town& town, std::size_t day) {
  const auto per_day = static_cast<std::size_t>(town.per_day);
  return readings.subspan(day * per_day, per_day);
}

void ScaleDays(std::span<double> readings, const Town& town, std::size_t begin, std::size_t end, double factor) {
  for (std::size_t day = begin; day < end; ++day) {
    for (double& x : DayOfReadings(readings, town, day)) x *= factor;
  }
}

/// Production is taken off what is bought, down to nothing: within the day where there are half-hours, and of a whole
/// day only the part that falls together with use.
void AddSolarPanels(const Twin& twin, const Town& town, std::span<double> readings) {
  constexpr double kUsedAtOnce = 0.45;
  const double mean = std::accumulate(readings.begin(), readings.end(), 0.0) / static_cast<double>(town.days.size());
  for (std::size_t day = twin.begin; day < town.days.size(); ++day) {
    const double produced = twin.amount * mean * town.sunshine[day];
    std::span<double> today = DayOfReadings(readings, town, day);
    if (today.size() == 1) {
      today[0] -= std::min(kUsedAtOnce * produced, 0.85 * today[0]);
      continue;
    }
    for (std::size_t i = 0; i < today.size(); ++i) {
      const double hour = 24 * (static_cast<double>(i) + 0.5) / static_cast<double>(today.size());
      if (hour < 6 || hour > 18) continue;
      const double height = std::sin(std::numbers::pi * (hour - 6) / 12);
      const double share = height * std::numbers::pi / static_cast<double>(today.size());  // they add up to 1
      today[i] = std::max(0.0, today[i] - produced * share);
    }
  }
}

void CloseSeason(const Twin& twin, const Town& town, std::span<double> readings) {
  constexpr std::size_t kYear = 365;
  const std::size_t length = twin.end - twin.begin;
  for (std::size_t begin = twin.begin % kYear; begin < town.days.size(); begin += kYear) {
    ScaleDays(readings, town, begin, std::min(town.days.size(), begin + length), twin.amount);
  }
}

void SaveEnergy(const Twin& twin, const Town& town, std::span<double> readings) {
  for (std::size_t day = twin.begin; day < town.days.size(); ++day) {
    const double done =
        day >= twin.end ? 1 : static_cast<double>(day - twin.begin) / static_cast<double>(twin.end - twin.begin);
    for (double& x : DayOfReadings(readings, town, day)) x *= 1 - done * (1 - twin.amount);
  }
}

}  // namespace

std::string_view TwinName(TwinKind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Twin DrawTwin(std::size_t days, numerics::Random& random) {
  Twin twin;
  twin.kind = static_cast<TwinKind>(random.Below(kTwinKinds));
  const double where = random.Uniform();
  const double length = random.Uniform();
  const double amount = random.Uniform();
  twin.begin = static_cast<std::size_t>(where * static_cast<double>(days - 20));
  const auto lasting = [&](double shortest, double longest) {
    return std::min(days, twin.begin + static_cast<std::size_t>(shortest + (longest - shortest) * length));
  };
  twin.end = days;
  switch (twin.kind) {
    case TwinKind::kVacancy:
      twin.end = lasting(30, 240);
      twin.amount = amount < 0.4 ? 0 : 0.25 * amount;
      break;
    case TwinKind::kMovedOut:
      twin.amount = amount < 0.4 ? 0 : 0.2 * amount;
      break;
    case TwinKind::kSolarPanels:
      twin.amount = 0.4 + 1.2 * amount;
      break;
    case TwinKind::kMeterExchange:
      twin.unread = std::min<std::size_t>(days - twin.begin, 2 + static_cast<std::size_t>(12 * length));
      twin.amount = 0.85 + 0.25 * amount;
      break;
    case TwinKind::kClosedSeason:
      twin.end = twin.begin + 30 + static_cast<std::size_t>(110 * length);
      twin.amount = 0.3 * amount;
      break;
    case TwinKind::kNewTenant:
      twin.end = lasting(7, 60);
      twin.amount = 0.25 + 0.55 * amount;
      break;
    case TwinKind::kEnergySaving:
      twin.end = lasting(30, 360);
      twin.amount = 0.5 + 0.4 * amount;
      break;
  }
  return twin;
}

void ApplyTwin(const Twin& twin, const Town& town, std::span<double> readings) {
  const std::size_t days = town.days.size();
  switch (twin.kind) {
    case TwinKind::kVacancy:
      return ScaleDays(readings, town, twin.begin, twin.end, twin.amount);
    case TwinKind::kMovedOut:
      return ScaleDays(readings, town, twin.begin, days, twin.amount);
    case TwinKind::kSolarPanels:
      return AddSolarPanels(twin, town, readings);
    case TwinKind::kMeterExchange:
      return ScaleDays(readings, town, twin.begin, days, twin.amount);
    case TwinKind::kClosedSeason:
      return CloseSeason(twin, town, readings);
    case TwinKind::kNewTenant:
      ScaleDays(readings, town, twin.begin, twin.end, 0.03);
      return ScaleDays(readings, town, twin.end, days, twin.amount);
    case TwinKind::kEnergySaving:
      return SaveEnergy(twin, town, readings);
  }
}

}  // namespace meterhound::simulate
