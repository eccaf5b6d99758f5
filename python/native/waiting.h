// Long work for a Python caller: without the interpreter's lock, with progress, and stopped by Ctrl-C.
#pragma once

#include <nanobind/nanobind.h>

#include <functional>
#include <optional>

#include "base/run_context.h"
#include "conversion.h"

namespace meterhound::python {

/// Runs `work` in a thread of its own on a pool of `threads` (0: all cores that the process may use) while the caller
/// waits without the interpreter's lock. Ten times a second the caller looks for signals and calls
/// `report(done, total)`, unless that is None; an exception of either stops the work and is raised once it has ended.
/// What `work` throws is thrown here.
void RunWaiting(std::size_t threads, nanobind::object report, const std::function<void(const RunContext&)>& work);

/// The same for work with a result; its error is raised.
template <typename T, typename Work>
T RunWaitingFor(std::size_t threads, nanobind::object report, const Work& work) {
  std::optional<Result<T>> result;
  RunWaiting(threads, std::move(report), [&](const RunContext& context) { result.emplace(work(context)); });
  return ValueOrRaise(std::move(*result));
}

}  // namespace meterhound::python
