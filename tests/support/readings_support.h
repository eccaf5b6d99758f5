// Files that a test writes and that vanish with it, and reading them.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "readings/readings.h"

namespace meterhound::readings::testing {

class TextFile {
 public:
  explicit TextFile(std::string_view text, const std::string& suffix = ".csv") {
    static std::atomic<int> counter{0};
    path_ = std::filesystem::temp_directory_path() /
            ("meterhound-test-" + std::to_string(::getpid()) + "-" + std::to_string(counter++) + suffix);
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TextFile() { std::filesystem::remove(path_); }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline Result<Panel> ReadPath(const std::filesystem::path& path, DateOrder order = DateOrder::kAuto,
                              std::size_t threads = 2) {
  ThreadPool pool(threads);
  Progress progress;
  ReadOptions options;
  options.file = path;
  options.date_order = order;
  return ReadPanel(options, {.pool = pool, .progress = progress, .stop = {}});
}

inline Result<Panel> ReadText(const TextFile& file, DateOrder order = DateOrder::kAuto, std::size_t threads = 2) {
  return ReadPath(file.path(), order, threads);
}

}  // namespace meterhound::readings::testing
