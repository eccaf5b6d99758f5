// ModelStore: models by name on this machine: what is known, fetched, checked and removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::llm {

/// A model that the program knows where to get.
struct KnownModel {
  std::string name;
  std::string file;  ///< its name in the store
  std::string url;
  std::string sha256;   ///< of the model's file
  std::uint64_t bytes;  ///< of the model's file; 0 = not known
  std::string licence;
  std::string member;          ///< the model's place inside the archive at `url`; empty: `url` is the model itself
  std::string archive_sha256;  ///< of that archive
  std::string note;
};
std::span<const KnownModel> KnownModels();

struct StoredModel {
  std::string name;
  std::filesystem::path path;
  std::uint64_t bytes = 0;
};

struct FetchOptions {
  std::string name;    ///< of a known model, or of the file to be with `url`
  std::string url;     ///< of a model that is not known; needs `sha256`
  std::string sha256;  ///< 64 hex digits; overrules nothing: a known model has its own
  std::string mirror;  ///< folder or URL under which the file lies by its last name, instead of the known URL
};

class ModelStore {
 public:
  /// @param folder empty: METERHOUND_MODELS, or meterhound/models in the user's cache folder.
  explicit ModelStore(std::filesystem::path folder = {});

  const std::filesystem::path& folder() const { return folder_; }
  /// What is there, known or not, by name.
  std::vector<StoredModel> List() const;
  /// Fetches into the store, going on where an earlier try broke off; the file appears under its name only after its
  /// SHA-256 was found right. Does nothing when it is already there.
  Result<std::filesystem::path> Fetch(const FetchOptions& options, const RunContext& context) const;
  /// The file of a name in the store, or `model` itself when it is a path. A stored file's SHA-256 is checked again
  /// when the file was touched since the last time: kCorrupt when it is another one.
  Result<std::filesystem::path> Find(const std::string& model) const;
  Status Remove(const std::string& name) const;

 private:
  Result<std::filesystem::path> PathOf(const std::string& name) const;

  std::filesystem::path folder_;
};

}  // namespace meterhound::llm
