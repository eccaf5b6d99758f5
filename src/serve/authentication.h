// Authentication: whose key or session a request brings, and whether keys are needed at all.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "http/authenticator.h"
#include "store/key_store.h"

namespace meterhound::serve {

inline constexpr const char* kAnonymous = "anonymous";  ///< who asks where no keys are needed

/// Asks the store at most once in two seconds for the same credentials, so that a revoked key is refused soon and a
/// busy one costs nothing. A store without any key lets everybody do everything: the server listens on loopback alone
/// then.
class Authentication {
 public:
  explicit Authentication(std::shared_ptr<store::Database> database) : keys_(std::move(database)) {}

  Result<http::Principal> Identify(const http::Credentials& credentials);
  /// True when there is a key in use.
  Result<bool> KeysRequired();

 private:
  struct Known {
    http::Principal principal;
    std::chrono::steady_clock::time_point until;
  };

  store::KeyStore keys_;
  std::mutex mutex_;
  std::optional<bool> required_;
  std::chrono::steady_clock::time_point required_until_{};
  std::unordered_map<std::string, Known> known_;  ///< by hash of kind and secret
};

}  // namespace meterhound::serve
