// `meterhound evaluate`: what a detector is worth, by nested cross-validation or on consumers a saved model never saw.
#include <algorithm>
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/evaluation_text.h"
#include "cli/format.h"
#include "pipeline/inspection_list.h"
#include "report/leak_section.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  TrainingFlags training;
  FeedbackFlags feedback;
  std::string model;
  std::string out = "out";
};

Result<detectors::Evaluation> CrossValidated(pipeline::SourceData data, Session& session) {
  METERHOUND_RETURN_IF_ERROR(pipeline::RequireKnownTruth(data.panel, session.config));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Prepared prepared,
                              pipeline::Prepare(std::move(data), session.config, session.context));
  METERHOUND_ASSIGN_OR_RETURN(detectors::CrossValidation validation,
                              pipeline::CrossValidate(prepared, session.config, session.context));
  return std::move(validation.evaluation);
}

Result<detectors::Evaluation> OfModel(pipeline::SourceData data, const Flags& flags, Session& session) {
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Model model, pipeline::Model::Load(flags.model));
  const std::size_t rows = data.panel.rows();
  METERHOUND_ASSIGN_OR_RETURN(detectors::Evaluation evaluation,
                              pipeline::EvaluateModel(std::move(data), model, session.config, session.context));
  if (evaluation.consumers < rows) {
    session.Say(WithThousands(rows - evaluation.consumers) +
                " consumers left out: without label, or the model was trained on them\n");
  }
  const auto& columns = model.detector.InputColumns();
  const auto traces = std::count_if(columns.begin(), columns.end(), [](const FeatureColumn& column) {
    return column.group == FeatureGroup::kInspection;
  });
  if (traces > 0) {
    session.Say("The model reads " + std::to_string(traces) +
                " features that may be the trace of an inspection; without --model all views are measured\n");
  }
  return evaluation;
}

Status Evaluate(const Flags& flags, Session& session) {
  const StopWatch watch;
  if (flags.training.without && !flags.model.empty()) {
    return InvalidInput("a saved model has its features already; expected either --without or --model", "--without");
  }
  METERHOUND_RETURN_IF_ERROR(flags.training.Apply(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_RETURN_IF_ERROR(flags.feedback.Apply(data, session.config));
  session.Say(data.remarks);
  METERHOUND_ASSIGN_OR_RETURN(detectors::Evaluation evaluation, flags.model.empty()
                                                                    ? CrossValidated(std::move(data), session)
                                                                    : OfModel(std::move(data), flags, session));
  evaluation.seconds.emplace_back("all", watch.Seconds());
  METERHOUND_RETURN_IF_ERROR(session.context.CheckStopped());
  METERHOUND_RETURN_IF_ERROR(pipeline::WriteEvaluation(flags.out, evaluation));
  session.Say(EvaluationText(evaluation));
  if (evaluation.leaks && !evaluation.leaks->findings.empty()) session.Say(report::LeakText(*evaluation.leaks));
  session.Say("\n" + flags.out + "/evaluation.json (" + Duration(watch.Seconds()) + ")\n");
  session.Answer(detectors::ToJson(evaluation));
  return {};
}

}  // namespace

Action DeclareEvaluate(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  flags->training.Declare(app);
  flags->feedback.DeclareForLabels(app);
  app.add_option("--model", flags->model, "Measure this saved model, on the consumers it was not trained on")
      ->type_name("FILE");
  DeclareOutFolder(app, flags->out, "Folder for evaluation.json");
  return [flags](Session& session) { return Evaluate(*flags, session); };
}

}  // namespace meterhound::cli
