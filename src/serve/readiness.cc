// Each check does for real, and cheaply, what a request would need.
#include "serve/readiness.h"

#include "base/status_of.h"

namespace meterhound::serve {

std::map<std::string, Status> CheckReadiness(Service& service) {
  return {{"store", StatusOf(service.database->QueryOne("SELECT 1"))},
          {"queue", service.queue->Ping()},
          {"model", StatusOf(service.models.Active())}};
}

}  // namespace meterhound::serve
