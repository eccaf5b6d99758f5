// hiredis: connecting, authenticating, sending.
#include "store/redis_connection.h"

#include <algorithm>
#include <charconv>

namespace meterhound::store {
namespace {

constexpr timeval kConnectTimeout{2, 0};
constexpr timeval kAnswerTimeout{10, 0};  // longer than any command blocks
constexpr std::chrono::milliseconds kFirstPause{50};
constexpr std::chrono::milliseconds kLongestPause{2000};

}  // namespace

Result<RedisAddress> ParseRedisUrl(const std::string& url) {
  const Error wrong = InvalidInput(
      "found a queue that is neither 'store', redis://[:password@]host[:port][/number] nor "
      "redis+unix:/path",
      "queue");
  RedisAddress address;
  constexpr std::string_view kSocket = "redis+unix:";
  constexpr std::string_view kNetwork = "redis://";
  if (url.starts_with(kSocket)) {
    address.socket = url.substr(kSocket.size());
    address.name = url;
    return address.socket.empty() ? Result<RedisAddress>(wrong) : Result<RedisAddress>(address);
  }
  if (!url.starts_with(kNetwork)) return wrong;
  std::string rest = url.substr(kNetwork.size());
  if (const std::size_t at = rest.rfind('@'); at != std::string::npos) {
    const std::string who = rest.substr(0, at);
    const std::size_t colon = who.find(':');
    address.user = who.substr(0, std::min(colon, who.size()));
    if (colon != std::string::npos) address.password = who.substr(colon + 1);
    rest = rest.substr(at + 1);
  }
  if (const std::size_t slash = rest.find('/'); slash != std::string::npos) {
    address.number = rest.substr(slash + 1);
    rest = rest.substr(0, slash);
  }
  address.name = std::string(kNetwork) + rest;
  if (const std::size_t colon = rest.rfind(':'); colon != std::string::npos) {
    const auto [end, error] = std::from_chars(rest.data() + colon + 1, rest.data() + rest.size(), address.port);
    if (error != std::errc() || end != rest.data() + rest.size()) return wrong;
    rest = rest.substr(0, colon);
  }
  address.host = rest;
  return rest.empty() ? Result<RedisAddress>(wrong) : Result<RedisAddress>(address);
}

Result<RedisReply> RedisPool::Send(redisContext* context, const std::vector<std::string>& command) {
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const std::string& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  RedisReply reply(
      static_cast<redisReply*>(redisCommandArgv(context, static_cast<int>(words.size()), words.data(), sizes.data())));
  if (!reply)
    return Unavailable("the connection to Redis was lost (" + std::string(context->errstr) + ")", address_.name);
  if (reply->type == REDIS_REPLY_ERROR) {
    return Unavailable("Redis refused: " + std::string(reply->str, reply->len), address_.name);
  }
  return reply;
}

Status RedisPool::Greet(redisContext* context) {
  if (!address_.password.empty()) {
    std::vector<std::string> command = {"AUTH"};
    if (!address_.user.empty()) command.push_back(address_.user);
    command.push_back(address_.password);
    if (const auto reply = Send(context, command); !reply) return reply.error();
  }
  if (!address_.number.empty()) {
    if (const auto reply = Send(context, {"SELECT", address_.number}); !reply) return reply.error();
  }
  return {};
}

Result<RedisPool::Context> RedisPool::Connect() {
  Context context(address_.socket.empty()
                      ? redisConnectWithTimeout(address_.host.c_str(), address_.port, kConnectTimeout)
                      : redisConnectUnixWithTimeout(address_.socket.c_str(), kConnectTimeout));
  if (!context) return Unavailable("out of memory", address_.name);
  if (context->err != 0) {
    return Unavailable("Redis does not answer (" + std::string(context->errstr) + ")", address_.name);
  }
  redisSetTimeout(context.get(), kAnswerTimeout);
  METERHOUND_RETURN_IF_ERROR(Greet(context.get()));
  return context;
}

Result<RedisPool::Context> RedisPool::Take(bool fresh) {
  {
    const std::lock_guard lock(mutex_);
    if (fresh) idle_.clear();  // as old as the one that was dead
    if (!idle_.empty()) {
      Context context = std::move(idle_.back());
      idle_.pop_back();
      return context;
    }
    if (std::chrono::steady_clock::now() < next_try_) return Unavailable(last_error_, address_.name);
  }
  auto context = Connect();
  const std::lock_guard lock(mutex_);
  if (context) {
    pause_ = std::chrono::milliseconds(0);
    return context;
  }
  pause_ = std::clamp(pause_ * 2, kFirstPause, kLongestPause);
  next_try_ = std::chrono::steady_clock::now() + pause_;
  last_error_ = context.error().message;
  return context;
}

Result<RedisReply> RedisPool::Run(const std::vector<std::string>& command) {
  for (bool fresh : {false, true}) {
    METERHOUND_ASSIGN_OR_RETURN(Context context, Take(fresh));
    auto reply = Send(context.get(), command);
    if (context->err == 0) {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(context));
      return reply;
    }
    if (fresh) return reply;
  }
  return Unavailable("Redis does not answer", address_.name);
}

}  // namespace meterhound::store
