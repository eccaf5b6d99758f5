// Opens the store and the queue that flags, environment and settings name, in this order.
#include "cli/store_flags.h"

#include <filesystem>

#include "store/identifiers.h"
#include "store/schema.h"

namespace meterhound::cli {

void StoreFlags::Declare(CLI::App& app) {
  app.add_option("--store", store, "sqlite:FILE or postgresql://user:password@host/name; otherwise service.store")
      ->type_name("URL")
      ->envname("METERHOUND_STORE");
}

void StoreFlags::DeclareQueue(CLI::App& app) {
  app.add_option("--queue", queue, "store (in the store itself) or redis://[:password@]host; otherwise service.queue")
      ->type_name("URL")
      ->envname("METERHOUND_QUEUE");
}

std::string StoreFlags::StoreUrl(const pipeline::Config& config) const {
  return store.empty() ? config.service_store : store;
}

Result<std::shared_ptr<store::Database>> StoreFlags::Open(const pipeline::Config& config) const {
  const std::string url = StoreUrl(config);
  if (const auto path = store::SqlitePath(url); path && !path->empty() && !std::filesystem::exists(*path)) {
    return NotFound("there is no such store; meterhound db migrate makes it, --store names another", *path);
  }
  METERHOUND_ASSIGN_OR_RETURN(auto database, store::Database::Open(url));
  METERHOUND_RETURN_IF_ERROR(store::CheckSchema(*database));
  return database;
}

Result<std::shared_ptr<store::Queue>> StoreFlags::OpenQueue(const pipeline::Config& config,
                                                            std::shared_ptr<store::Database> database) const {
  return store::OpenQueue(queue.empty() ? config.service_queue : queue, std::move(database));
}

Json TimeJson(const std::optional<std::int64_t>& milliseconds) {
  return milliseconds ? Json(store::FormatTime(*milliseconds)) : Json();
}
std::string TimeText(const std::optional<std::int64_t>& milliseconds) {
  return milliseconds ? store::FormatTime(*milliseconds) : "never";
}

}  // namespace meterhound::cli
