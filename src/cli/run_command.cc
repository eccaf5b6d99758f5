// `meterhound run`: everything, from readings to the report page.
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/evaluation_text.h"
#include "cli/format.h"
#include "pipeline/case_writing.h"
#include "pipeline/inspection_list.h"
#include "report/leak_section.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  TrainingFlags training;
  FeedbackFlags feedback;
  std::string out = "out";
};

Status Run(const Flags& flags, Session& session) {
  const StopWatch whole;
  METERHOUND_RETURN_IF_ERROR(flags.training.Apply(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_RETURN_IF_ERROR(flags.feedback.Apply(data, session.config));
  session.Say(WithThousands(data.panel.rows()) + " consumers read from " + data.panel.source + "\n" + data.remarks);
  METERHOUND_ASSIGN_OR_RETURN(
      const pipeline::RunOutcome outcome,
      pipeline::TrainAndRank(std::move(data), whole.Seconds(), session.config, flags.out, session.context));
  session.Say("\n" + EvaluationText(outcome.evaluation));
  if (!outcome.evaluation.leaks->findings.empty()) session.Say(report::LeakText(*outcome.evaluation.leaks));
  session.Say("\nTo visit first: " + WithThousands(outcome.high) + " in the high tier, " +
              WithThousands(outcome.medium) + " in the medium tier of " + WithThousands(outcome.consumers) + "\n");
  session.Say(pipeline::WritersRemark(outcome.writers));
  session.Say("Report: " + flags.out + "/report.html (" + Duration(whole.Seconds()) + " in all)\n");
  session.Answer({{"out", flags.out},
                  {"consumers", outcome.consumers},
                  {"features", outcome.features},
                  {"high", outcome.high},
                  {"medium", outcome.medium},
                  {"first", outcome.first},
                  {"evaluation", detectors::ToJson(outcome.evaluation)},
                  {"seconds", whole.Seconds()}});
  return {};
}

}  // namespace

Action DeclareRun(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  flags->training.Declare(app);
  flags->feedback.DeclareForLabels(app);
  DeclareOutFolder(app, flags->out, "Run folder to write");
  return [flags](Session& session) { return Run(*flags, session); };
}

}  // namespace meterhound::cli
