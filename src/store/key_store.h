// KeyStore: API keys, of which only the SHA-256 is kept, and the page's sessions.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"

namespace meterhound::store {

struct ApiKey {
  std::string id;
  std::string name;
  std::vector<std::string> scopes;  ///< of "score", "review", "admin"
  std::int64_t created = 0;
  std::optional<std::int64_t> revoked;
  std::optional<std::int64_t> last_used;  ///< to the minute

  bool Allows(std::string_view scope) const;
};

struct NewKey {
  ApiKey key;
  std::string secret;  ///< "mh_" and 64 hex digits; shown once, never stored
};

struct NewSession {
  std::string secret;  ///< for the cookie
  std::int64_t expires = 0;
};

class KeyStore {
 public:
  explicit KeyStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  /// kInvalidInput for an unknown scope, no scope, or a name that a key in use has.
  Result<NewKey> Add(const std::string& name, const std::vector<std::string>& scopes);
  Result<std::vector<ApiKey>> List();
  /// By id or name; ends its sessions. kNotFound when there is no such key in use.
  Result<ApiKey> Revoke(const std::string& id_or_name);
  /// True when there is a key that is not revoked.
  Result<bool> AnyInUse();

  /// The key that `secret` is, unless there is none or it was revoked.
  Result<std::optional<ApiKey>> FindBySecret(std::string_view secret);

  Result<NewSession> OpenSession(const ApiKey& key, std::int64_t lifetime_milliseconds);
  /// The key whose session this is, unless it has ended or the key was revoked.
  Result<std::optional<ApiKey>> FindBySession(std::string_view secret);
  Status CloseSession(std::string_view secret);
  Result<std::int64_t> DeleteExpiredSessions();

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
