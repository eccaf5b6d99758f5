// Scripts that run inside Redis, and what they answer.
#include "store/redis_queue.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <tuple>

namespace meterhound::store {
namespace {

constexpr std::int64_t kPriorities = 2;
constexpr std::int64_t kLongestBlock = 250;  // entries that fall due or lose their worker wake nobody
constexpr const char* kGroup = "workers";

// KEYS: known, stream. ARGV: jobs.
constexpr std::string_view kPush = R"lua(
for _, job in ipairs(ARGV) do
  if redis.call('HSETNX', KEYS[1], job, '1') == 1 then redis.call('XADD', KEYS[2], '*', 'job', job) end
end
return 1
)lua";

// KEYS: of each queue delayed, stream 0, stream 1. ARGV: group, worker, most entries, lease in milliseconds.
// What is due is moved, what lost its worker is taken over, then what is new is read; by priority.
constexpr std::string_view kClaim = R"lua(
local group, worker, most, lease = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for q = 1, #KEYS, 3 do
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[q], '-inf', now, 'LIMIT', 0, 100)) do
    redis.call('ZREM', KEYS[q], member)
    redis.call('XADD', KEYS[q + 1 + tonumber(string.sub(member, 1, 1))], '*', 'job', string.sub(member, 3))
  end
end
local found = {}
local function add(q, priority, entries)
  for _, entry in ipairs(entries) do found[#found + 1] = {q, priority, entry[1], entry[2][2]} end
end
for priority = 0, 1 do
  for q = 1, #KEYS, 3 do
    local stream = KEYS[q + 1 + priority]
    redis.pcall('XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM')
    if #found < most then
      add(q, priority, redis.call('XAUTOCLAIM', stream, group, worker, lease, '0-0', 'COUNT', most - #found)[2])
    end
    if #found < most then
      local new = redis.call('XREADGROUP', 'GROUP', group, worker, 'COUNT', most - #found, 'STREAMS', stream, '>')
      if new then add(q, priority, new[1][2]) end
    end
  end
end
return found
)lua";

// What the scripts about leases begin with. KEYS[1]: stream. ARGV: group, worker, ... Another worker's are left alone.
constexpr std::string_view kHeld = R"lua(
local function held(id)
  local pending = redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1)
  return #pending > 0 and pending[1][2] == ARGV[2]
end
)lua";

// ARGV: ..., id and job of each entry.
constexpr std::string_view kRenew = R"lua(
for i = 3, #ARGV, 2 do
  if held(ARGV[i]) then redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID') end
end
return 1
)lua";

// KEYS: stream, known. ARGV: ..., id and job of each entry.
constexpr std::string_view kAcknowledge = R"lua(
for i = 3, #ARGV, 2 do
  if held(ARGV[i]) then
    redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
    redis.call('XDEL', KEYS[1], ARGV[i])
    redis.call('HDEL', KEYS[2], ARGV[i + 1])
  end
end
return 1
)lua";

// KEYS: stream, delayed. ARGV: ..., id, job, priority, delay in milliseconds.
constexpr std::string_view kReturn = R"lua(
if not held(ARGV[3]) then return 0 end
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
redis.call('XDEL', KEYS[1], ARGV[3])
local delay = tonumber(ARGV[6])
if delay <= 0 then
  redis.call('XADD', KEYS[1], '*', 'job', ARGV[4])
else
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[2], time[1] * 1000 + math.floor(time[2] / 1000) + delay, ARGV[5] .. ':' .. ARGV[4])
end
return 1
)lua";

// KEYS: delayed, stream 0, stream 1. ARGV: group. -> waiting, leased, delayed, id of the oldest entry or ''.
constexpr std::string_view kDepth = R"lua(
local all, leased, oldest = 0, 0, ''
for i = 2, 3 do
  all = all + redis.call('XLEN', KEYS[i])
  redis.pcall('XGROUP', 'CREATE', KEYS[i], ARGV[1], '0', 'MKSTREAM')
  leased = leased + redis.call('XPENDING', KEYS[i], ARGV[1])[1]
  local first = redis.call('XRANGE', KEYS[i], '-', '+', 'COUNT', 1)[1]
  if first and (oldest == '' or first[1] < oldest) then oldest = first[1] end
end
return {all - leased, leased, redis.call('ZCARD', KEYS[1]), oldest}
)lua";

std::string Key(const std::string& queue, std::string_view what) {
  return "meterhound:{" + queue + "}:" + std::string(what);
}
std::string Stream(const std::string& queue, std::int64_t priority) { return Key(queue, std::to_string(priority)); }
std::int64_t Clamp(std::int64_t priority) { return std::clamp<std::int64_t>(priority, 0, kPriorities - 1); }

std::string WithHeld(std::string_view script) { return std::string(kHeld) + std::string(script); }

std::string Text(const redisReply* reply) { return {reply->str, reply->len}; }

Status DoneReply(const Result<RedisReply>& reply) { return reply ? Status() : Status(reply.error()); }

}  // namespace

Result<std::shared_ptr<Queue>> RedisQueue::Open(const std::string& url) {
  METERHOUND_ASSIGN_OR_RETURN(RedisAddress address, ParseRedisUrl(url));
  return std::shared_ptr<Queue>(std::make_shared<RedisQueue>(std::move(address)));
}

Result<RedisReply> RedisQueue::Script(std::string_view text, const std::vector<std::string>& keys,
                                      const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"EVAL", std::string(text), std::to_string(keys.size())};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  return pool_.Run(command);
}

Status RedisQueue::Push(const std::vector<QueueEntry>& entries, Transaction*) {
  std::map<std::pair<std::string, std::int64_t>, std::vector<std::string>> jobs;
  for (const QueueEntry& entry : entries) jobs[{entry.queue, Clamp(entry.priority)}].push_back(entry.job);
  for (const auto& [where, ids] : jobs) {
    const auto& [queue, priority] = where;
    METERHOUND_RETURN_IF_ERROR(DoneReply(Script(kPush, {Key(queue, "known"), Stream(queue, priority)}, ids)));
  }
  return {};
}

Result<std::vector<Lease>> RedisQueue::ClaimNow(const std::vector<std::string>& queues, const std::string& worker,
                                                std::int64_t max, std::int64_t lease_milliseconds) {
  std::vector<std::string> keys;
  for (const std::string& queue : queues) {
    keys.insert(keys.end(), {Key(queue, "delayed"), Stream(queue, 0), Stream(queue, 1)});
  }
  METERHOUND_ASSIGN_OR_RETURN(
      const RedisReply reply,
      Script(kClaim, keys, {kGroup, worker, std::to_string(max), std::to_string(lease_milliseconds)}));
  std::vector<Lease> leases;
  for (std::size_t i = 0; i < reply->elements; ++i) {
    const redisReply* found = reply->element[i];
    const auto queue = static_cast<std::size_t>(found->element[0]->integer - 1) / 3;
    leases.push_back(
        {{queues.at(queue), Text(found->element[3]), found->element[1]->integer}, Text(found->element[2]), worker});
  }
  return leases;
}

Status RedisQueue::WaitForEntry(const std::vector<std::string>& queues, std::int64_t milliseconds) {
  // Read without the group, so that nothing is handed out to whoever only waits: XREAD from the end of each stream.
  std::vector<std::string> command = {"XREAD", "COUNT", "1", "BLOCK", std::to_string(milliseconds), "STREAMS"};
  for (const std::string& queue : queues) {
    for (std::int64_t priority = 0; priority < kPriorities; ++priority) command.push_back(Stream(queue, priority));
  }
  command.resize(command.size() + queues.size() * kPriorities, "$");
  return DoneReply(pool_.Run(command));
}

Result<std::vector<Lease>> RedisQueue::Claim(const std::vector<std::string>& queues, const std::string& worker,
                                             std::int64_t max, std::int64_t wait_milliseconds,
                                             std::int64_t lease_milliseconds) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_milliseconds);
  for (;;) {
    METERHOUND_ASSIGN_OR_RETURN(auto leases, ClaimNow(queues, worker, max, lease_milliseconds));
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (!leases.empty() || left <= 0) return leases;
    METERHOUND_RETURN_IF_ERROR(WaitForEntry(queues, std::min<std::int64_t>(left, kLongestBlock)));
  }
}

Status RedisQueue::ForEachStream(std::string_view script, const std::vector<Lease>& leases) {
  std::map<std::tuple<std::string, std::int64_t, std::string>, std::vector<const Lease*>> streams;
  for (const Lease& lease : leases) {
    streams[{lease.entry.queue, Clamp(lease.entry.priority), lease.worker}].push_back(&lease);
  }
  for (const auto& [where, held] : streams) {
    const auto& [queue, priority, worker] = where;
    std::vector<std::string> arguments = {kGroup, worker};
    for (const Lease* lease : held) {
      arguments.push_back(lease->token);
      arguments.push_back(lease->entry.job);
    }
    METERHOUND_RETURN_IF_ERROR(
        DoneReply(Script(WithHeld(script), {Stream(queue, priority), Key(queue, "known")}, arguments)));
  }
  return {};
}

Status RedisQueue::Renew(const std::vector<Lease>& leases, std::int64_t) { return ForEachStream(kRenew, leases); }

Status RedisQueue::Acknowledge(const std::vector<Lease>& leases, Transaction*) {
  return ForEachStream(kAcknowledge, leases);
}

Status RedisQueue::Return(const Lease& lease, std::int64_t delay_milliseconds) {
  const std::string& queue = lease.entry.queue;
  return DoneReply(Script(WithHeld(kReturn), {Stream(queue, lease.entry.priority), Key(queue, "delayed")},
                          {kGroup, lease.worker, lease.token, lease.entry.job, std::to_string(lease.entry.priority),
                           std::to_string(delay_milliseconds)}));
}

Result<QueueDepth> RedisQueue::Depth(const std::string& queue) {
  METERHOUND_ASSIGN_OR_RETURN(const RedisReply reply,
                              Script(kDepth, {Key(queue, "delayed"), Stream(queue, 0), Stream(queue, 1)}, {kGroup}));
  QueueDepth depth;
  depth.waiting = reply->element[0]->integer;
  depth.leased = reply->element[1]->integer;
  depth.delayed = reply->element[2]->integer;
  if (const std::string oldest = Text(reply->element[3]); !oldest.empty()) depth.oldest = std::stoll(oldest);
  return depth;
}

Status RedisQueue::Ping() { return DoneReply(pool_.Run({"PING"})); }

}  // namespace meterhound::store
