// What workers do: the handlers of each kind of job.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "report/case.h"
#include "serve/service.h"
#include "store/job_runner.h"

namespace meterhound::serve {

/// Scores an upload by the active model: a run with its cases, quality and peers' band.
Result<store::Effects> Detect(Service& service, const store::Job& job, store::JobContext& context);

/// Has the cases that the request names worded anew: {"cases": [id], "language": "en"}.
Result<store::Effects> Reword(Service& service, const store::Job& job, store::JobContext& context);

/// By kind.
std::map<std::string, store::Handler> JobHandlers(const std::shared_ptr<Service>& service);

/// The head of a report on a run, without its cases.
report::RunReport ReportHead(const store::Run& run, const std::string& language);

}  // namespace meterhound::serve
