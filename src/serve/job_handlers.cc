// Which handler does which kind of job.
#include "serve/job_handlers.h"

#include "serve/alerting.h"
#include "serve/drift_checking.h"
#include "serve/retraining_jobs.h"

namespace meterhound::serve {

std::map<std::string, store::Handler> JobHandlers(const std::shared_ptr<Service>& service) {
  using Work = Result<store::Effects> (*)(Service&, const store::Job&, store::JobContext&);
  std::map<std::string, store::Handler> handlers;
  for (const auto& [kind, work] : {std::pair<const char*, Work>{kDetect, &Detect},
                                   {kDrift, &CheckDrift},
                                   {kRetrain, &RetrainJob},
                                   {kReport, &Reword},
                                   {kTell, &Tell}}) {
    handlers[kind] = [service, work = work](const store::Job& job, store::JobContext& context) {
      return work(*service, job, context);
    };
  }
  return handlers;
}

}  // namespace meterhound::serve
