// One loop at a time over a shared counter; pieces are taken in order, so results written by index never differ.
#include "base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <exception>
#include <fstream>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace meterhound {
namespace {

// Cores allowed by cgroup v2 (cpu.max: "quota period" or "max period"), or a large number.
double CgroupCores() {
  std::ifstream file("/sys/fs/cgroup/cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return 1e9;
  return std::strtod(quota.c_str(), nullptr) / period;
}

// Set while a thread runs a piece, so that a nested loop stays on it.
thread_local bool inside_loop = false;
thread_local std::size_t inside_worker = 0;

}  // namespace

std::size_t AvailableCores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  double cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : std::thread::hardware_concurrency();
  cores = std::min(cores, CgroupCores());
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::floor(cores + 1e-9)));
}

struct ThreadPool::State {
  struct Loop {
    std::size_t count;
    std::size_t grain;
    const std::function<void(std::size_t, std::size_t, std::size_t)>* body;
    std::stop_token stop;
    std::atomic<std::size_t> next{0};
    std::atomic<bool> failed{false};
    std::exception_ptr exception;  // guarded by mutex
  };

  std::mutex caller_mutex;  // one loop at a time
  std::mutex mutex;
  std::condition_variable wake;
  std::condition_variable idle;
  Loop* loop = nullptr;          // guarded by mutex
  std::uint64_t generation = 0;  // guarded by mutex
  std::size_t busy = 0;          // guarded by mutex
  bool closing = false;          // guarded by mutex
  std::vector<std::thread> workers;

  void Work(Loop& work, std::size_t worker) {
    inside_loop = true;
    inside_worker = worker;
    while (!work.failed.load(std::memory_order_relaxed) && !work.stop.stop_requested()) {
      const std::size_t begin = work.next.fetch_add(work.grain);
      if (begin >= work.count) break;
      try {
        (*work.body)(begin, std::min(begin + work.grain, work.count), worker);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!work.exception) work.exception = std::current_exception();
        work.failed = true;
      }
    }
    inside_loop = false;
    inside_worker = 0;
  }

  void Serve(std::size_t worker) {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex);
    while (true) {
      wake.wait(lock, [&] { return closing || (loop != nullptr && generation != seen); });
      if (closing) return;
      seen = generation;
      Loop& work = *loop;
      ++busy;
      lock.unlock();
      Work(work, worker);
      lock.lock();
      if (--busy == 0) idle.notify_all();
    }
  }
};

ThreadPool::ThreadPool(std::size_t threads) : state_(std::make_unique<State>()) {
  if (threads == 0) threads = AvailableCores();
  for (std::size_t worker = 1; worker < threads; ++worker) {
    state_->workers.emplace_back([this, worker] { state_->Serve(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->closing = true;
  }
  state_->wake.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

std::size_t ThreadPool::threads() const { return state_->workers.size() + 1; }

void ThreadPool::ParallelFor(std::size_t count, std::size_t grain,
                             const std::function<void(std::size_t, std::size_t, std::size_t)>& body,
                             std::stop_token stop) {
  grain = std::max<std::size_t>(1, grain);
  if (inside_loop) {
    const std::size_t worker = inside_worker;
    for (std::size_t begin = 0; begin < count && !stop.stop_requested(); begin += grain) {
      body(begin, std::min(begin + grain, count), worker);
    }
    return;
  }
  const std::lock_guard caller(state_->caller_mutex);
  State::Loop loop{.count = count, .grain = grain, .body = &body, .stop = std::move(stop), .exception = {}};
  {
    const std::lock_guard lock(state_->mutex);
    state_->loop = &loop;
    ++state_->generation;
  }
  state_->wake.notify_all();
  state_->Work(loop, 0);
  std::unique_lock lock(state_->mutex);
  state_->loop = nullptr;  // a worker that wakes late finds nothing to do
  state_->idle.wait(lock, [&] { return state_->busy == 0; });
  if (loop.exception) std::rethrow_exception(loop.exception);
}

}  // namespace meterhound
