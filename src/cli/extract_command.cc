// `meterhound extract`: readings in, a table of features out.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <span>
#include <vector>

#include "base/numbers.h"
#include "base/peak_memory.h"
#include "cli/command.h"
#include "cli/format.h"
#include "pipeline/extraction.h"
#include "pipeline/settings_file.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  std::string settings;
  std::string out;
  std::string columns;
  bool impute = false;
  bool profile = false;
  bool stats = false;
};

// The dearest first.
std::vector<features::CalculatorTime> ByTime(std::span<const features::CalculatorTime> times) {
  std::vector<features::CalculatorTime> sorted;
  for (const features::CalculatorTime& time : times) {
    const auto same = std::find_if(sorted.begin(), sorted.end(),
                                   [&](const auto& other) { return other.calculator == time.calculator; });
    if (same == sorted.end()) {
      sorted.push_back(time);
    } else {
      same->columns += time.columns;
      same->seconds += time.seconds;
    }
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.seconds > b.seconds; });
  return sorted;
}

std::string ProfileText(std::span<const features::CalculatorTime> times, std::size_t rows) {
  double total = 0;
  for (const features::CalculatorTime& time : times) total += time.seconds;
  std::string text = "\ncalculator                                                 columns  us/consumer   share\n";
  char line[128];
  for (const features::CalculatorTime& time : times) {
    std::snprintf(line, sizeof line, "%-56s %9zu %12.2f %5.1f %%\n", std::string(time.calculator->name).c_str(),
                  time.columns, 1e6 * time.seconds / static_cast<double>(rows), 100 * time.seconds / total);
    text += line;
  }
  return text;
}

Json ProfileJson(std::span<const features::CalculatorTime> times) {
  Json json = Json::array();
  for (const features::CalculatorTime& time : times) {
    json.push_back({{"calculator", time.calculator->name}, {"columns", time.columns}, {"seconds", time.seconds}});
  }
  return json;
}

std::string StatsText(const pipeline::ExtractionReport& report) {
  char line[160];
  std::snprintf(line, sizeof line, "reading %.2f s, extracting %.2f s, writing %.2f s; peak memory %.0f MB\n",
                report.reading, report.extracting, report.writing, static_cast<double>(PeakMemory()) / 1e6);
  return line;
}

Status Extract(const Flags& flags, Session& session) {
  if (!flags.settings.empty()) session.config.tsfresh_settings = flags.settings;
  if (!flags.columns.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(session.config.columns, pipeline::ReadColumnNames(flags.columns));
  }
  pipeline::ExtractionOptions options;
  options.out = flags.out;
  options.impute = flags.impute;
  options.time_calculators = flags.profile;
  METERHOUND_ASSIGN_OR_RETURN(options.input, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::ExtractionReport report,
                              pipeline::ExtractToFile(options, session.config, session.context));
  const double rate = static_cast<double>(report.consumers) / report.extracting;
  session.Say(WithThousands(report.consumers) + " consumers, " + WithThousands(report.features) + " features, " +
              Rate(rate) + " consumers/s: " + flags.out + "\n");
  Json answer = {{"consumers", report.consumers},
                 {"features", report.features},
                 {"seconds", report.extracting},
                 {"series_per_s", rate},
                 {"out", flags.out}};
  if (flags.stats) {
    session.Say(StatsText(report));
    answer["reading_s"] = report.reading;
    answer["writing_s"] = report.writing;
    answer["peak_memory_bytes"] = PeakMemory();
  }
  if (flags.profile) {
    const auto times = ByTime(report.times);
    session.Say(ProfileText(times, report.consumers));
    answer["profile"] = ProfileJson(times);
  }
  session.Answer(answer);
  return {};
}

}  // namespace

Action DeclareExtract(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  app.add_option("--settings", flags->settings,
                 "minimal, efficient, comprehensive, index_based, time_based, theft, several joined by +, or a .json "
                 "or .yaml file "
                 "of tsfresh's dictionaries, for all kinds or each")
      ->type_name("NAME");
  app.add_option("--columns", flags->columns,
                 "Only these features, in this order: a text file with a name a line, a JSON list, or a CSV's header")
      ->type_name("FILE");
  app.add_flag("--impute", flags->impute, "Replace NaN by the column's median, infinities by its range");
  app.add_option("--out", flags->out, "Where to write: .csv or .parquet")->type_name("FILE")->required();
  app.add_flag("--profile", flags->profile, "Show where the time goes, calculator by calculator");
  app.add_flag("--stats", flags->stats, "Show the time of each part and the most memory held");
  return [flags](Session& session) { return Extract(*flags, session); };
}

}  // namespace meterhound::cli
