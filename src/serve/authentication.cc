// A small cache in front of the store's keys and sessions.
#include "serve/authentication.h"

#include "base/hashing.h"

namespace meterhound::serve {
namespace {

constexpr std::chrono::seconds kBelieved{2};
constexpr std::size_t kMostKnown = 10'000;

}  // namespace

Result<bool> Authentication::KeysRequired() {
  const auto now = std::chrono::steady_clock::now();
  {
    const std::scoped_lock lock(mutex_);
    if (required_ && now < required_until_) return *required_;
  }
  METERHOUND_ASSIGN_OR_RETURN(const bool required, keys_.AnyInUse());
  const std::scoped_lock lock(mutex_);
  required_ = required;
  required_until_ = now + kBelieved;
  return required;
}

Result<http::Principal> Authentication::Identify(const http::Credentials& credentials) {
  using Kind = http::Credentials::Kind;
  if (credentials.kind == Kind::kNone) {
    METERHOUND_ASSIGN_OR_RETURN(const bool required, KeysRequired());
    if (required) return InvalidInput("found no key, expected Authorization: Bearer mh_..., X-API-Key or a session");
    return http::Principal{.id = kAnonymous, .name = kAnonymous, .scopes = {"score", "review", "admin"}};
  }
  const auto now = std::chrono::steady_clock::now();
  const std::string hash = Sha256Hex((credentials.kind == Kind::kCookie ? "cookie:" : "key:") + credentials.secret);
  {
    const std::scoped_lock lock(mutex_);
    const auto found = known_.find(hash);
    if (found != known_.end() && now < found->second.until) return found->second.principal;
  }
  METERHOUND_ASSIGN_OR_RETURN(const std::optional<store::ApiKey> key, credentials.kind == Kind::kCookie
                                                                          ? keys_.FindBySession(credentials.secret)
                                                                          : keys_.FindBySecret(credentials.secret));
  if (!key)
    return InvalidInput(credentials.kind == Kind::kCookie ? "the session has ended" : "no such key, or it was revoked");
  http::Principal principal{.id = key->id, .name = key->name, .scopes = key->scopes};
  const std::scoped_lock lock(mutex_);
  if (known_.size() >= kMostKnown) known_.clear();
  known_[hash] = {.principal = principal, .until = now + kBelieved};
  return principal;
}

}  // namespace meterhound::serve
