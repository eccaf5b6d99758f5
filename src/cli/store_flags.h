// What commands about the store share: where it is, and which queue.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "store/database.h"
#include "store/queue.h"

namespace meterhound::cli {

/// `--store URL` and `--queue URL`; else METERHOUND_STORE and METERHOUND_QUEUE, else the settings.
struct StoreFlags {
  std::string store;
  std::string queue;

  void Declare(CLI::App& app);
  void DeclareQueue(CLI::App& app);

  std::string StoreUrl(const pipeline::Config& config) const;
  /// Open, with the schema of this program. A SQLite file that is not there is an error: it would be an empty store.
  Result<std::shared_ptr<store::Database>> Open(const pipeline::Config& config) const;
  Result<std::shared_ptr<store::Queue>> OpenQueue(const pipeline::Config& config,
                                                  std::shared_ptr<store::Database> database) const;
};

/// A time as JSON and people read it; null, "never".
Json TimeJson(const std::optional<std::int64_t>& milliseconds);
std::string TimeText(const std::optional<std::int64_t>& milliseconds);

}  // namespace meterhound::cli
