// Simulate: a made-up town whose thefts are known, in the shape of the SGCC file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/calendar.h"
#include "base/panel.h"
#include "base/run_context.h"

namespace meterhound::simulate {

struct SimulationOptions {
  std::size_t consumers = 3000;
  std::size_t days = 1034;
  CivilDate first_day = {2014, 1, 1};
  double theft_share = 0.0853;  ///< SGCC's
  double twin_share = 0.12;     ///< of honest consumers: those who look like theft
  bool gaps = true;
  std::uint64_t seed = 1;
};

/// What really happened to one consumer.
struct Truth {
  std::string kind;                   ///< "honest", "theft", "twin"
  std::string pattern;                ///< the attack's or twin's name; empty for plain honest
  std::optional<std::int64_t> start;  ///< first day of it, days since 1970-01-01
  std::optional<std::int64_t> stop;   ///< first day after it, when it ended inside the span
  double kwh_taken = 0;               ///< theft: energy used less energy metered, over the whole span
};

struct Simulation {
  Panel panel;               ///< one kind, "value" in kWh, daily; NaN where missing
  std::vector<Truth> truth;  ///< one a row
};

/// Households, shops and small industry with levels, seasons, weather, weeks, holidays, growth and noise of their own;
/// the 14 attacks of the literature (attacks.h) at random dates; honest twins (twins.h); gaps as real files have them.
/// The same for any number of threads. Errors name the option and its bounds.
Result<Simulation> Simulate(const SimulationOptions& options, const RunContext& context);

/// CSV: consumer_id, kind, pattern, start, stop, kwh_taken.
Status WriteTruth(const Simulation& simulation, const std::filesystem::path& path);

}  // namespace meterhound::simulate
