// posix_spawn, a socket pair, and a look at /proc while waiting.
#include "llm/worker_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>

extern char** environ;

namespace meterhound::llm {
namespace {

namespace fs = std::filesystem;

constexpr int kWorkerSocket = 3;
constexpr int kGlance = 20;  // milliseconds between two looks at memory and the stop
constexpr std::size_t kLastWords = 2048;

double Now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

std::string Megabytes(std::size_t bytes) { return std::to_string((bytes + 500'000) / 1'000'000) + " MB"; }

std::size_t ResidentBytes(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  if (!(file >> total >> resident)) return 0;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

Error SystemError(const std::string& what) { return Unavailable(what + ": " + std::strerror(errno)); }

/// Starts `program` with the socket as descriptor 3 and its words going to `log`; in a process group of its own, so
/// that Ctrl-C reaches the caller alone, which then decides.
Result<pid_t> Spawn(const fs::path& program, int socket, int log, std::size_t memory_limit) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, log, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO);
  posix_spawn_file_actions_adddup2(&actions, socket, kWorkerSocket);
  posix_spawn_file_actions_addclosefrom_np(&actions, kWorkerSocket + 1);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::string name = program.string();
  std::string limit = std::to_string(memory_limit);
  std::array<char*, 3> arguments = {name.data(), limit.data(), nullptr};
  pid_t process = 0;
  const int error = ::posix_spawn(&process, name.c_str(), &actions, &attributes, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) return Unavailable(std::string("the worker cannot be started: ") + std::strerror(error), name);
  return process;
}

std::string Fate(int status) {
  if (WIFSIGNALED(status)) {
    return std::string("the worker crashed (") + ::strsignal(WTERMSIG(status)) + ")";
  }
  return "the worker ended with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Result<fs::path> FindWorker() {
  if (const char* named = std::getenv("METERHOUND_LLM_WORKER"); named != nullptr && *named != '\0') {
    std::error_code error;
    if (fs::is_regular_file(named, error)) return fs::path(named);
    return NotFound("no such worker program", std::string("METERHOUND_LLM_WORKER=") + named);
  }
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = self.parent_path() / "meterhound-llm";
  if (!error && fs::is_regular_file(beside, error)) return beside;
  return Unsupported("models cannot be run: this build has no llama.cpp (meterhound-llm is not beside the program)");
}

WorkerProcess::WorkerProcess(pid_t process, int socket, int log, std::size_t memory_limit)
    : process_(process), socket_(socket), log_(log), memory_limit_(memory_limit) {}

Result<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(const fs::path& program, std::size_t memory_limit) {
  std::array<int, 2> sockets{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) return SystemError("no socket pair");
  // Descriptor 3 itself would keep its close-on-exec flag through dup2 onto itself.
  const int theirs = ::fcntl(sockets[1], F_DUPFD_CLOEXEC, kWorkerSocket + 1);
  ::close(sockets[1]);
  const int log = ::memfd_create("worker-log", MFD_CLOEXEC);
  if (theirs < 0 || log < 0) {
    const Error error = SystemError("no descriptors for the worker");
    for (const int descriptor : {sockets[0], theirs, log}) {
      if (descriptor >= 0) ::close(descriptor);
    }
    return error;
  }
  const auto process = Spawn(program, theirs, log, memory_limit);
  ::close(theirs);
  if (!process) {
    ::close(sockets[0]);
    ::close(log);
    return process.error();
  }
  ::fcntl(sockets[0], F_SETFL, O_NONBLOCK);
  return std::unique_ptr<WorkerProcess>(new WorkerProcess(*process, sockets[0], log, memory_limit));
}

WorkerProcess::~WorkerProcess() {
  if (alive()) Bury("");
  ::close(socket_);
  ::close(log_);
}

std::string WorkerProcess::LastWords() const {
  const off_t end = ::lseek(log_, 0, SEEK_END);
  const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(kLastWords));
  std::string words(static_cast<std::size_t>(std::max<off_t>(0, end - begin)), '\0');
  const ssize_t got = ::pread(log_, words.data(), words.size(), begin);
  words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!words.empty() && std::isspace(static_cast<unsigned char>(words.back())) != 0) words.pop_back();
  const std::size_t line = words.rfind('\n');
  return line == std::string::npos ? words : words.substr(line + 1);
}

Error WorkerProcess::Bury(std::string reason) {
  if (!alive()) return Unavailable(reason.empty() ? "the worker is gone" : std::move(reason));
  int status = 0;
  rusage usage{};
  // A worker that ended by itself gets a moment to be seen dead, so that its own fate is told.
  bool dead = ::wait4(process_, &status, WNOHANG, &usage) == process_;
  for (int i = 0; !dead && reason.empty() && i < 100; ++i) {
    pollfd gone{.fd = socket_, .events = 0, .revents = 0};
    if (::poll(&gone, 1, 0) == 0 || (gone.revents & POLLHUP) == 0) break;
    ::poll(nullptr, 0, 10);
    dead = ::wait4(process_, &status, WNOHANG, &usage) == process_;
  }
  if (!dead) {
    ::kill(process_, SIGKILL);
    while (::wait4(process_, &status, 0, &usage) < 0 && errno == EINTR) {
    }
  }
  process_ = -1;
  peak_memory_ = std::max(peak_memory_, static_cast<std::size_t>(usage.ru_maxrss) * 1024);
  if (reason.empty() || dead) {
    reason = Fate(status);
    if (const std::string words = LastWords(); !words.empty()) reason += ": " + words;
  }
  return Unavailable(std::move(reason));
}

Status WorkerProcess::Await(short events, double deadline, double timeout, const std::stop_token& stop) {
  while (true) {
    if (!alive()) return Unavailable("the worker is gone");
    if (stop.stop_requested()) {
      Bury("stopped");
      return Cancelled();
    }
    const std::size_t resident = ResidentBytes(process_);
    peak_memory_ = std::max(peak_memory_, resident);
    if (memory_limit_ > 0 && resident > memory_limit_) {
      return Bury("the model took more memory than allowed (" + Megabytes(resident) + ", limit " +
                  Megabytes(memory_limit_) + ")");
    }
    pollfd wait{.fd = socket_, .events = events, .revents = 0};
    const int ready = ::poll(&wait, 1, kGlance);
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return Bury(std::string("waiting for the worker failed: ") + std::strerror(errno));
    if (Now() > deadline) {
      return Bury("time-out: the worker did not answer within " + std::to_string(static_cast<int>(timeout)) + " s");
    }
  }
}

Status WorkerProcess::Send(const Json& message, double timeout, const std::stop_token& stop) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string frame, EncodeFrame(message));
  const double deadline = Now() + timeout;
  for (std::size_t sent = 0; sent < frame.size();) {
    METERHOUND_RETURN_IF_ERROR(Await(POLLOUT, deadline, timeout, stop));
    const ssize_t got = ::send(socket_, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (got > 0) {
      sent += static_cast<std::size_t>(got);
    } else if (errno != EAGAIN && errno != EINTR) {
      return Bury("");
    }
  }
  return {};
}

Result<Json> WorkerProcess::Receive(double timeout, const std::stop_token& stop) {
  const double deadline = Now() + timeout;
  std::array<char, 65536> bytes{};
  while (true) {
    auto message = frames_.Next();
    if (!message) return Bury("the worker sent nonsense: " + message.error().message);
    if (message->has_value()) return std::move(**message);
    METERHOUND_RETURN_IF_ERROR(Await(POLLIN, deadline, timeout, stop));
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got > 0) {
      frames_.Append({bytes.data(), static_cast<std::size_t>(got)});
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
      return Bury("");
    }
  }
}

}  // namespace meterhound::llm
