// `meterhound leakcheck`: looks for what must not reach fitting, and for features too good to be true.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "pipeline/leak_check.h"
#include "pipeline/shuffled_labels.h"
#include "report/leak_section.h"

namespace meterhound::cli {
namespace {

constexpr std::size_t kShown = 10;

struct Flags {
  InputFlags input;
  TrainingFlags training;
  FeedbackFlags feedback;
  std::string out;
};

// The features that tell most by themselves, best first.
std::vector<detectors::FeatureAuc> Best(std::vector<detectors::FeatureAuc> features) {
  std::erase_if(features, [](const detectors::FeatureAuc& feature) { return std::isnan(feature.auc); });
  std::stable_sort(features.begin(), features.end(),
                   [](const auto& a, const auto& b) { return std::fabs(a.auc - 0.5) > std::fabs(b.auc - 0.5); });
  features.resize(std::min(features.size(), kShown));
  return features;
}

Json GroupsJson(const std::vector<detectors::FeatureAuc>& features) {
  Json groups = Json::object();
  for (const detectors::FeatureAuc& feature : features) {
    Json& count = groups[FeatureGroupName(feature.group)];
    count = count.is_null() ? 1 : count.get<std::size_t>() + 1;
  }
  return groups;
}

Status LeakCheck(const Flags& flags, Session& session) {
  const StopWatch watch;
  METERHOUND_RETURN_IF_ERROR(flags.training.Apply(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_RETURN_IF_ERROR(flags.feedback.Apply(data, session.config));
  session.Say(data.remarks);
  METERHOUND_RETURN_IF_ERROR(pipeline::RequireKnownTruth(data.panel, session.config));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Prepared prepared,
                              pipeline::Prepare(std::move(data), session.config, session.context));
  detectors::LeakReport report = prepared.leaks;
  METERHOUND_RETURN_IF_ERROR(pipeline::CheckShuffledLabels(prepared, session.config, session.context, report));
  METERHOUND_RETURN_IF_ERROR(session.context.CheckStopped());
  Json json = detectors::ToJson(report);
  json["features"] = GroupsJson(report.features);
  json["best"] = Json::array();
  session.Say(report::LeakText(report) +
              "\nWhat tells most by itself (area under ROC; below .5: the other way round):\n");
  for (const detectors::FeatureAuc& feature : Best(report.features)) {
    session.Say("  " + Decimal(feature.auc, 3) + "  " + FeatureGroupName(feature.group) + "  " + feature.name + "\n");
    json["best"].push_back(
        {{"feature", feature.name}, {"group", FeatureGroupName(feature.group)}, {"auc", feature.auc}});
  }
  json["seconds"] = watch.Seconds();
  if (!flags.out.empty()) {
    const std::filesystem::path folder = flags.out;
    METERHOUND_RETURN_IF_ERROR(WriteFile(folder / "leakcheck.json", DumpJson(json)));
    METERHOUND_RETURN_IF_ERROR(pipeline::WriteFeatureAucs(folder / pipeline::kFeaturesFile, report.features));
    session.Say("Every feature with its group: " + (folder / pipeline::kFeaturesFile).string() + "\n");
  }
  session.Answer(json);
  const bool strict = session.config.leak_warnings == "fail";
  const std::size_t failures =
      report.Count(detectors::LeakSeverity::kFailure) + (strict ? report.Count(detectors::LeakSeverity::kWarning) : 0);
  if (failures == 0) return {};
  return InvalidInput("found " + std::to_string(failures) + (failures == 1 ? " leak" : " leaks"),
                      prepared.panel.source);
}

}  // namespace

Action DeclareLeakCheck(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  flags->training.Declare(app);
  flags->feedback.DeclareForLabels(app);
  DeclareOutFolder(app, flags->out, "Folder for leakcheck.json and features.csv");
  return [flags](Session& session) { return LeakCheck(*flags, session); };
}

}  // namespace meterhound::cli
