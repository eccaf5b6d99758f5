// `meterhound simulate`: a made-up town in the SGCC file's form, and the truth about it.
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "pipeline/town_files.h"

namespace meterhound::cli {
namespace {

struct Flags {
  simulate::SimulationOptions options;
  std::string out;
};

Status Simulate(const Flags& flags, Session& session) {
  const StopWatch watch;
  simulate::SimulationOptions options = flags.options;
  options.seed = static_cast<std::uint64_t>(session.config.seed);
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::TownFiles town, pipeline::WriteTown(options, flags.out, session.context));
  session.Say(WithThousands(town.consumers) + " consumers, " + WithThousands(town.thefts) + " thefts, " +
              WithThousands(town.twins) + " honest twins, " + WithThousands(options.days) + " days in " +
              Duration(watch.Seconds()) + ": " + town.readings + " (truth: " + town.truth + ")\n");
  session.Answer({{"consumers", town.consumers},
                  {"thefts", town.thefts},
                  {"twins", town.twins},
                  {"days", options.days},
                  {"seconds", watch.Seconds()},
                  {"out", town.readings},
                  {"truth", town.truth}});
  return {};
}

}  // namespace

Action DeclareSimulate(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  simulate::SimulationOptions& options = flags->options;
  app.add_option("--consumers", options.consumers, "How many")->type_name("N")->capture_default_str();
  app.add_option("--days", options.days, "Days with readings, at least 28")->type_name("D")->capture_default_str();
  app.add_option("--theft", options.theft_share, "Share of consumers who steal")
      ->type_name("SHARE")
      ->capture_default_str();
  app.add_option("--twins", options.twin_share, "Share of the honest to whom something happens that looks like theft")
      ->type_name("SHARE")
      ->capture_default_str();
  app.add_flag("!--no-gaps", options.gaps, "Keep every reading instead of losing some as real files do");
  app.add_option("--out", flags->out, "Readings to write, a .csv; the truth goes beside it as NAME.truth.csv")
      ->type_name("FILE")
      ->required();
  return [flags](Session& session) { return Simulate(*flags, session); };
}

}  // namespace meterhound::cli
