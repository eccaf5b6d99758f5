// LoadedModels: the store's models as they are used, each read once a process; a change of the active one is seen
// within a second.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "pipeline/model.h"
#include "store/bundle_store.h"

namespace meterhound::serve {

/// What the store keeps of a model beside its file. @param name for people.
store::BundleInfo InfoOf(const pipeline::Model& model, const std::string& name);

class LoadedModels {
 public:
  explicit LoadedModels(std::shared_ptr<store::Database> database)
      : database_(std::move(database)), bundles_(database_) {}

  /// kUnavailable when no model is active.
  Result<std::shared_ptr<const pipeline::Model>> Active();
  /// kNotFound when the store has no such model.
  Result<std::shared_ptr<const pipeline::Model>> Find(const std::string& fingerprint);

  struct Added {
    store::BundleInfo info;
    bool is_new = false;
  };
  /// Puts a model file into the store after reading it whole. @param name for people.
  Result<Added> Add(const std::filesystem::path& file, const std::string& name);

 private:
  std::shared_ptr<store::Database> database_;
  store::BundleStore bundles_;
  std::mutex mutex_;
  std::shared_ptr<const pipeline::Model> loaded_;
  std::chrono::steady_clock::time_point looked_{};
};

}  // namespace meterhound::serve
