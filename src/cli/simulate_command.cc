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
  std::string attacks;
  std::string without_attacks;
  bool half_hourly = false;
  std::string onto;
  std::string out;
};

/// An explicit list is tried evenly; what is left after taking some away keeps its odds.
Status ChooseAttacks(const Flags& flags, simulate::SimulationOptions& options) {
  if (!flags.attacks.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<int> numbers, simulate::ParseAttacks(flags.attacks, "--attacks"));
    options.attack_weights = {};
    for (const int number : numbers) options.attack_weights[static_cast<std::size_t>(number - 1)] = 1;
  }
  if (!flags.without_attacks.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<int> numbers,
                                simulate::ParseAttacks(flags.without_attacks, "--without-attacks"));
    for (const int number : numbers) options.attack_weights[static_cast<std::size_t>(number - 1)] = 0;
    if (options.attack_weights == std::array<double, simulate::kAttacks>{})
      return InvalidInput("leaves no attack, expected at least one", "--without-attacks");
  }
  return {};
}

Status Simulate(const Flags& flags, Session& session) {
  const StopWatch watch;
  simulate::SimulationOptions options = flags.options;
  options.seed = static_cast<std::uint64_t>(session.config.seed);
  if (flags.half_hourly) options.cadence = Cadence::kHalfHourly;
  METERHOUND_RETURN_IF_ERROR(ChooseAttacks(flags, options));
  readings::ReadOptions homes;
  homes.file = flags.onto;
  METERHOUND_ASSIGN_OR_RETURN(homes.date_order, readings::ParseDateOrder(session.config.date_order));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::TownFiles town,
                              pipeline::WriteTown(options, homes, flags.out, session.context));
  session.Say(WithThousands(town.consumers) + " consumers, " + WithThousands(town.thefts) + " thefts, " +
              WithThousands(town.twins) + " honest twins, " + WithThousands(town.days) + " days in " +
              Duration(watch.Seconds()) + ": " + town.readings + " (truth: " + town.truth + ")\n");
  session.Answer({{"consumers", town.consumers},
                  {"thefts", town.thefts},
                  {"twins", town.twins},
                  {"days", town.days},
                  {"seconds", watch.Seconds()},
                  {"out", town.readings},
                  {"truth", town.truth}});
  return {};
}

}  // namespace

Action DeclareSimulate(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  simulate::SimulationOptions& options = flags->options;
  auto* onto = app.add_option("--onto", flags->onto,
                              "Put the attacks into this file of honest readings, daily or finer, gaps and all")
                   ->type_name("FILE");
  app.add_option("--consumers", options.consumers, "How many")->type_name("N")->capture_default_str()->excludes(onto);
  app.add_option("--days", options.days, "Days with readings, at least 28")
      ->type_name("D")
      ->capture_default_str()
      ->excludes(onto);
  app.add_option("--theft", options.theft_share, "Share of consumers who steal")
      ->type_name("SHARE")
      ->capture_default_str();
  app.add_option("--twins", options.twin_share, "Share of the honest to whom something happens that looks like theft")
      ->type_name("SHARE")
      ->capture_default_str()
      ->excludes(onto);
  app.add_option("--attacks", flags->attacks, "Only these attacks, evenly: numbers or names joined by commas, or all")
      ->type_name("LIST");
  app.add_option("--without-attacks", flags->without_attacks, "Not these attacks")->type_name("LIST");
  app.add_flag("--half-hourly", flags->half_hourly, "48 readings a day that add up to the same days")->excludes(onto);
  app.add_flag("!--no-gaps", options.gaps, "Keep every reading instead of losing some as real files do")
      ->excludes(onto);
  app.add_option("--out", flags->out, "Readings to write, a .csv; the truth goes beside it as NAME.truth.csv")
      ->type_name("FILE")
      ->required();
  return [flags](Session& session) { return Simulate(*flags, session); };
}

}  // namespace meterhound::cli
