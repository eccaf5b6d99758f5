// `meterhound train`: a detector from labelled readings, without measuring it.
#include <filesystem>
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "pipeline/drift_check.h"
#include "pipeline/inspection_list.h"
#include "pipeline/retraining.h"
#include "report/leak_section.h"
#include "report/model_card.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  TrainingFlags training;
  FeedbackFlags feedback;
  std::string out = "out";
  bool lay_aside = false;
};

// What the consumers whom nobody inspected were taken to be.
std::string UnlabelledRemark(const detectors::FitSummary& fit) {
  if (fit.share_known_by.empty()) return {};
  const std::string by = fit.share_known_by == "drawn visits" ? "by visits drawn at random"
                         : fit.share_known_by == "given"      ? "by detection.class_prior"
                                                              : "as many as known thefts allow if they are a fair "
                                                                "sample; detection.class_prior gives a better figure";
  return WithThousands(fit.unlabelled) + " consumers not inspected were taken to hold " +
         Decimal(100 * fit.unlabelled_theft_share, 1) + " % thefts, " + by + "\n";
}

Status Train(const Flags& flags, Session& session) {
  const StopWatch watch;
  METERHOUND_RETURN_IF_ERROR(flags.training.Apply(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_RETURN_IF_ERROR(flags.feedback.Apply(data, session.config));
  session.Say(data.remarks);
  if (flags.lay_aside) data = pipeline::LayAside(data, session.config);
  METERHOUND_RETURN_IF_ERROR(pipeline::RequireLabels(data.panel, session.config));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Prepared prepared,
                              pipeline::Prepare(std::move(data), session.config, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const detectors::HybridDetector detector,
                              pipeline::FitDetector(prepared, session.config, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const monitor::Baseline baseline,
                              pipeline::BaselineOf(prepared, detector, session.context));
  Json manifest = pipeline::MakeManifest(prepared, session.config, nullptr);
  if (flags.lay_aside) {
    manifest["laid_aside"] = pipeline::LaidAsideJson(session.config.holdout_share, session.config);
  }
  METERHOUND_ASSIGN_OR_RETURN(
      const detectors::Bundle bundle,
      pipeline::MakeBundle(prepared.plan, detector, manifest, prepared.hashes, nullptr, &baseline));
  METERHOUND_RETURN_IF_ERROR(session.context.CheckStopped());
  const std::filesystem::path file = std::filesystem::path(flags.out) / pipeline::kModelFile;
  METERHOUND_RETURN_IF_ERROR(bundle.Write(file));
  METERHOUND_RETURN_IF_ERROR(report::WriteModelCard(
      flags.out, {.fingerprint = bundle.Fingerprint(), .manifest = bundle.manifest(), .evaluation = {}}));
  const detectors::FitSummary& fit = detector.Summary();
  session.Say("Trained on " + WithThousands(fit.labelled) + " labelled consumers (" + WithThousands(fit.thefts) +
              " thefts), " + WithThousands(fit.columns_used) + " features used, in " + Duration(watch.Seconds()) +
              ": " + file.string() + "\n" + UnlabelledRemark(fit));
  if (!prepared.leaks.findings.empty()) session.Say(report::LeakText(prepared.leaks));
  session.Answer({{"model", file.string()},
                  {"fingerprint", bundle.Fingerprint()},
                  {"consumers", fit.rows},
                  {"labelled", fit.labelled},
                  {"thefts", fit.thefts},
                  {"features", fit.columns_used},
                  {"leak_check", detectors::ToJson(prepared.leaks)},
                  {"unlabelled", fit.unlabelled},
                  {"unlabelled_theft_share", fit.share_known_by.empty() ? Json() : Json(fit.unlabelled_theft_share)},
                  {"seconds", watch.Seconds()}});
  return {};
}

}  // namespace

Action DeclareTrain(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  flags->training.Declare(app);
  flags->feedback.DeclareForLabels(app);
  app.add_flag("--lay-aside", flags->lay_aside,
               "Leave out the consumers on which retraining compares (retraining.holdout_share)");
  DeclareOutFolder(app, flags->out, "Folder for model.mh");
  return [flags](Session& session) { return Train(*flags, session); };
}

}  // namespace meterhound::cli
