// WorkerRegistry: which workers have been seen lately, and what they listen to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/database.h"

namespace meterhound::store {

struct WorkerSeen {
  std::string id;
  std::vector<std::string> queues;
  std::int64_t running = 0;  ///< jobs
  std::int64_t last_seen = 0;
};

class WorkerRegistry {
 public:
  explicit WorkerRegistry(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  Status Seen(const std::string& id, const std::vector<std::string>& queues, std::int64_t running);
  Status Gone(const std::string& id);
  /// Seen within the last `milliseconds`, by id; older ones are forgotten after a day.
  Result<std::vector<WorkerSeen>> List(std::int64_t milliseconds = 60'000);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
