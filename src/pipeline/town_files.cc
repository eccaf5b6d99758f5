// Simulates and writes.
#include "pipeline/town_files.h"

#include "readings/wide_csv_writer.h"

namespace meterhound::pipeline {

namespace {

Result<simulate::Simulation> MakeTown(const simulate::SimulationOptions& options, const readings::ReadOptions& homes,
                                      const RunContext& context) {
  if (homes.file.empty()) return simulate::Simulate(options, context);
  METERHOUND_ASSIGN_OR_RETURN(const Panel panel, readings::ReadPanel(homes, context));
  return simulate::InjectAttacks(panel, options, context);
}

}  // namespace

Result<TownFiles> WriteTown(const simulate::SimulationOptions& options, const readings::ReadOptions& homes,
                            const std::filesystem::path& path, const RunContext& context) {
  if (path.extension() != ".csv") return InvalidInput("expected a name that ends in .csv", path.string());
  METERHOUND_ASSIGN_OR_RETURN(const simulate::Simulation town, MakeTown(options, homes, context));
  std::filesystem::path truth = path;
  truth.replace_extension(".truth.csv");
  METERHOUND_RETURN_IF_ERROR(readings::WriteWideCsv(town.panel, path, context));
  METERHOUND_RETURN_IF_ERROR(simulate::WriteTruth(town, truth));
  TownFiles files{.readings = path.string(), .truth = truth.string(), .consumers = town.truth.size()};
  const Timeline& timeline = *town.panel.kinds[0].timeline;
  files.days = timeline.times.size() / static_cast<std::size_t>(ReadingsPerDay(timeline.cadence));
  for (const simulate::Truth& one : town.truth) {
    if (one.kind == "theft") ++files.thefts;
    if (one.kind == "twin") ++files.twins;
  }
  return files;
}

}  // namespace meterhound::pipeline
