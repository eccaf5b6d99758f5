// Bundle: a saved model as one file that says what it holds and refuses to be read when a byte of it changed.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::detectors {

/// File form: the 8 bytes "MHBUNDLE", format version (4 bytes), manifest length (8 bytes), all little-endian, SHA-256
/// of the manifest (64 hex digits), the manifest (JSON), then the parts one after the other in the manifest's order.
/// The manifest lists name, size and SHA-256 of every part under "parts"; its other keys are the caller's. Equal
/// content gives equal bytes: nothing here looks at a clock.
class Bundle {
 public:
  static constexpr std::uint32_t kFormatVersion = 1;

  /// What the caller wants said about the model: version, settings, features, metrics, seed, data fingerprint, and, if
  /// it likes, the time. "format" and "parts" are the bundle's own.
  Json& manifest() { return manifest_; }
  const Json& manifest() const { return manifest_; }

  /// Adds or replaces a part, e.g. "trees-0.ubj", "pipeline.json".
  void SetPart(std::string name, std::string bytes) { parts_[std::move(name)] = std::move(bytes); }
  void SetJsonPart(std::string name, const Json& json) { SetPart(std::move(name), DumpJson(json)); }
  bool HasPart(std::string_view name) const { return parts_.contains(name); }
  /// kCorrupt that names the part when it is not there or is not JSON.
  Result<std::string_view> Part(std::string_view name) const;
  Result<Json> JsonPart(std::string_view name) const;
  const std::map<std::string, std::string, std::less<>>& parts() const { return parts_; }

  /// The file's bytes.
  std::string Encode() const;
  /// Checks everything. kCorrupt (altered, cut short, not a bundle) or kUnsupported (newer format) naming the part.
  /// @param where the file's name, for errors.
  static Result<Bundle> Decode(std::string_view bytes, std::string_view where);

  /// Through an AtomicFile.
  Status Write(const std::filesystem::path& path) const;
  static Result<Bundle> Read(const std::filesystem::path& path);

  /// SHA-256 of the file's bytes.
  std::string Fingerprint() const;

 private:
  Json manifest_ = Json::object();
  std::map<std::string, std::string, std::less<>> parts_;
};

}  // namespace meterhound::detectors
