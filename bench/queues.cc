// Jobs a second through the store and its queues, one by one and in batches: accepting, and claiming to the end.
//
//   queues STORE QUEUE [JOBS]       e.g. queues sqlite:/tmp/bench.db store 2000
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "base/stop_watch.h"
#include "store/case_store.h"
#include "store/identifiers.h"
#include "store/queue.h"
#include "store/schema.h"

namespace meterhound::store {
namespace {

constexpr std::int64_t kLease = 600'000;

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().ToString());
  return std::move(result).value();
}
void Must(const Status& status) {
  if (!status.ok()) throw std::runtime_error(status.error().ToString());
}

struct Bench {
  std::shared_ptr<Database> database;
  std::shared_ptr<Queue> queue;
  std::string name;
  std::int64_t jobs;

  NewJob OfTwoKilobytes() const {
    NewJob job{.kind = "bench", .queue = name};
    job.request = {{"payload", std::string(2000, 'x')}};
    return job;
  }

  void Say(const char* what, double seconds) const {
    std::printf("%-42s %9.0f jobs/s\n", what, static_cast<double>(jobs) / seconds);
    std::fflush(stdout);
  }

  void Accept() const {
    const StopWatch watch;
    for (std::int64_t i = 0; i < jobs; ++i) Must(Submit(*database, *queue, OfTwoKilobytes()));
    Say("accept, one by one", watch.Seconds());
  }

  void AcceptTogether(std::int64_t at_once) const {
    const StopWatch watch;
    for (std::int64_t done = 0; done < jobs; done += at_once) {
      std::vector<QueueEntry> entries;
      Must(database->Write([&](Transaction& transaction) -> Status {
        entries.clear();
        for (std::int64_t i = 0; i < at_once; ++i) {
          METERHOUND_ASSIGN_OR_RETURN(const CreatedJob made, JobStore::Create(transaction, OfTwoKilobytes()));
          entries.push_back({name, made.job.id, 0});
        }
        return queue->in_database() ? queue->Push(entries, &transaction) : Status();
      }));
      if (!queue->in_database()) Must(queue->Push(entries));
    }
    Say("accept, 100 a transaction", watch.Seconds());
  }

  /// What a worker does for each job: claim the entry, claim the row, write the end, acknowledge.
  void Work(std::int64_t at_once, const char* what) const {
    JobStore store(database);
    const StopWatch watch;
    std::int64_t done = 0;
    while (done < jobs) {
      const auto leases = Must(queue->Claim({name}, "bench", at_once, 1000, kLease));
      std::vector<std::string> ids;
      for (const Lease& lease : leases) ids.push_back(lease.entry.job);
      const auto claimed = Must(store.ClaimAll(ids, "bench", kLease));
      Must(database->Write([&](Transaction& transaction) -> Status {
        for (const Job& job : claimed) {
          METERHOUND_ASSIGN_OR_RETURN(
              const auto ending, JobStore::Finish(transaction, {job.id, "bench", job.fence}, {{"ok", true}}, kLease));
          if (ending != JobStore::Ending::kFinished) return Error{ErrorCode::kInternal, "a claim was lost", job.id};
        }
        return queue->in_database() ? queue->Acknowledge(leases, &transaction) : Status();
      }));
      if (!queue->in_database()) Must(queue->Acknowledge(leases));
      done += static_cast<std::int64_t>(claimed.size());
    }
    Say(what, watch.Seconds());
  }
};

/// A run of 100,000 cases: written, then paged as the page does.
void BenchCases(Database& database, const std::shared_ptr<Database>& shared) {
  std::vector<CaseSummary> cases(100'000);
  const std::string run = NewId();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    CaseSummary& one = cases[i];
    one.run = run;
    one.rank = static_cast<std::int64_t>(i) + 1;
    one.consumer_id = std::to_string((i * 7919) % cases.size()) + "F07FDA6271170F86AD9151";
    one.probability = 1.0 / static_cast<double>(i + 2);
    one.tier = i < 300 ? "high" : i < 2000 ? "medium" : "low";
    one.anomaly_score = static_cast<double>((i * 31) % 997) / 997;
    one.district = "District " + std::to_string(i % 12);
  }
  StopWatch watch;
  Must(database.Write([&](Transaction& transaction) { return CaseStore::InsertAll(transaction, cases); }));
  std::printf("%-42s %9.2f s\n", "write 100,000 cases", watch.Lap());
  CaseStore store(shared);
  const auto page = [&](const char* what, CaseFilter filter) {
    filter.run = run;
    Must(store.Page(filter));
    watch.Lap();
    for (int i = 0; i < 10; ++i) Must(store.Page(filter));
    std::printf("%-42s %9.1f ms\n", what, watch.Lap() * 100);
  };
  page("page by rank", {});
  page("page by anomaly score", {.sort = CaseSort::kAnomalyScore});
  page("page of the high tier by probability", {.tiers = {"high"}, .sort = CaseSort::kProbability});
  page("page of one district, low tier, by missing",
       {.tiers = {"low"}, .district = "District 3", .sort = CaseSort::kMissingKwh});
  page("search for part of an id", {.query = "4711f0"});
  page("search that finds nothing", {.query = "nobody"});
}

int Main(const std::string& store, const std::string& queue_url, std::int64_t jobs) {
  const auto database = Must(Database::Open(store));
  Must(Migrate(*database));
  Bench bench{database, Must(OpenQueue(queue_url, database)), "bench", jobs};
  std::printf("%s, queue %s, jobs of 2 kB\n", store.substr(0, store.find(':')).c_str(), bench.queue->backend().c_str());
  bench.Accept();
  bench.Work(1, "claim and finish, one by one");
  bench.AcceptTogether(100);
  bench.Work(100, "claim and finish, 100 a transaction");
  if (bench.queue->in_database()) BenchCases(*database, database);
  return 0;
}

}  // namespace
}  // namespace meterhound::store

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "queues STORE QUEUE [JOBS]\n");
    return 2;
  }
  try {
    return meterhound::store::Main(argv[1], argv[2], argc > 3 ? std::atoll(argv[3]) : 2000);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "queues: %s\n", error.what());
    return 1;
  }
}
