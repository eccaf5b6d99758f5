// Scheduler: what an API process does by the clock. Any number of processes may run one; each thing is done once.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "monitor/schedule.h"
#include "serve/service.h"

namespace meterhound::serve {

class Scheduler {
 public:
  /// Called from the scheduler's thread with what went wrong; it is tried again at the next turn.
  using Complain = std::function<void(std::string_view what)>;

  /// kInvalidInput when a schedule of the settings cannot be read.
  static Result<std::unique_ptr<Scheduler>> Create(std::shared_ptr<Service> service, Complain complain);

  /// A turn each quarter of a minute until destroyed.
  void Start();
  /// Writes what was sampled; orders what has come due since the last of its kind was ordered, once if several were
  /// missed; and a retraining when enough visits were told. Raises and resolves the alert on dead jobs. @param now
  /// seconds since 1970.
  void Turn(std::int64_t now);

 private:
  struct Appointment {
    std::string kind;  ///< of job
    monitor::Schedule schedule;
    std::function<Status(std::int64_t due)> order;
    std::int64_t next = 0;  ///< seconds since 1970; 0: not yet asked of the store
  };

  Scheduler(std::shared_ptr<Service> service, Complain complain)
      : service_(std::move(service)), complain_(std::move(complain)) {}
  Status Keep(Appointment& appointment, std::int64_t now);
  Status OrderCheck(std::int64_t due);
  Status OrderTraining(std::string_view cause);
  Status WatchFeedback();
  Status WatchDeadJobs();

  std::shared_ptr<Service> service_;
  Complain complain_;
  std::vector<Appointment> appointments_;
  std::optional<Json> dead_;  // jobs by queue, as people were told last
  std::jthread thread_;
};

}  // namespace meterhound::serve
