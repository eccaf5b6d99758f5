// `meterhound extract`: readings in, a table of features out.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <span>
#include <vector>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "features/writers.h"
#include "pipeline/feature_pipeline.h"
#include "pipeline/sources.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  std::string settings;
  std::string out;
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

Status Extract(const Flags& flags, Session& session) {
  if (!flags.settings.empty()) session.config.tsfresh_settings = flags.settings;
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::FeaturePipeline features,
                              pipeline::FeaturePipeline::Plan(data.panel, session.config, data.features));
  std::vector<features::CalculatorTime> times;
  const StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(const FeatureTable table, features.Apply(data.panel, session.context, flags.profile ? &times : nullptr));
  const double seconds = watch.Seconds();
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
                 "minimal, efficient, comprehensive, index_based, theft, or several joined by +")
      ->type_name("NAME");
  app.add_option("--out", flags->out, "Where to write: .csv or .parquet")->type_name("FILE")->required();
  app.add_flag("--profile", flags->profile, "Show where the time goes, calculator by calculator");
  return [flags](Session& session) { return Extract(*flags, session); };
}

}  // namespace meterhound::cli
