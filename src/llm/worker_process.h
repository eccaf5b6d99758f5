// WorkerProcess: the other process in which models are loaded, so that their crash, hunger or endlessness ends there.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "llm/frames.h"

namespace meterhound::llm {

/// The worker program: METERHOUND_LLM_WORKER, or `meterhound-llm` beside the running program. kUnsupported when neither
/// is there, as in a build without llama.cpp.
Result<std::filesystem::path> FindWorker();

/// One running worker and the messages exchanged with it. After any error it is dead and says so for ever.
class WorkerProcess {
 public:
  /// @param memory_limit bytes of resident memory above which it is killed; 0 = none.
  static Result<std::unique_ptr<WorkerProcess>> Start(const std::filesystem::path& program, std::size_t memory_limit);
  /// Kills and reaps.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// @param timeout seconds until the worker counts as hanging and is killed.
  Status Send(const Json& message, double timeout, const std::stop_token& stop);
  /// The next message. kUnavailable with the reason when the worker crashed, hangs or passed its memory limit;
  /// kCancelled after a stop.
  Result<Json> Receive(double timeout, const std::stop_token& stop);

  bool alive() const { return process_ > 0; }
  pid_t process() const { return process_; }
  /// Largest resident set so far, in bytes.
  std::size_t peak_memory() const { return peak_memory_; }

 private:
  WorkerProcess(pid_t process, int socket, int log, std::size_t memory_limit);
  /// Waits until the socket is ready for `events`, looking after memory, time and the stop.
  Status Await(short events, double deadline, double timeout, const std::stop_token& stop);
  /// Ends the worker and returns why it is gone: what it died of, or else `reason`.
  Error Bury(std::string reason);
  std::string LastWords() const;

  pid_t process_;
  int socket_;
  int log_;  // what the worker writes to its standard error
  std::size_t memory_limit_;
  std::size_t peak_memory_ = 0;
  FrameReader frames_;
};

}  // namespace meterhound::llm
