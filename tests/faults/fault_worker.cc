// A worker, a client and an inspector for tests/faults/test_faults.py: the real store, queue and runner, and a handler
// whose effect is one row, so that an effect that is missing or there twice is seen.
//
//   fault_worker work STORE QUEUE LEDGER     works until SIGTERM; notes each attempt in LEDGER before it commits
//   fault_worker submit STORE QUEUE FILE ID  sends jobs until SIGTERM, each under a key of its own; notes "key job" in
//                                            FILE once the job was answered as accepted, and repeats what was not
//   fault_worker inspect STORE               jobs, their states and how many effects each has, as JSON.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "base/json.h"
#include "store/job_runner.h"
#include "store/queue.h"
#include "store/schema.h"

namespace meterhound::store {
namespace {

constexpr const char* kQueue = "fault_queue";

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().ToString());
  return std::move(result).value();
}

/// One line, written whole or not at all and never mixed with another process's.
void Append(const std::string& path, const std::string& line) {
  const int file = open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0 || write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || fsync(file) != 0) {
    throw std::runtime_error(path + " cannot be written");
  }
  close(file);
}

/// Requests a stop at SIGTERM. Made before any other thread.
class Terminated {
 public:
  Terminated() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::thread([this, set] {
      int signal = 0;
      sigwait(&set, &signal);
      stop_.request_stop();
    }).detach();
  }
  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
};

std::shared_ptr<Database> OpenStore(const std::string& url) {
  for (int i = 0;; ++i) {
    auto database = Database::Open(url);
    if (database) return *database;
    if (i == 100) throw std::runtime_error(database.error().ToString());
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

int Work(const std::string& store, const std::string& queue_url, const std::string& ledger) {
  const Terminated terminated;
  const auto database = OpenStore(store);
  const auto queue = Must(OpenQueue(queue_url, database));
  const Handler handler = [&](const Job& job, JobContext&) -> Result<Effects> {
    thread_local std::mt19937 random{std::random_device{}()};
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 20));
    return Effects{{{"worker", job.worker}}, [&ledger, job](Transaction& transaction) {
                     Append(ledger, "attempt " + job.id + " " + std::to_string(job.fence) + "\n");
                     return Done(transaction.Execute("INSERT INTO fault_effects (job, worker) VALUES (?, ?)",
                                                     {job.id, job.worker}));
                   }};
  };
  RunnerOptions options;
  options.queues = {kQueue};
  options.threads = 2;
  options.lease_milliseconds = 2000;
  options.renew_milliseconds = 300;
  options.sweep_milliseconds = 500;
  options.lost_milliseconds = 1000;
  options.backoff_milliseconds = 100;
  options.longest_backoff_milliseconds = 1000;
  options.log = [](std::string_view level, std::string_view message, std::string_view job) {
    std::fprintf(stderr, "%.*s: %.*s %.*s\n", static_cast<int>(level.size()), level.data(),
                 static_cast<int>(message.size()), message.data(), static_cast<int>(job.size()), job.data());
  };
  JobRunner(database, queue, {{"fault", handler}}, options).Run(terminated.token());
  return 0;
}

std::int64_t CountLines(const std::string& path) {
  std::ifstream file(path);
  std::int64_t lines = 0;
  for (std::string line; std::getline(file, line);) ++lines;
  return lines;
}

int SubmitMany(const std::string& store, const std::string& queue_url, const std::string& accepted,
               const std::string& client) {
  const Terminated terminated;
  const auto database = OpenStore(store);
  const auto queue = Must(OpenQueue(queue_url, database));
  NewJob job;
  job.kind = "fault";
  job.queue = kQueue;
  job.max_attempts = 1'000'000;
  for (std::int64_t number = CountLines(accepted); !terminated.token().stop_requested();) {
    const std::string key = client + "-" + std::to_string(number);
    job.title = key;
    job.priority = number % 2;
    const auto submitted = Submit(*database, *queue, job, {client, key, key});
    if (submitted) {
      Append(accepted, key + " " + submitted->job.id + (submitted->queued ? " queued\n" : " row\n"));
      ++number;
    } else {
      std::fprintf(stderr, "refused: %s\n", submitted.error().ToString().c_str());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(submitted ? 5 : 100));
  }
  return 0;
}

int Inspect(const std::string& store) {
  const auto database = OpenStore(store);
  const Rows rows =
      Must(database->Query("SELECT j.id, j.title, j.state, j.attempts, (SELECT COUNT(*) FROM fault_effects e WHERE "
                           "e.job=j.id) FROM jobs j"));
  Json jobs = Json::array();
  for (const Row& row : rows) {
    jobs.push_back({{"id", row.Text(0)},
                    {"key", row.Text(1)},
                    {"state", row.Text(2)},
                    {"attempts", row.Int(3)},
                    {"effects", row.Int(4)}});
  }
  const auto total = Must(database->QueryOne("SELECT COUNT(*) FROM fault_effects"));
  std::printf("%s\n", Json{{"jobs", jobs}, {"effects", total->Int(0)}}.dump().c_str());
  return 0;
}

int Prepare(const std::string& store) {
  const auto database = OpenStore(store);
  Must(Migrate(*database));
  Must(database->Execute("CREATE TABLE IF NOT EXISTS fault_effects (job TEXT NOT NULL, worker TEXT NOT NULL)"));
  return 0;
}

int Main(const std::vector<std::string>& words) {
  if (words.size() == 2 && words[0] == "prepare") return Prepare(words[1]);
  if (words.size() == 4 && words[0] == "work") return Work(words[1], words[2], words[3]);
  if (words.size() == 5 && words[0] == "submit") return SubmitMany(words[1], words[2], words[3], words[4]);
  if (words.size() == 2 && words[0] == "inspect") return Inspect(words[1]);
  std::fprintf(stderr, "see the first lines of fault_worker.cc\n");
  return 2;
}

}  // namespace
}  // namespace meterhound::store

int main(int argc, char** argv) {
  try {
    return meterhound::store::Main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fault_worker: %s\n", error.what());
    return 1;
  }
}
