// `meterhound extract`: readings in, a table of features out.
#include <memory>

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
};

Status Extract(const Flags& flags, Session& session) {
  if (!flags.settings.empty()) session.config.tsfresh_settings = flags.settings;
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::FeaturePipeline features,
                              pipeline::FeaturePipeline::Plan(data.panel, session.config, data.features));
  const StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(const FeatureTable table, features.Apply(data.panel, session.context));
  const double seconds = watch.Seconds();
  METERHOUND_RETURN_IF_ERROR(features::WriteFeatures(table, flags.out, session.context));
  const double rate = static_cast<double>(table.rows()) / seconds;
  session.Say(WithThousands(table.rows()) + " consumers, " + WithThousands(table.width()) + " features, " + Rate(rate) +
              " consumers/s: " + flags.out + "\n");
  session.Answer({{"consumers", table.rows()},
                  {"features", table.width()},
                  {"seconds", seconds},
                  {"series_per_s", rate},
                  {"out", flags.out}});
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
  return [flags](Session& session) { return Extract(*flags, session); };
}

}  // namespace meterhound::cli
