// Host: a process that serves the API, works on jobs, or does both.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/config.h"

namespace meterhound::serve {

/// One JSON line at a time: {"time", "level", "event", ...}. Called from any thread.
using LogSink = std::function<void(std::string_view line)>;

struct ServeOptions {
  std::filesystem::path model;   ///< made active if it is new to the store or none is; empty: the store's active one
  std::filesystem::path detect;  ///< a file of readings that is scored when the store has no list yet
  std::size_t workers = 1;       ///< threads for each queue in this process; 0: workers run elsewhere, but for alerts
  std::function<void(const std::string& url, bool keys)> on_ready;  ///< told where it is, and whether keys are needed
  LogSink log;
};

struct WorkOptions {
  std::vector<std::string> queues;
  std::size_t threads = 1;
  LogSink log;
};

/// Serves and tells alerts until `stop`, then lets what runs finish. A SQLite store is made and migrated; PostgreSQL
/// must have been. An address beyond loopback without any key in the store is kInvalidInput.
Status Serve(const pipeline::Config& config, const ServeOptions& options, std::stop_token stop);

/// Works on jobs until `stop`.
Status Work(const pipeline::Config& config, const WorkOptions& options, std::stop_token stop);

}  // namespace meterhound::serve
