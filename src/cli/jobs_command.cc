// `meterhound jobs`: see jobs, and deal with those that failed too often (the dead letters).
#include <memory>

#include "cli/command.h"
#include "cli/store_flags.h"
#include "store/identifiers.h"
#include "store/job_store.h"
#include "store/queue.h"

namespace meterhound::cli {
namespace {

using store::Job;

struct JobsFlags {
  StoreFlags where;
  std::string state = "dead";
  std::string queue_name;
  std::int64_t limit = 50;
  std::vector<std::string> ids;
  bool all = false;
};

Json JobJson(const Job& job) {
  return {{"id", job.id},
          {"kind", job.kind},
          {"queue", job.queue},
          {"title", job.title},
          {"state", store::JobStateName(job.state)},
          {"priority", job.priority},
          {"attempts", job.attempts},
          {"max_attempts", job.max_attempts},
          {"created", TimeJson(job.created)},
          {"started", TimeJson(job.started)},
          {"finished", TimeJson(job.finished)},
          {"expires", TimeJson(job.expires)},
          {"worker", job.worker},
          {"progress",
           {{"stage", job.progress.stage},
            {"done", job.progress.done},
            {"total", job.progress.total},
            {"unit", job.progress.unit}}},
          {"request", job.request},
          {"input", job.input ? Json(*job.input) : Json()},
          {"result", job.result},
          {"error", job.error ? Json{{"code", ErrorName(job.error->code)},
                                     {"message", job.error->message},
                                     {"where", job.error->where}}
                              : Json()}};
}

std::string Line(const Job& job) {
  return job.id + "  " + std::string(store::JobStateName(job.state)) + "  " + job.kind + "  " +
         store::FormatTime(job.created) + "  attempts " + std::to_string(job.attempts) +
         (job.title.empty() ? "" : "  " + job.title) + (job.error ? "\n    " + job.error->ToString() : "") + "\n";
}

Status ListJobs(Session& session, const JobsFlags& flags) {
  store::JobFilter filter;
  if (flags.state != "all") {
    filter.state = store::ParseJobState(flags.state);
    if (!filter.state) {
      return InvalidInput("found '" + flags.state + "', expected queued, running, done, failed, cancelled, dead or all",
                          "--state");
    }
  }
  filter.queue = flags.queue_name;
  filter.limit = flags.limit;
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const auto page, store::JobStore(database).List(filter));
  Json items = Json::array();
  for (const Job& job : page.jobs) {
    session.Say(Line(job));
    items.push_back(JobJson(job));
  }
  if (page.jobs.empty()) session.Say(flags.state == "all" ? "No jobs\n" : "No jobs that are " + flags.state + "\n");
  if (page.next) session.Say("... and more; see --limit\n");
  session.Answer({{"items", items}, {"more", page.next.has_value()}});
  return {};
}

Status ShowJobs(Session& session, const JobsFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const Job job, store::JobStore(database).Find(flags.ids.at(0)));
  session.Say(DumpJson(JobJson(job)));
  session.Answer(JobJson(job));
  return {};
}

/// The jobs that were named, or with --all every dead one.
Result<std::vector<std::string>> Chosen(const std::shared_ptr<store::Database>& database, const JobsFlags& flags) {
  if (flags.all == !flags.ids.empty()) return InvalidInput("expected ids of jobs, or --all for every dead one", "jobs");
  if (!flags.all) return flags.ids;
  std::vector<std::string> ids;
  store::JobFilter filter;
  filter.state = store::JobState::kDead;
  filter.queue = flags.queue_name;
  filter.limit = 1000;
  for (;;) {
    METERHOUND_ASSIGN_OR_RETURN(const auto page, store::JobStore(database).List(filter));
    for (const Job& job : page.jobs) ids.push_back(job.id);
    if (!page.next) return ids;
    filter.cursor = *page.next;
  }
}

Status RetryJobs(Session& session, const JobsFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const auto queue, flags.where.OpenQueue(session.config, database));
  METERHOUND_ASSIGN_OR_RETURN(const auto ids, Chosen(database, flags));
  for (const std::string& id : ids) {
    const auto job = store::Resubmit(*database, *queue, id);
    if (!job) return job.error();
  }
  session.Say(std::to_string(ids.size()) + " jobs are queued again\n");
  session.Answer({{"retried", ids}});
  return {};
}

Status DropJobs(Session& session, const JobsFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, flags.where.Open(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const auto ids, Chosen(database, flags));
  store::JobStore jobs(database);
  for (const std::string& id : ids) METERHOUND_RETURN_IF_ERROR(jobs.Drop(id));
  session.Say(std::to_string(ids.size()) + " jobs are deleted\n");
  session.Answer({{"dropped", ids}});
  return {};
}

}  // namespace

Action DeclareJobs(CLI::App& app) {
  const auto flags = std::make_shared<JobsFlags>();
  app.require_subcommand(1);
  const auto action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->fallthrough();
    return sub;
  };
  flags->where.Declare(app);
  flags->where.DeclareQueue(app);
  CLI::App* list = action("list", "Jobs in a state; dead ones unless told otherwise");
  list->add_option("--state", flags->state, "queued, running, done, failed, cancelled, dead or all")
      ->type_name("STATE")
      ->capture_default_str();
  list->add_option("--limit", flags->limit, "Most to show")->check(CLI::Range(1, 100000))->capture_default_str();
  CLI::App* show = action("show", "Everything about one job");
  show->add_option("ID", flags->ids, "The job")->required()->expected(1);
  CLI::App* retry = action("retry", "New attempts for dead or failed jobs");
  CLI::App* drop = action("drop", "Delete jobs that have ended");
  for (CLI::App* sub : {retry, drop}) {
    sub->add_option("ID", flags->ids, "The jobs");
    sub->add_flag("--all", flags->all, "Every dead job");
  }
  for (CLI::App* sub : {list, retry, drop}) {
    sub->add_option("-Q,--only", flags->queue_name, "Only jobs of this queue, e.g. math_queue")->type_name("NAME");
  }
  return [=](Session& session) -> Status {
    if (list->parsed()) return ListJobs(session, *flags);
    if (show->parsed()) return ShowJobs(session, *flags);
    return retry->parsed() ? RetryJobs(session, *flags) : DropJobs(session, *flags);
  };
}

}  // namespace meterhound::cli
