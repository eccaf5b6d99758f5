// Parallel loops whose results do not depend on the number of threads.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

namespace meterhound {

/// Cores this process may really use: CPU affinity and the cgroup's quota, not what the machine has. At least 1.
std::size_t AvailableCores();

/// A fixed set of workers; the calling thread works too, so `ThreadPool(1)` starts no thread.
class ThreadPool {
 public:
  /// @param threads 0 = AvailableCores().
  explicit ThreadPool(std::size_t threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t threads() const;

  /// Calls `body(begin, end, worker)` for consecutive pieces of [0, count) of at most `grain` items; `worker` <
  /// threads() names scratch space that no other running piece uses. Returns when all are done. A piece that throws
  /// ends the loop and the first exception is thrown here. When `stop` is requested, pieces not yet begun are skipped:
  /// the caller asks `stop` afterwards. Loops may be nested; an inner loop called from a worker runs on that worker
  /// alone.
  void ParallelFor(std::size_t count, std::size_t grain,
                   const std::function<void(std::size_t begin, std::size_t end, std::size_t worker)>& body,
                   std::stop_token stop = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace meterhound
