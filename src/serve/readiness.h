// Readiness: whether the store answers, the queue answers, and a model can score.
#pragma once

#include <map>
#include <string>

#include "serve/service.h"

namespace meterhound::serve {

/// By "store", "queue" and "model"; ready when all are ok.
std::map<std::string, Status> CheckReadiness(Service& service);

}  // namespace meterhound::serve
