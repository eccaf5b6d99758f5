// Opens store and queue.
#include "serve/service.h"

#include "base/version.h"
#include "store/identifiers.h"
#include "store/schema.h"

namespace meterhound::serve {

Service::Service(const pipeline::Config& settings, std::shared_ptr<store::Database> opened,
                 std::shared_ptr<store::Queue> of)
    : config(settings),
      database(std::move(opened)),
      queue(std::move(of)),
      jobs(database),
      runs(database),
      cases(database),
      feedback(database),
      inputs(database),
      bundles(database),
      keys(database),
      audit(database),
      drift(database),
      scored(database),
      alerts(database),
      workers(database),
      models(database),
      lists(database),
      samples(database),
      started(store::NowMilliseconds()) {
  metrics.AddBuildInfo(kVersion);
}

Result<std::shared_ptr<Service>> Service::Open(const pipeline::Config& config) {
  METERHOUND_ASSIGN_OR_RETURN(auto database, store::Database::Open(config.service_store));
  METERHOUND_RETURN_IF_ERROR(store::CheckSchema(*database));
  METERHOUND_ASSIGN_OR_RETURN(auto queue, store::OpenQueue(config.service_queue, database));
  return std::make_shared<Service>(config, std::move(database), std::move(queue));
}

}  // namespace meterhound::serve
