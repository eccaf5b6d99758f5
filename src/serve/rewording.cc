// The job of llm_queue: cases worded anew by the engine that the settings name, with the template to fall back on.
#include "base/version.h"
#include "pipeline/case_writing.h"
#include "report/kept_case.h"
#include "serve/job_handlers.h"
#include "serve/retraining_jobs.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

struct Reworded {
  store::CaseName name;
  store::CaseDetail detail;
};

struct Chosen {
  std::vector<store::CaseName> names;
  std::vector<report::Case> cases;
  std::vector<Json> kept;
  store::Run run;
};

// Cases of one run.
Result<Chosen> Choose(Service& service, const Json& ids) {
  Chosen chosen;
  for (const Json& id : ids) {
    METERHOUND_ASSIGN_OR_RETURN(const store::CaseName name, store::ParseCaseId(id.get<std::string>()));
    METERHOUND_ASSIGN_OR_RETURN(store::CaseDetail detail, service.cases.Detail(name));
    if (detail.series.is_null()) {
      return InvalidInput("found a case without details, expected one of the first " +
                              std::to_string(service.config.service_detailed_cases) + " of its list",
                          "case " + id.get<std::string>());
    }
    METERHOUND_ASSIGN_OR_RETURN(report::Case one, report::RestoreCase(detail.series));
    chosen.names.push_back(name);
    chosen.cases.push_back(std::move(one));
    chosen.kept.push_back(std::move(detail.series));
  }
  METERHOUND_ASSIGN_OR_RETURN(chosen.run, service.runs.Find(chosen.names.front().run));
  return chosen;
}

}  // namespace

report::RunReport ReportHead(const store::Run& run, const std::string& language) {
  report::RunReport head;
  head.language = language;
  head.title = run.title;
  head.generated = store::FormatTime(run.created).substr(0, 16);
  head.generated[10] = ' ';
  head.generated += " UTC";
  head.version = kVersion;
  head.model_fingerprint = run.model;
  head.consumers = static_cast<std::size_t>(run.consumers);
  head.high = static_cast<std::size_t>(run.high);
  head.medium = static_cast<std::size_t>(run.medium);
  head.currency = run.currency;
  head.tariff = run.tariff;
  head.seen = static_cast<std::size_t>(run.trained_on);
  head.simulated = run.simulated;
  return head;
}

Result<store::Effects> Reword(Service& service, const store::Job& job, store::JobContext& context) {
  ThreadPool pool(static_cast<std::size_t>(service.config.jobs));
  const RunContext run_context{.pool = pool, .progress = context.progress, .stop = context.stop};
  METERHOUND_ASSIGN_OR_RETURN(const Chosen chosen, Choose(service, job.request.at("cases")));
  pipeline::Config config = service.config;
  config.report_language = job.request.value("language", service.config.report_language);
  const report::RunReport head = ReportHead(chosen.run, config.report_language);
  METERHOUND_ASSIGN_OR_RETURN(const auto writer, pipeline::MakeCaseWriter(config, run_context));
  METERHOUND_ASSIGN_OR_RETURN(const auto words, writer->WriteAll(chosen.cases, head));
  const auto reworded = std::make_shared<std::vector<Reworded>>();
  for (std::size_t i = 0; i < words.size(); ++i) {
    reworded->push_back(
        {.name = chosen.names[i],
         .detail = {.document = report::CaseJson(chosen.cases[i], words[i], head), .series = chosen.kept[i]}});
  }
  return store::Effects{
      .result = {{"case", job.request.at("cases").front()}, {"cases", job.request.at("cases").size()}},
      .write = [reworded](store::Transaction& transaction) -> Status {
        for (const Reworded& one : *reworded) {
          METERHOUND_RETURN_IF_ERROR(store::CaseStore::PutDetail(transaction, one.name, one.detail));
        }
        return {};
      }};
}

}  // namespace meterhound::serve
