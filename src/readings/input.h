// Input: a file's bytes, plain or compressed, or a clear word on why it cannot be read.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace meterhound::readings {

/// The text of one input file. Plain files are memory-mapped; gzip (also of several members) and zstd are found by
/// their first bytes, whatever the name says, and unpacked: into memory when small, else into an unnamed temporary file
/// (in TMPDIR), so that memory stays bounded.
class Input {
 public:
  /// Errors: no such file, a directory, empty, truncated or garbled compression, binary content (NUL bytes), and known
  /// other formats (Excel, Parquet, PDF, zip) by name.
  static Result<Input> Open(const std::filesystem::path& path);

  Input(Input&&) noexcept;
  Input& operator=(Input&&) noexcept;
  ~Input();

  std::string_view text() const { return text_; }
  /// Says that this part of text() has been read and will not be wanted soon: the memory it holds is given back. It can
  /// still be read.
  void Forget(std::string_view part) const;
  /// As given, for error messages.
  const std::string& name() const { return name_; }

 private:
  class Mapping;
  Input();

  std::string name_;
  std::unique_ptr<std::string> unpacked_;  // on the heap, so that moving an Input leaves text_ valid; null if mapped
  std::unique_ptr<Mapping> mapping_;
  std::string_view text_;
};

/// `path`, or `path.zst` / `path.gz` beside it when `path` itself does not exist; kNotFound when none does.
Result<std::filesystem::path> FindPossiblyCompressed(const std::filesystem::path& path);

}  // namespace meterhound::readings
