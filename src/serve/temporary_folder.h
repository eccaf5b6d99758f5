// TemporaryFolder: a folder of this process's own that goes when it goes.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.h"

namespace meterhound::serve {

class TemporaryFolder {
 public:
  /// kUnavailable when the system's folder for temporary files cannot be written to.
  static Result<TemporaryFolder> Create();
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace meterhound::serve
