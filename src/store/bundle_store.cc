// Which model is active is a history of activations; rolling back undoes the last one.
#include "store/bundle_store.h"

#include <fstream>

#include "base/hashing.h"
#include "store/blob_parts.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kSelectPart = "SELECT data FROM model_parts WHERE fingerprint=? AND part=?";
constexpr std::string_view kSelect =
    "SELECT fingerprint, name, added, bytes, consumers, features, manifest, evaluation FROM models ";
constexpr std::string_view kLastActivations =
    "SELECT seq, fingerprint FROM model_activations WHERE undone=0 ORDER BY seq DESC LIMIT 2";

Result<BundleInfo> ReadInfo(const Row& row, const std::optional<std::string>& active) {
  const std::string where = "model " + row.Text(0);
  METERHOUND_ASSIGN_OR_RETURN(Json manifest, ParseJson(row.Text(6), where));
  METERHOUND_ASSIGN_OR_RETURN(Json evaluation, ParseJson(row.Text(7), where));
  return BundleInfo{.fingerprint = row.Text(0),
                    .name = row.Text(1),
                    .added = row.Int(2),
                    .bytes = row.Int(3),
                    .consumers = row.Int(4),
                    .features = row.Int(5),
                    .manifest = std::move(manifest),
                    .evaluation = std::move(evaluation),
                    .active = active == row.Text(0)};
}

Error NoSuchModel(const std::string& fingerprint) { return NotFound("there is no model '" + fingerprint + "'"); }

Status WriteParts(Transaction& transaction, const std::string& fingerprint, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return NotFound("cannot be opened for reading", path);
  std::string part(kPartBytes, '\0');
  for (std::int64_t number = 0; file.read(part.data(), static_cast<std::streamsize>(kPartBytes)) || file.gcount() > 0;
       ++number) {
    METERHOUND_RETURN_IF_ERROR(Done(
        transaction.Execute("INSERT INTO model_parts (fingerprint, part, data) VALUES (?, ?, ?)",
                            {fingerprint, number, Blob{part.substr(0, static_cast<std::size_t>(file.gcount()))}})));
  }
  return file.bad() ? Status(Unavailable("reading failed", path)) : Status();
}

}  // namespace

Result<bool> BundleStore::Add(Transaction& transaction, const BundleInfo& info, const std::string& path) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string sha256, Sha256File(path));
  std::error_code error;
  const auto bytes = static_cast<std::int64_t>(std::filesystem::file_size(path, error));
  if (error) return Unavailable(error.message(), path);
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t added,
      transaction.Execute(
          "INSERT INTO models (fingerprint, name, added, sha256, bytes, consumers, features, manifest, evaluation) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
          {info.fingerprint, info.name, info.added == 0 ? NowMilliseconds() : info.added, sha256, bytes, info.consumers,
           info.features, info.manifest.dump(), info.evaluation.dump()}));
  if (added == 0) return false;
  METERHOUND_RETURN_IF_ERROR(WriteParts(transaction, info.fingerprint, path));
  return true;
}

Result<bool> BundleStore::Add(const BundleInfo& info, const std::string& path) {
  return database_->WriteFor<bool>([&](Transaction& transaction) { return Add(transaction, info, path); });
}

Result<std::vector<BundleInfo>> BundleStore::List() {
  METERHOUND_ASSIGN_OR_RETURN(const auto active, Active());
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows,
                              database_->Query(std::string(kSelect) + "ORDER BY added DESC, fingerprint"));
  std::vector<BundleInfo> models;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(BundleInfo info, ReadInfo(row, active));
    models.push_back(std::move(info));
  }
  return models;
}

Result<BundleInfo> BundleStore::Find(const std::string& fingerprint) {
  METERHOUND_ASSIGN_OR_RETURN(const auto active, Active());
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              database_->QueryOne(std::string(kSelect) + "WHERE fingerprint=?", {fingerprint}));
  if (!row) return NoSuchModel(fingerprint);
  return ReadInfo(*row, active);
}

Status BundleStore::Export(const std::string& fingerprint, const std::string& path) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              database_->QueryOne("SELECT sha256 FROM models WHERE fingerprint=?", {fingerprint}));
  if (!row) return NoSuchModel(fingerprint);
  return ReadPartsToFile(*database_, kSelectPart, fingerprint, row->Text(0), "model " + fingerprint, path);
}

Result<std::optional<std::string>> BundleStore::Active() {
  METERHOUND_ASSIGN_OR_RETURN(const auto row, database_->QueryOne(kLastActivations));
  return row ? row->OptionalText(1) : std::nullopt;
}

Result<std::optional<std::string>> BundleStore::Active(Transaction& transaction) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row, transaction.QueryOne(kLastActivations));
  return row ? row->OptionalText(1) : std::nullopt;
}

Status BundleStore::Activate(Transaction& transaction, const std::string& fingerprint, const std::string& who) {
  METERHOUND_ASSIGN_OR_RETURN(const auto there,
                              transaction.QueryOne("SELECT 1 FROM models WHERE fingerprint=?", {fingerprint}));
  if (!there) return NoSuchModel(fingerprint);
  METERHOUND_ASSIGN_OR_RETURN(const auto active, transaction.QueryOne(kLastActivations));
  if (active && active->Text(1) == fingerprint) return {};
  return Done(transaction.Execute("INSERT INTO model_activations (fingerprint, at, who, undone) VALUES (?, ?, ?, 0)",
                                  {fingerprint, NowMilliseconds(), who}));
}

Result<std::optional<std::string>> BundleStore::Before() {
  METERHOUND_ASSIGN_OR_RETURN(const Rows last, database_->Query(kLastActivations));
  return last.size() < 2 ? std::nullopt : std::optional(last[1].Text(1));
}

Result<std::string> BundleStore::RollBack(Transaction& transaction, const std::string& who) {
  METERHOUND_ASSIGN_OR_RETURN(const Rows last, transaction.Query(kLastActivations));
  if (last.size() < 2) return InvalidInput("no model was active before this one");
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute("UPDATE model_activations SET undone=1, at=?, who=? WHERE seq=?",
                                                      {NowMilliseconds(), who, last[0].Int(0)})));
  return last[1].Text(1);
}

}  // namespace meterhound::store
