// Simulates and writes.
#include "pipeline/town_files.h"

#include "readings/wide_csv_writer.h"

namespace meterhound::pipeline {

Result<TownFiles> WriteTown(const simulate::SimulationOptions& options, const std::filesystem::path& path,
                            const RunContext& context) {
  if (path.extension() != ".csv") return InvalidInput("expected a name that ends in .csv", path.string());
  METERHOUND_ASSIGN_OR_RETURN(const simulate::Simulation town, simulate::Simulate(options, context));
  std::filesystem::path truth = path;
  truth.replace_extension(".truth.csv");
  METERHOUND_RETURN_IF_ERROR(readings::WriteWideCsv(town.panel, path, context));
  METERHOUND_RETURN_IF_ERROR(simulate::WriteTruth(town, truth));
  TownFiles files{.readings = path.string(), .truth = truth.string(), .consumers = town.truth.size()};
  for (const simulate::Truth& one : town.truth) {
    if (one.kind == "theft") ++files.thefts;
    if (one.kind == "twin") ++files.twins;
  }
  return files;
}

}  // namespace meterhound::pipeline
