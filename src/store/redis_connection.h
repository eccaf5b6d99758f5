// RedisConnection: one connection through hiredis, and a pool of them that comes back when the server does.
#pragma once

#include <hiredis/hiredis.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"

namespace meterhound::store {

struct RedisAddress {
  std::string host;
  int port = 6379;
  std::string socket;  ///< path; then host and port mean nothing
  std::string user;
  std::string password;
  std::string number;  ///< of the database
  std::string name;    ///< for errors, without the password
};
/// "redis://[[user]:password@]host[:port][/number]" or "redis+unix:/path".
Result<RedisAddress> ParseRedisUrl(const std::string& url);

struct FreeReply {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using RedisReply = std::unique_ptr<redisReply, FreeReply>;

/// Any number of threads; each command has a connection to itself while it runs.
class RedisPool {
 public:
  explicit RedisPool(RedisAddress address) : address_(std::move(address)) {}

  /// Sends a command and waits for its answer. A connection that turns out to be dead is replaced once and the command
  /// sent again, so commands must be safe to repeat. While the server is gone calls fail at once, and connecting is
  /// tried again after a pause that grows. kUnavailable for whatever the server refuses.
  Result<RedisReply> Run(const std::vector<std::string>& command);

 private:
  struct FreeContext {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  using Context = std::unique_ptr<redisContext, FreeContext>;

  Result<Context> Take(bool fresh);
  Result<Context> Connect();
  Status Greet(redisContext* context);
  Result<RedisReply> Send(redisContext* context, const std::vector<std::string>& command);

  RedisAddress address_;
  std::mutex mutex_;
  std::vector<Context> idle_;
  std::chrono::steady_clock::time_point next_try_;
  std::chrono::milliseconds pause_{0};
  std::string last_error_;
};

}  // namespace meterhound::store
