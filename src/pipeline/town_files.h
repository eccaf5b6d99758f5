// Towns: simulated readings and their truth as files.
#pragma once

#include <filesystem>
#include <string>

#include "base/run_context.h"
#include "readings/readings.h"
#include "simulate/simulate.h"

namespace meterhound::pipeline {

struct TownFiles {
  std::string readings;
  std::string truth;  ///< beside the readings: town.csv -> town.truth.csv
  std::size_t consumers = 0;
  std::size_t days = 0;
  std::size_t thefts = 0;
  std::size_t twins = 0;
};

/// Writes readings in the SGCC file's form (a column a half-hour where there are 48 a day) and the truth beside them.
/// @param homes a file of honest readings to put the attacks into; empty: a made-up town. kInvalidInput unless `path`
/// ends in .csv.
Result<TownFiles> WriteTown(const simulate::SimulationOptions& options, const readings::ReadOptions& homes,
                            const std::filesystem::path& path, const RunContext& context);

}  // namespace meterhound::pipeline
