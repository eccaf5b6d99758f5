// The bundle's bytes: written in one order, read with every length and sum checked.
#include "detectors/bundle.h"

#include <cstdint>

#include "base/file.h"
#include "base/hashing.h"

namespace meterhound::detectors {
namespace {

constexpr std::string_view kMagic = "MHBUNDLE";
constexpr std::size_t kDigest = 64;  // hex digits of a SHA-256
constexpr std::size_t kHeader = 8 + 4 + 8 + kDigest;

template <typename Word>
void AppendWord(std::string& to, Word word) {
  for (std::size_t i = 0; i < sizeof word; ++i) to.push_back(static_cast<char>((word >> (8 * i)) & 0xff));
}

template <typename Word>
Word ReadWord(std::string_view bytes, std::size_t at) {
  Word word = 0;
  for (std::size_t i = 0; i < sizeof word; ++i) {
    word |= static_cast<Word>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return word;
}

Error Damaged(std::string_view what, std::string_view where) {
  return Corrupt("the model file is damaged: " + std::string(what), std::string(where));
}

/// The manifest's JSON once header, version, length and digest agree.
Result<Json> DecodeManifest(std::string_view bytes, std::string_view where, std::size_t& end) {
  if (bytes.substr(0, kMagic.size()) != kMagic) {
    return Corrupt("is not a Meterhound model (it does not begin with MHBUNDLE)", std::string(where));
  }
  if (bytes.size() < kHeader) return Damaged("it ends inside the header", where);
  const auto version = ReadWord<std::uint32_t>(bytes, 8);
  if (version > Bundle::kFormatVersion) {
    return Unsupported("model format " + std::to_string(version) + " is newer than this program reads (" +
                           std::to_string(Bundle::kFormatVersion) + ")",
                       std::string(where));
  }
  if (version == 0) return Damaged("format version 0 in the header", where);
  const auto length = ReadWord<std::uint64_t>(bytes, 12);
  if (length > bytes.size() - kHeader) return Damaged("it ends inside the manifest", where);
  const std::string_view manifest = bytes.substr(kHeader, static_cast<std::size_t>(length));
  if (Sha256Hex(manifest) != bytes.substr(20, kDigest))
    return Damaged("the manifest does not have its checksum", where);
  end = kHeader + manifest.size();
  auto json = ParseJson(manifest, where);
  if (!json.ok() || !json->is_object() || !json->contains("parts") || !(*json)["parts"].is_array()) {
    return Damaged("the manifest lists no parts", where);
  }
  return json;
}

}  // namespace

Result<std::string_view> Bundle::Part(std::string_view name) const {
  const auto found = parts_.find(name);
  if (found == parts_.end()) return Corrupt("the model has no part `" + std::string(name) + "`");
  return std::string_view(found->second);
}

Result<Json> Bundle::JsonPart(std::string_view name) const {
  METERHOUND_ASSIGN_OR_RETURN(const std::string_view bytes, Part(name));
  auto json = ParseJson(bytes, name);
  if (!json.ok()) return Corrupt("the model's part `" + std::string(name) + "` is not valid JSON", json.error().where);
  return json;
}

std::string Bundle::Encode() const {
  Json manifest = Json::object();
  manifest["format"] = kFormatVersion;
  for (const auto& [key, value] : manifest_.items()) {
    if (key != "format" && key != "parts") manifest[key] = value;
  }
  Json listed = Json::array();
  for (const auto& [name, bytes] : parts_) {
    listed.push_back({{"name", name}, {"size", bytes.size()}, {"sha256", Sha256Hex(bytes)}});
  }
  manifest["parts"] = std::move(listed);
  const std::string text = DumpJson(manifest);
  std::string file(kMagic);
  AppendWord(file, kFormatVersion);
  AppendWord(file, static_cast<std::uint64_t>(text.size()));
  file += Sha256Hex(text);
  file += text;
  for (const auto& [name, bytes] : parts_) file += bytes;
  return file;
}

Result<Bundle> Bundle::Decode(std::string_view bytes, std::string_view where) {
  std::size_t at = 0;
  METERHOUND_ASSIGN_OR_RETURN(Json manifest, DecodeManifest(bytes, where, at));
  Bundle bundle;
  for (const Json& part : manifest["parts"]) {
    if (!part.is_object() || !part.contains("name") || !part["name"].is_string() || !part.contains("size") ||
        !part["size"].is_number_unsigned() || !part.contains("sha256") || !part["sha256"].is_string()) {
      return Damaged("the manifest lists a part without name, size and checksum", where);
    }
    const std::string name = part["name"].get<std::string>();
    const auto size = part["size"].get<std::uint64_t>();
    if (size > bytes.size() - at) return Damaged("it ends inside part `" + name + "`", where);
    std::string content(bytes.substr(at, static_cast<std::size_t>(size)));
    if (Sha256Hex(content) != part["sha256"].get<std::string>()) {
      return Damaged("part `" + name + "` does not have its checksum", where);
    }
    at += content.size();
    bundle.SetPart(name, std::move(content));
  }
  if (at != bytes.size()) return Damaged("there are bytes behind the last part", where);
  manifest.erase("parts");
  manifest.erase("format");
  bundle.manifest_ = std::move(manifest);
  return bundle;
}

Status Bundle::Write(const std::filesystem::path& path) const { return WriteFile(path, Encode()); }

Result<Bundle> Bundle::Read(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  return Decode(bytes, path.string());
}

std::string Bundle::Fingerprint() const { return Sha256Hex(Encode()); }

}  // namespace meterhound::detectors
