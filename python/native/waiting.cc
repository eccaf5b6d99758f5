// One condition variable; the waiting thread takes the interpreter's lock only to look around.
#include "waiting.h"

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

namespace meterhound::python {
namespace nb = nanobind;
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);

/// Counts the outermost stage.
class CountingProgress final : public Progress {
 public:
  void Begin(std::string_view, std::size_t total, std::string_view) override {
    if (depth_++ == 0) total_ = total;
  }
  void Advance(std::size_t items) override {
    if (depth_ == 1) done_ += items;
  }
  void End() override { --depth_; }

  std::size_t done() const { return done_; }
  std::size_t total() const { return total_; }

 private:
  std::atomic<int> depth_ = 0;
  std::atomic<std::size_t> done_ = 0;
  std::atomic<std::size_t> total_ = 0;
};

/// The exception that a signal or the report raised, or nothing; needs the interpreter's lock.
std::exception_ptr LookAround(const nb::object& report, const CountingProgress& progress) {
  try {
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (!report.is_none()) report(progress.done(), progress.total());
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

}  // namespace

void RunWaiting(std::size_t threads, nb::object report, const std::function<void(const RunContext&)>& work) {
  CountingProgress progress;
  std::stop_source stop;
  std::exception_ptr thrown;
  std::mutex mutex;
  std::condition_variable ended;
  bool done = false;
  std::thread worker([&] {
    try {
      ThreadPool pool(threads);
      work({.pool = pool, .progress = progress, .stop = stop.get_token()});
    } catch (...) {
      thrown = std::current_exception();
    }
    const std::lock_guard lock(mutex);
    done = true;
    ended.notify_all();
  });

  std::exception_ptr raised;
  {
    const nb::gil_scoped_release released;
    std::unique_lock lock(mutex);
    while (!ended.wait_for(lock, kPause, [&] { return done; })) {
      if (raised) continue;
      lock.unlock();
      {
        const nb::gil_scoped_acquire held;
        raised = LookAround(report, progress);
      }
      if (raised) stop.request_stop();
      lock.lock();
    }
    lock.unlock();
    worker.join();
  }
  if (raised) std::rethrow_exception(raised);
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace meterhound::python
