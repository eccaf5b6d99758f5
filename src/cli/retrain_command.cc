// `meterhound retrain`: a challenger held against the model in use, and the way back.
#include <filesystem>
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/store_flags.h"
#include "pipeline/feedback.h"
#include "pipeline/retraining.h"
#include "report/model_card.h"
#include "serve/retraining_jobs.h"
#include "serve/store_visits.h"

namespace meterhound::cli {
namespace {

constexpr int kNotPromoted = 3;
constexpr const char* kChallengerFile = "challenger.mh";

struct Flags {
  InputFlags input;
  TrainingFlags training;
  FeedbackFlags feedback;
  StoreFlags where;
  std::string model;
  std::string out = "out";
  std::string promote;
  bool rollback = false;
};

/// The model in use, and where it stands.
struct Champion {
  std::shared_ptr<store::Database> database;  ///< null: a file's
  std::shared_ptr<const pipeline::Model> model;
};

Result<Champion> FindChampion(const Flags& flags, const Session& session) {
  if (flags.model.empty() == flags.where.store.empty()) {
    return InvalidInput(flags.model.empty()
                            ? "no model to compare with; expected --model FILE, or --store URL for the "
                              "active one"
                            : "found --model and a store (--store or METERHOUND_STORE), expected one of them",
                        "--model");
  }
  if (flags.where.store.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(pipeline::Model model, pipeline::Model::Load(flags.model));
    return Champion{.database = nullptr, .model = std::make_shared<const pipeline::Model>(std::move(model))};
  }
  if (!flags.feedback.file.empty()) {
    return InvalidInput("the store knows what visits found; expected no file", "--feedback");
  }
  METERHOUND_ASSIGN_OR_RETURN(auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(auto model, serve::LoadedModels(database).Active());
  return Champion{.database = std::move(database), .model = std::move(model)};
}

Result<pipeline::SourceData> ReadData(const Flags& flags, const readings::ReadOptions& options,
                                      const Champion& champion, Session& session) {
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  if (champion.database == nullptr) {
    METERHOUND_RETURN_IF_ERROR(flags.feedback.Apply(data, session.config));
    return data;
  }
  METERHOUND_RETURN_IF_ERROR(flags.feedback.TakeLabelsFrom(session.config));
  store::FeedbackStore kept(champion.database);
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Feedback visits, serve::VisitsIn(kept));
  METERHOUND_RETURN_IF_ERROR(pipeline::ApplyVisits(data, visits, session.config));
  return data;
}

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

std::string Figure(const detectors::Interval& interval) {
  return Decimal(interval.value, 3) + " (" + Decimal(interval.low, 3) + " to " + Decimal(interval.high, 3) + ")";
}

std::string ComparisonText(const pipeline::Comparison& comparison) {
  std::string text = "\nBoth on the same " + WithThousands(comparison.consumers) + " consumers (" +
                     WithThousands(comparison.thefts) + " thefts), 95 % intervals:\n" + Padded("", 18) +
                     Padded("champion", 26) + Padded("challenger", 26) + "difference, paired\n";
  const auto line = [&](const char* name, const detectors::Interval& one, const detectors::Interval& other,
                        const detectors::Interval& difference) {
    text += Padded("  " + std::string(name), 18) + Padded(Figure(one), 26) + Padded(Figure(other), 26) +
            Figure(difference) + "\n";
  };
  const detectors::Metrics& one = comparison.champion;
  const detectors::Metrics& other = comparison.challenger;
  line("ROC-AUC", one.roc_auc, other.roc_auc, comparison.difference.roc_auc);
  line("PR-AUC", one.pr_auc, other.pr_auc, comparison.difference.pr_auc);
  line("precision 1 %", one.at_share.front().precision, other.at_share.front().precision,
       comparison.difference.precision_at_1);
  line("Brier", one.brier, other.brier, comparison.difference.brier);
  line("ECE", one.ece, other.ece, comparison.difference.ece);
  return text;
}

std::string OutcomeText(const pipeline::RetrainOutcome& outcome) {
  std::string text;
  for (const pipeline::Gate& gate : outcome.gates) {
    text += Padded("  " + gate.name, 20) + (gate.passed ? "passed  " : "FAILED  ") + gate.finding + "\n";
  }
  for (const std::string& note : outcome.notes) text += "  moved since then   " + note + "\n";
  if (outcome.comparison) text += ComparisonText(*outcome.comparison);
  text += "\n";
  for (const std::string& reason : outcome.reasons) text += reason + "\n";
  return text;
}

// challenger.mh and its card.
Status WriteFiles(const pipeline::RetrainOutcome& outcome, const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / kChallengerFile;
  METERHOUND_RETURN_IF_ERROR(outcome.challenger->Write(file));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Model model, pipeline::Model::Load(file));
  return report::WriteModelCard(
      folder, {.fingerprint = model.fingerprint, .manifest = model.manifest, .evaluation = model.evaluation});
}

// Into the store, whose active model it may become.
Status Keep(const pipeline::RetrainOutcome& outcome, const std::filesystem::path& file, const Champion& champion) {
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Model model, pipeline::Model::Load(file));
  const store::BundleInfo info = serve::InfoOf(model, file.filename().string());
  const Json detail = {{"cause", serve::kByHand},
                       {"verdict", pipeline::VerdictName(outcome.verdict)},
                       {"champion", champion.model->fingerprint}};
  Status kept = champion.database->Write([&](store::Transaction& transaction) {
    return serve::KeepChallenger(transaction, outcome.verdict, info, file.string(), champion.model->fingerprint,
                                 "meterhound retrain", detail);
  });
  if (kept.ok() || kept.error().code != ErrorCode::kCancelled) return kept;
  return Unavailable(kept.error().message + "; nothing was changed, compare it with the new one", kept.error().where);
}

std::string VerdictText(pipeline::Verdict verdict, const Champion& champion, const std::string& fingerprint) {
  const bool stored = champion.database != nullptr;
  switch (verdict) {
    case pipeline::Verdict::kPromote:
      return stored ? "Promoted: the store scores by it from now on. The way back: meterhound retrain --rollback\n"
                    : "To promote: use it in the place of the champion, and keep that for the way back\n";
    case pipeline::Verdict::kAsk:
      return stored ? "Waits for a person: POST /v1/models/" + fingerprint + "/activate promotes it\n"
                    : "Waits for a person\n";
    case pipeline::Verdict::kReject:
      break;
  }
  return "Rejected: the champion stays\n";
}

Status RollBack(const Flags& flags, Session& session) {
  if (flags.where.store.empty()) return InvalidInput("expected the store that is rolled back", "--store");
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(
      const std::string fingerprint,
      database->WriteFor<std::string>([&](store::Transaction& transaction) -> Result<std::string> {
        METERHOUND_RETURN_IF_ERROR(store::AuditLog::TakeTurn(transaction));
        METERHOUND_ASSIGN_OR_RETURN(std::string before,
                                    store::BundleStore::RollBack(transaction, "meterhound retrain"));
        store::AuditEntry entry;
        entry.who = "meterhound retrain";
        entry.action = "model.rollback";
        entry.target = "model:" + before;
        METERHOUND_RETURN_IF_ERROR(store::AuditLog::AppendAll(transaction, {entry}));
        return before;
      }));
  session.Say("The store scores by the model before again: " + fingerprint + "\n");
  session.Answer({{"active", fingerprint}});
  return {};
}

Status Retrain(const Flags& flags, Session& session) {
  const StopWatch watch;
  if (flags.rollback) return RollBack(flags, session);
  METERHOUND_RETURN_IF_ERROR(flags.training.Apply(session.config));
  if (!flags.promote.empty()) {
    METERHOUND_RETURN_IF_ERROR(
        pipeline::SetConfigValue(session.config, "retraining.promote", flags.promote, "--promote"));
  }
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const Champion champion, FindChampion(flags, session));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, ReadData(flags, options, champion, session));
  session.Say(data.remarks);
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::RetrainOutcome outcome,
                              pipeline::Retrain(std::move(data), *champion.model, session.config, session.context));
  session.Say(OutcomeText(outcome));
  Json answer = pipeline::ToJson(outcome);
  answer["champion"] = champion.model->fingerprint;
  answer["file"] = nullptr;
  std::string fingerprint;
  if (outcome.challenger) {
    const std::filesystem::path file = std::filesystem::path(flags.out) / kChallengerFile;
    fingerprint = outcome.challenger->Fingerprint();
    METERHOUND_RETURN_IF_ERROR(WriteFiles(outcome, flags.out));
    session.Say(file.string() + ", model-card.md (" + Duration(watch.Seconds()) + ")\n");
    answer["file"] = file.string();
    if (champion.database != nullptr && outcome.verdict != pipeline::Verdict::kReject) {
      METERHOUND_RETURN_IF_ERROR(Keep(outcome, file, champion));
    }
  }
  session.Say(VerdictText(outcome.verdict, champion, fingerprint));
  answer["seconds"] = watch.Seconds();
  session.Answer(answer);
  session.exit_status = outcome.verdict == pipeline::Verdict::kPromote ? 0 : kNotPromoted;
  return {};
}

}  // namespace

Action DeclareRetrain(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  flags->training.Declare(app);
  flags->feedback.DeclareForLabels(app);
  flags->where.Declare(app);
  app.add_option("--model", flags->model, "The champion: the saved model that the new one is compared with")
      ->type_name("FILE");
  app.add_option("--promote", flags->promote, "auto, or ask: a person decides even when it is not worse")
      ->type_name("HOW");
  app.add_flag("--rollback", flags->rollback, "With --store: make the model active that was before");
  DeclareOutFolder(app, flags->out, "Folder for challenger.mh and model-card.md");
  return [flags](Session& session) { return Retrain(*flags, session); };
}

}  // namespace meterhound::cli
