// `meterhound extract`: readings in, a table of features out.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "features/writers.h"
#include "pipeline/feature_files.h"
#include "pipeline/feature_pipeline.h"
#include "pipeline/settings_file.h"
#include "pipeline/sources.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  std::string settings;
  std::string out;
  std::string columns;
  bool impute = false;
  bool profile = false;
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

// The columns that were asked for, in the order they were named.
FeatureTable InOrder(const FeatureTable& table, const std::vector<std::string>& names) {
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < table.width(); ++i) places[table.columns[i].name] = i;
  std::vector<std::size_t> selected;
  for (const std::string& name : names) selected.push_back(places.at(name));
  return table.SelectColumns(selected);
}

Status Extract(const Flags& flags, Session& session) {
  if (!flags.settings.empty()) session.config.tsfresh_settings = flags.settings;
  if (!flags.columns.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(session.config.columns, pipeline::ReadColumnNames(flags.columns));
  }
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::FeaturePipeline features,
                              pipeline::FeaturePipeline::Plan(data.panel, session.config, data.features));
  std::vector<features::CalculatorTime> times;
  const StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(FeatureTable table,
                              features.Apply(data.panel, session.context, flags.profile ? &times : nullptr));
  const double seconds = watch.Seconds();
  if (!session.config.columns.empty()) table = InOrder(table, session.config.columns);
  if (flags.impute) pipeline::Impute(table);
  METERHOUND_RETURN_IF_ERROR(features::WriteFeatures(table, flags.out, session.context));
  const double rate = static_cast<double>(table.rows()) / seconds;
  session.Say(WithThousands(table.rows()) + " consumers, " + WithThousands(table.width()) + " features, " + Rate(rate) +
              " consumers/s: " + flags.out + "\n");
  Json answer = {{"consumers", table.rows()},
                 {"features", table.width()},
                 {"seconds", seconds},
                 {"series_per_s", rate},
                 {"out", flags.out}};
  if (flags.profile) {
    times = ByTime(times);
    session.Say(ProfileText(times, table.rows()));
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
                 "minimal, efficient, comprehensive, index_based, theft, several joined by +, or a .json or .yaml file "
                 "of tsfresh's dictionaries, for all kinds or each")
      ->type_name("NAME");
  app.add_option("--columns", flags->columns,
                 "Only these features, in this order: a text file with a name a line, a JSON list, or a CSV's header")
      ->type_name("FILE");
  app.add_flag("--impute", flags->impute, "Replace NaN by the column's median, infinities by its range");
  app.add_option("--out", flags->out, "Where to write: .csv or .parquet")->type_name("FILE")->required();
  app.add_flag("--profile", flags->profile, "Show where the time goes, calculator by calculator");
  return [flags](Session& session) { return Extract(*flags, session); };
}

}  // namespace meterhound::cli
