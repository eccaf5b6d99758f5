// Secrets have 256 random bits, so a plain SHA-256 is as good as a slow hash would be.
#include "store/key_store.h"

#include <algorithm>
#include <array>

#include "base/hashing.h"
#include "base/json.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::array<std::string_view, 3> kScopes = {"score", "review", "admin"};
constexpr std::size_t kSecretBytes = 32;
constexpr std::int64_t kUseNotedEvery = 60'000;

std::string Select(std::string_view rest) {
  return "SELECT k.id, k.name, k.scopes, k.created, k.revoked, k.last_used FROM api_keys k " + std::string(rest);
}

Result<ApiKey> ReadKey(const Row& row) {
  METERHOUND_ASSIGN_OR_RETURN(const Json scopes, ParseJson(row.Text(2), "key " + row.Text(0)));
  return ApiKey{row.Text(0), row.Text(1),        scopes.get<std::vector<std::string>>(),
                row.Int(3),  row.OptionalInt(4), row.OptionalInt(5)};
}

Result<std::optional<ApiKey>> ReadOne(const Result<std::optional<Row>>& row) {
  if (!row) return row.error();
  if (!*row) return std::optional<ApiKey>();
  METERHOUND_ASSIGN_OR_RETURN(ApiKey key, ReadKey(**row));
  return std::optional<ApiKey>(std::move(key));
}

Status CheckNew(const std::string& name, const std::vector<std::string>& scopes) {
  if (name.empty()) return InvalidInput("found no name, expected whose key it is", "name");
  if (scopes.empty()) return InvalidInput("found no scope, expected some of score, review, admin", "scopes");
  for (const std::string& scope : scopes) {
    if (std::find(kScopes.begin(), kScopes.end(), scope) == kScopes.end()) {
      return InvalidInput("found '" + scope + "', expected some of score, review, admin", "scopes");
    }
  }
  return {};
}

}  // namespace

bool ApiKey::Allows(std::string_view scope) const {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

Result<NewKey> KeyStore::Add(const std::string& name, const std::vector<std::string>& scopes) {
  METERHOUND_RETURN_IF_ERROR(CheckNew(name, scopes));
  NewKey made;
  made.key = {
      .id = NewId(), .name = name, .scopes = scopes, .created = NowMilliseconds(), .revoked = {}, .last_used = {}};
  made.secret = "mh_" + RandomHex(kSecretBytes);
  METERHOUND_RETURN_IF_ERROR(database_->Write([&](Transaction& transaction) -> Status {
    METERHOUND_ASSIGN_OR_RETURN(
        const auto taken, transaction.QueryOne("SELECT 1 FROM api_keys WHERE name=? AND revoked IS NULL", {name}));
    if (taken)
      return InvalidInput("a key in use is called '" + name + "' already; revoke it or choose another", "name");
    return Done(
        transaction.Execute("INSERT INTO api_keys (id, name, hash, scopes, created) VALUES (?, ?, ?, ?, ?)",
                            {made.key.id, name, Sha256Hex(made.secret), Json(scopes).dump(), made.key.created}));
  }));
  return made;
}

Result<std::vector<ApiKey>> KeyStore::List() {
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows, database_->Query(Select("ORDER BY k.created, k.id")));
  std::vector<ApiKey> keys;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(ApiKey key, ReadKey(row));
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<ApiKey> KeyStore::Revoke(const std::string& id_or_name) {
  return database_->WriteFor<ApiKey>([&](Transaction& transaction) -> Result<ApiKey> {
    METERHOUND_ASSIGN_OR_RETURN(auto key,
                                ReadOne(transaction.QueryOne(Select("WHERE (k.id=? OR k.name=?) AND k.revoked IS NULL"),
                                                             {id_or_name, id_or_name})));
    if (!key) return NotFound("no key in use has the id or name '" + id_or_name + "'");
    key->revoked = NowMilliseconds();
    METERHOUND_RETURN_IF_ERROR(
        Done(transaction.Execute("UPDATE api_keys SET revoked=? WHERE id=?", {*key->revoked, key->id})));
    METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute("DELETE FROM sessions WHERE api_key=?", {key->id})));
    return std::move(*key);
  });
}

Result<bool> KeyStore::AnyInUse() {
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              database_->QueryOne("SELECT 1 FROM api_keys WHERE revoked IS NULL LIMIT 1"));
  return row.has_value();
}

Result<std::optional<ApiKey>> KeyStore::FindBySecret(std::string_view secret) {
  METERHOUND_ASSIGN_OR_RETURN(
      auto key, ReadOne(database_->QueryOne(Select("WHERE k.hash=? AND k.revoked IS NULL"), {Sha256Hex(secret)})));
  const std::int64_t now = NowMilliseconds();
  if (key && key->last_used.value_or(0) + kUseNotedEvery < now) {
    // When this cannot be written (a full disk) the key is as good as before: reading must stay possible.
    if (database_->Execute("UPDATE api_keys SET last_used=? WHERE id=?", {now, key->id}).ok()) key->last_used = now;
  }
  return key;
}

Result<NewSession> KeyStore::OpenSession(const ApiKey& key, std::int64_t lifetime_milliseconds) {
  const std::int64_t now = NowMilliseconds();
  NewSession session{RandomHex(kSecretBytes), now + lifetime_milliseconds};
  METERHOUND_RETURN_IF_ERROR(
      Done(database_->Execute("INSERT INTO sessions (hash, api_key, created, expires) VALUES (?, ?, ?, ?)",
                              {Sha256Hex(session.secret), key.id, now, session.expires})));
  return session;
}

Result<std::optional<ApiKey>> KeyStore::FindBySession(std::string_view secret) {
  return ReadOne(database_->QueryOne(
      Select("JOIN sessions s ON s.api_key=k.id WHERE s.hash=? AND s.expires>? AND k.revoked IS NULL"),
      {Sha256Hex(secret), NowMilliseconds()}));
}

Status KeyStore::CloseSession(std::string_view secret) {
  return Done(database_->Execute("DELETE FROM sessions WHERE hash=?", {Sha256Hex(secret)}));
}

Result<std::int64_t> KeyStore::DeleteExpiredSessions() {
  return database_->Execute("DELETE FROM sessions WHERE expires<=?", {NowMilliseconds()});
}

}  // namespace meterhound::store
