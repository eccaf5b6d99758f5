// Whoever is to be replaced is looked up again in the transaction that replaces it.
#include "serve/retraining_jobs.h"

#include <filesystem>
#include <memory>

#include "base/status_of.h"
#include "serve/alerting.h"
#include "serve/job_handlers.h"
#include "serve/store_visits.h"
#include "serve/temporary_folder.h"
#include "serve/uploads.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

constexpr double kHour = 3'600'000;
constexpr std::size_t kShownDigits = 12;

struct Earlier {
  std::string state;
  std::string cause;
  std::int64_t created = 0;
};

// Latest first.
Result<std::vector<Earlier>> EarlierRetrainings(store::Transaction& transaction) {
  METERHOUND_ASSIGN_OR_RETURN(
      const store::Rows rows,
      transaction.Query(
          "SELECT state, request, created FROM jobs WHERE kind=? ORDER BY created DESC, id DESC LIMIT 1000",
          {kRetrain}));
  std::vector<Earlier> earlier;
  for (const store::Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(const Json request, ParseJson(row.Text(1), "job"));
    earlier.push_back({row.Text(0), request.value("cause", std::string(kByHand)), row.Int(2)});
  }
  return earlier;
}

Status RequireNoneUnderWay(const std::vector<Earlier>& earlier) {
  for (const Earlier& one : earlier) {
    const auto state = store::ParseJobState(one.state);
    if (state && !store::HasEnded(*state)) return InvalidInput("a retraining is " + one.state + " already", kRetrain);
  }
  return {};
}

// What holds a trigger back, but no person.
Status RequireDue(Service& service, store::Transaction& transaction, const std::vector<Earlier>& earlier) {
  const pipeline::Config& config = service.config;
  for (const Earlier& one : earlier) {
    if (one.cause == kByHand) continue;
    const auto due = one.created + static_cast<std::int64_t>(config.retraining_cool_down * kHour);
    if (store::NowMilliseconds() >= due) break;
    return InvalidInput("the last retraining by " + one.cause + " was ordered at " + store::FormatTime(one.created) +
                            "; the next may be from " + store::FormatTime(due) + " on (retraining.cool_down)",
                        kRetrain);
  }
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t told, FeedbackSinceRetraining(transaction));
  if (told >= config.retraining_least_labels) return {};
  return InvalidInput("found " + std::to_string(told) + " visits told since the last retraining, expected at least " +
                          std::to_string(config.retraining_least_labels) + " (retraining.least_labels)",
                      kRetrain);
}

std::string TitleOf(const Service& service, const RetrainingDetails& details) {
  if (!details.title.empty()) return details.title;
  return std::filesystem::path(service.config.retraining_data).filename().string();
}

Result<pipeline::SourceData> ReadConfigured(const pipeline::Config& config, const RunContext& context) {
  if (config.retraining_data.empty()) return InvalidInput("expected labelled readings", "retraining.data");
  readings::ReadOptions options;
  (config.retraining_source.empty() ? options.file : options.data) = config.retraining_data;
  options.source = config.retraining_source;
  METERHOUND_ASSIGN_OR_RETURN(options.date_order, readings::ParseDateOrder(config.date_order));
  if (!config.as_of.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(options.as_of, readings::ParseDay(config.as_of, "readings.as_of"));
  }
  return pipeline::ReadSource(options, context);
}

Result<pipeline::SourceData> ReadData(Service& service, const store::Job& job, const RunContext& context) {
  if (!job.input) return ReadConfigured(service.config, context);
  METERHOUND_ASSIGN_OR_RETURN(const store::Input input, service.inputs.Find(*job.input));
  return ReadUpload(service.inputs, input, service.config, context);
}

store::AuditEntry Entry(const std::string& who, const std::string& action, const std::string& target,
                        const Json& detail) {
  store::AuditEntry entry;
  entry.who = who;
  entry.action = action;
  entry.target = target;
  entry.detail = detail;
  return entry;
}

// A new model in use is news; one that is refused, or waits for a person, is a state that somebody has to end.
Status TellOutcome(Service& service, store::Transaction& transaction, pipeline::Verdict verdict,
                   const std::string& cause, const std::vector<std::string>& reasons) {
  store::Alert alert;
  alert.key = kRetrainingAlert;
  for (const std::string& reason : reasons) alert.text += (alert.text.empty() ? "" : "\n") + reason;
  alert.detail = {{"Ordered by", cause}};
  alert.link = "docs/mlops.md";
  if (verdict == pipeline::Verdict::kPromote) {
    METERHOUND_RETURN_IF_ERROR(
        ResolveAlert(service, transaction, kRetrainingAlert, "A new model has taken its place."));
    alert.key = "new_model";
    alert.severity = Severity::kInfo;
    alert.title = "a new model is in use";
    return Announce(service, transaction, alert);
  }
  alert.title = verdict == pipeline::Verdict::kAsk ? "a new model waits for a person to decide"
                                                   : "retraining was refused; the model in use stays";
  return RaiseAlert(service, transaction, alert);
}

// A challenger on its way into the store: its file goes when the last copy does.
struct Written {
  TemporaryFolder folder;
  std::filesystem::path file;
  store::BundleInfo info;
};

Result<std::shared_ptr<const Written>> WriteDown(const detectors::Bundle& challenger, const std::string& champion) {
  METERHOUND_ASSIGN_OR_RETURN(TemporaryFolder folder, TemporaryFolder::Create());
  const std::filesystem::path file = folder.path() / "challenger.mh";
  METERHOUND_RETURN_IF_ERROR(challenger.Write(file));
  // One that cannot be read back takes nobody's place.
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Model model, pipeline::Model::Load(file));
  store::BundleInfo info = InfoOf(model, "trained to follow " + champion.substr(0, kShownDigits));
  Written written{.folder = std::move(folder), .file = file, .info = std::move(info)};
  return std::shared_ptr<const Written>(std::make_shared<Written>(std::move(written)));
}

}  // namespace

Result<std::int64_t> FeedbackSinceRetraining(store::Transaction& transaction) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row, transaction.QueryOne("SELECT COUNT(*) FROM feedback WHERE at > COALESCE((SELECT MAX(created) "
                                           "FROM jobs WHERE kind=?), -1)",
                                           {kRetrain}));
  return row->Int(0);
}

Result<store::Job> OrderRetraining(Service& service, store::Transaction& transaction, std::string_view cause,
                                   const RetrainingDetails& details) {
  METERHOUND_RETURN_IF_ERROR(store::AuditLog::TakeTurn(transaction));  // one order at a time
  const bool by_hand = cause == kByHand;
  METERHOUND_ASSIGN_OR_RETURN(const auto known, store::FindAnswer(transaction, details.key));
  if (!known) {
    if (!details.input && service.config.retraining_data.empty()) {
      return InvalidInput("expected labelled readings to train on: an upload, or the setting", "retraining.data");
    }
    METERHOUND_ASSIGN_OR_RETURN(const auto active, store::BundleStore::Active(transaction));
    if (!active) return InvalidInput("no model is active, there is nothing to compare with", kRetrain);
    METERHOUND_ASSIGN_OR_RETURN(const std::vector<Earlier> earlier, EarlierRetrainings(transaction));
    METERHOUND_RETURN_IF_ERROR(RequireNoneUnderWay(earlier));
    if (!by_hand) METERHOUND_RETURN_IF_ERROR(RequireDue(service, transaction, earlier));
  }
  const store::NewJob job{.kind = kRetrain,
                          .queue = kMathQueue,
                          .priority = 1,
                          .title = "Retraining on " + TitleOf(service, details),
                          .owner = details.owner,
                          .request = {{"cause", cause}},
                          .input = details.input};
  METERHOUND_ASSIGN_OR_RETURN(const store::CreatedJob created,
                              store::Accept(transaction, *service.queue, job, details.key));
  if (created.replayed) return created.job;
  if (!by_hand) {
    METERHOUND_RETURN_IF_ERROR(store::AuditLog::AppendAll(
        transaction, {Entry("service", "model.retrain", "job:" + created.job.id, {{"cause", cause}})}));
  }
  return created.job;
}

Status OrderIfDue(Service& service, store::Transaction& transaction, std::string_view cause) {
  const Status ordered = StatusOf(OrderRetraining(service, transaction, cause));
  return !ordered.ok() && ordered.error().code == ErrorCode::kInvalidInput ? Status() : ordered;
}

Status KeepChallenger(store::Transaction& transaction, pipeline::Verdict verdict, const store::BundleInfo& info,
                      const std::string& file, const std::string& champion, const std::string& who,
                      const Json& detail) {
  METERHOUND_RETURN_IF_ERROR(store::AuditLog::TakeTurn(transaction));
  METERHOUND_ASSIGN_OR_RETURN(const auto active, store::BundleStore::Active(transaction));
  if (active != champion) {
    return Error{
        ErrorCode::kCancelled,
        "another model became active while the challenger was compared with " + champion.substr(0, kShownDigits),
        "model"};
  }
  METERHOUND_RETURN_IF_ERROR(StatusOf(store::BundleStore::Add(transaction, info, file)));
  const std::string target = "model:" + info.fingerprint;
  std::vector<store::AuditEntry> entries = {Entry(who, "model.add", target, detail)};
  if (verdict == pipeline::Verdict::kPromote) {
    METERHOUND_RETURN_IF_ERROR(store::BundleStore::Activate(transaction, info.fingerprint, who));
    entries.push_back(Entry(who, "model.activate", target, detail));
  }
  return store::AuditLog::AppendAll(transaction, entries);
}

Result<store::Effects> RetrainJob(Service& service, const store::Job& job, store::JobContext& context) {
  ThreadPool pool(static_cast<std::size_t>(service.config.jobs));
  const RunContext run_context{.pool = pool, .progress = context.progress, .stop = context.stop};
  METERHOUND_ASSIGN_OR_RETURN(const auto champion, service.models.Active());
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, ReadData(service, job, run_context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Feedback visits, VisitsIn(service.feedback));
  METERHOUND_RETURN_IF_ERROR(pipeline::ApplyVisits(data, visits, service.config));
  const std::string remarks = data.remarks;
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::RetrainOutcome outcome,
                              pipeline::Retrain(std::move(data), *champion, service.config, run_context));
  const std::string cause = job.request.value("cause", std::string(kByHand));
  store::Effects effects;
  effects.result = pipeline::ToJson(outcome);
  effects.result["cause"] = cause;
  effects.result["champion"] = champion->fingerprint;
  effects.result["remarks"] = remarks;
  const bool kept = outcome.verdict != pipeline::Verdict::kReject;
  effects.result["kept"] = kept;
  std::shared_ptr<const Written> written;
  if (kept) {
    METERHOUND_ASSIGN_OR_RETURN(written, WriteDown(*outcome.challenger, champion->fingerprint));
  }
  effects.write = [&service, job = job.id, verdict = outcome.verdict, written, champion = champion->fingerprint, cause,
                   reasons = outcome.reasons](store::Transaction& transaction) -> Status {
    METERHOUND_RETURN_IF_ERROR(TellOutcome(service, transaction, verdict, cause, reasons));
    const Json detail = {
        {"job", job}, {"cause", cause}, {"verdict", pipeline::VerdictName(verdict)}, {"champion", champion}};
    if (written == nullptr) {
      return store::AuditLog::AppendAll(transaction, {Entry("worker", "model.reject", "job:" + job, detail)});
    }
    return KeepChallenger(transaction, verdict, written->info, written->file.string(), champion, "worker", detail);
  };
  return effects;
}

}  // namespace meterhound::serve
