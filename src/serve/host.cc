// Starts and stops servers and runners in order: what takes work in stops before what does it.
#include "serve/host.h"

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/status_of.h"
#include "http/server.h"
#include "serve/alert_channels.h"
#include "serve/authentication.h"
#include "serve/job_handlers.h"
#include "serve/measurements.h"
#include "serve/routes.h"
#include "serve/scheduler.h"
#include "serve/service.h"
#include "serve/uploads.h"
#include "store/identifiers.h"
#include "store/job_runner.h"
#include "store/schema.h"

namespace meterhound::serve {
namespace {

constexpr std::chrono::seconds kGrace{20};

bool IsLoopback(const std::string& address) {
  return address == "::1" || address == "localhost" || address.starts_with("127.");
}

Status PrepareStore(const pipeline::Config& config) {
  METERHOUND_ASSIGN_OR_RETURN(const auto database, store::Database::Open(config.service_store));
  if (database->backend() != store::Backend::kSqlite) return {};
  return StatusOf(store::Migrate(*database));
}

Status CheckAddress(const pipeline::Config& config, Authentication& authentication) {
  if (IsLoopback(config.service_address)) return {};
  METERHOUND_ASSIGN_OR_RETURN(const bool required, authentication.KeysRequired());
  if (required) return {};
  return InvalidInput("found '" + config.service_address +
                          "', expected 127.0.0.1 as long as the store has no keys: anybody could do everything "
                          "(meterhound keys add makes one)",
                      "service.address");
}

// A model that the store knows already has had its turn: whichever was activated since stays.
Status UseModel(Service& service, const std::filesystem::path& file) {
  if (file.empty()) return {};
  METERHOUND_ASSIGN_OR_RETURN(const LoadedModels::Added added, service.models.Add(file, file.filename().string()));
  METERHOUND_ASSIGN_OR_RETURN(const auto active, service.bundles.Active());
  if (active && !added.is_new) return {};
  return service.database->Write([&](store::Transaction& transaction) -> Status {
    METERHOUND_RETURN_IF_ERROR(store::BundleStore::Activate(transaction, added.info.fingerprint, "start"));
    store::AuditEntry entry;
    entry.who = "start";
    entry.action = "model.activate";
    entry.target = "model:" + added.info.fingerprint;
    return store::AuditLog::AppendAll(transaction, {entry});
  });
}

// The first list, so that a new store has something to show.
Status DetectFirst(Service& service, const std::filesystem::path& file) {
  if (file.empty()) return {};
  METERHOUND_ASSIGN_OR_RETURN(const auto latest, service.runs.Latest());
  store::JobFilter detections;
  detections.kind = kDetect;
  METERHOUND_ASSIGN_OR_RETURN(const store::JobPage jobs, service.jobs.List(detections));
  if (latest || !jobs.jobs.empty()) return {};
  METERHOUND_ASSIGN_OR_RETURN(const store::Input input,
                              KeepFile(service.inputs, file, file.filename().string(), "text/csv"));
  store::NewJob job;
  job.kind = kDetect;
  job.queue = kMathQueue;
  job.title = input.name;
  job.request = {{"language", service.config.report_language}};
  job.input = input.id;
  return StatusOf(store::Submit(*service.database, *service.queue, job));
}

std::function<void(std::string_view, std::string_view, std::string_view)> RunnerLog(const LogSink& log) {
  if (!log) return {};
  return [log](std::string_view level, std::string_view message, std::string_view job) {
    Json line = {{"time", store::FormatTime(store::NowMilliseconds())}, {"level", level}, {"event", message}};
    if (!job.empty()) line["job"] = job;
    log(line.dump(-1, ' ', false, Json::error_handler_t::replace));
  };
}

// A runner in a thread of its own, until destroyed.
class Working {
 public:
  Working(const std::shared_ptr<Service>& service, std::vector<std::string> queues, std::size_t threads,
          const LogSink& log) {
    store::RunnerOptions options;
    options.queues = std::move(queues);
    options.threads = threads;
    options.log = RunnerLog(log);
    runner_ =
        std::make_unique<store::JobRunner>(service->database, service->queue, JobHandlers(service), std::move(options));
    thread_ = std::jthread([this](const std::stop_token& stop) { runner_->Run(stop); });
  }

 private:
  std::unique_ptr<store::JobRunner> runner_;
  std::jthread thread_;
};

void WaitFor(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait(lock, stop, [] { return false; });
}

http::ServerOptions ServerOptionsOf(const pipeline::Config& config, const ServeOptions& options, bool keys_required) {
  http::ServerOptions server;
  server.address = config.service_address == "localhost" ? "127.0.0.1" : config.service_address;
  server.port = static_cast<std::uint16_t>(config.service_port);
  server.certificate = config.service_certificate;
  server.key = config.service_key;
  server.dispatch.tls = !config.service_certificate.empty();
  server.dispatch.rate_limit.per_second = config.service_rate_limit;
  server.dispatch.rate_limit.burst = std::max(100.0, 2 * config.service_rate_limit);
  server.dispatch.log = options.log;
  server.dispatch.check_responses = config.service_check_answers == "yes";
  if (!keys_required) server.dispatch.allowed_hosts = {"127.0.0.1", "localhost", "[::1]"};
  return server;
}

}  // namespace

Status Serve(const pipeline::Config& config, const ServeOptions& options, std::stop_token stop) {
  METERHOUND_RETURN_IF_ERROR(CheckAlertChannels(config));
  METERHOUND_RETURN_IF_ERROR(PrepareStore(config));
  METERHOUND_ASSIGN_OR_RETURN(const std::shared_ptr<Service> service, Service::Open(config));
  const auto authentication = std::make_shared<Authentication>(service->database);
  METERHOUND_RETURN_IF_ERROR(CheckAddress(config, *authentication));
  METERHOUND_RETURN_IF_ERROR(UseModel(*service, options.model));
  METERHOUND_RETURN_IF_ERROR(DetectFirst(*service, options.detect));
  METERHOUND_ASSIGN_OR_RETURN(const bool keys_required, authentication->KeysRequired());
  Measure(service);
  const Desk desk{.service = service, .authentication = authentication, .tls = !config.service_certificate.empty()};
  METERHOUND_ASSIGN_OR_RETURN(
      const auto server,
      http::Server::Create(
          ServerOptionsOf(config, options, keys_required), Api(), AllRoutes(desk),
          [authentication](const http::Credentials& credentials) { return authentication->Identify(credentials); },
          service->metrics));
  METERHOUND_RETURN_IF_ERROR(server->Start());
  std::vector<std::unique_ptr<Working>> working;
  if (options.workers > 0) {  // a runner each, so that slow texts never hold back scores
    working.push_back(
        std::make_unique<Working>(service, std::vector<std::string>{kMathQueue}, options.workers, options.log));
    working.push_back(std::make_unique<Working>(service, std::vector<std::string>{kLlmQueue}, 1, options.log));
  }
  const auto log = RunnerLog(options.log);
  METERHOUND_ASSIGN_OR_RETURN(const auto scheduler, Scheduler::Create(service, [log](std::string_view what) {
                                if (log) log("error", what, {});
                              }));
  scheduler->Start();
  // Alerts are told from here, however few workers: so the API alone needs their secrets.
  working.push_back(std::make_unique<Working>(service, std::vector<std::string>{kAlertQueue}, 1, options.log));
  if (options.on_ready) options.on_ready(server->url(), keys_required);
  WaitFor(stop);
  server->Stop(kGrace);
  const Status kept = service->samples.Flush();
  if (!kept.ok() && log)
    log("warning", "what was scored last is missing in the next check of drift: " + kept.error().message, {});
  return {};
}

Status Work(const pipeline::Config& config, const WorkOptions& options, std::stop_token stop) {
  if (std::find(options.queues.begin(), options.queues.end(), kAlertQueue) != options.queues.end()) {
    METERHOUND_RETURN_IF_ERROR(CheckAlertChannels(config));
  }
  METERHOUND_ASSIGN_OR_RETURN(const std::shared_ptr<Service> service, Service::Open(config));
  store::RunnerOptions runner;
  runner.queues = options.queues;
  runner.threads = options.threads;
  runner.log = RunnerLog(options.log);
  store::JobRunner(service->database, service->queue, JobHandlers(service), std::move(runner)).Run(stop);
  return {};
}

}  // namespace meterhound::serve
