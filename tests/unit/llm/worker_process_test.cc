// Workers that misbehave, played by shell scripts: each ends as an error with its reason.
#include "llm/worker_process.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

namespace meterhound::llm {
namespace {

namespace fs = std::filesystem;

class WorkerProcessTest : public testing::Test {
 protected:
  void SetUp() override { script_ = fs::temp_directory_path() / ("meterhound-worker-" + std::to_string(::getpid())); }
  void TearDown() override { fs::remove(script_); }

  std::unique_ptr<WorkerProcess> Start(const std::string& lines, std::size_t memory_limit = 0) {
    std::ofstream(script_) << "#!/bin/sh\n" << lines;
    ::chmod(script_.c_str(), 0700);
    auto worker = WorkerProcess::Start(script_, memory_limit);
    EXPECT_TRUE(worker.ok()) << worker.error().ToString();
    return std::move(worker).value();
  }
  static std::string Failure(WorkerProcess& worker, double timeout = 20) {
    const auto answer = worker.Receive(timeout, {});
    EXPECT_FALSE(answer.ok());
    EXPECT_FALSE(worker.alive());
    EXPECT_FALSE(worker.Receive(timeout, {}).ok()) << "dead for ever";
    EXPECT_FALSE(worker.Send({{"do", "x"}}, timeout, {}).ok());
    return answer.ok() ? "" : answer.error().message;
  }

  fs::path script_;
};

TEST_F(WorkerProcessTest, MessagesGoBothWays) {
  // Echoes one frame of 17 bytes: the length and {"a":"bcdef"}.
  auto worker = Start("dd bs=1 count=17 <&3 >&3 2>/dev/null; sleep 20\n");
  ASSERT_TRUE(worker->Send({{"a", "bcdef"}}, 10, {}).ok());
  const auto answer = worker->Receive(10, {});
  ASSERT_TRUE(answer.ok()) << answer.error().ToString();
  EXPECT_EQ(answer->at("a"), "bcdef");
}

TEST_F(WorkerProcessTest, ItsLastWordsAreTold) {
  auto worker = Start("echo 'first' >&2; echo 'no such tensor' >&2; exit 7\n");
  EXPECT_EQ(Failure(*worker), "the worker ended with status 7: no such tensor");
}

TEST_F(WorkerProcessTest, ASignalIsTold) {
  auto worker = Start("kill -ABRT $$\n");
  EXPECT_EQ(Failure(*worker), "the worker crashed (Aborted)");
}

TEST_F(WorkerProcessTest, SilenceIsATimeOut) {
  auto worker = Start("sleep 60\n");
  EXPECT_NE(Failure(*worker, 0.2).find("time-out"), std::string::npos);
}

TEST_F(WorkerProcessTest, NonsenseIsTold) {
  auto worker = Start("printf '\\377\\377\\377\\377' >&3; sleep 60\n");
  EXPECT_NE(Failure(*worker).find("nonsense"), std::string::npos);
}

TEST_F(WorkerProcessTest, HungerIsEndedAtTheLimit) {
  auto worker = Start("exec /usr/bin/env python3 -c '\nimport time\nheld = bytearray(300_000_000)\ntime.sleep(60)'\n",
                      100'000'000);
  EXPECT_NE(Failure(*worker).find("more memory than allowed"), std::string::npos);
  EXPECT_GT(worker->peak_memory(), 100'000'000U);
}

TEST_F(WorkerProcessTest, AStopIsNoFailure) {
  auto worker = Start("sleep 60\n");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(worker->Receive(10, stop.get_token()).error().code, ErrorCode::kCancelled);
}

TEST_F(WorkerProcessTest, AMissingProgramIsTold) {
  const auto worker = WorkerProcess::Start("/nonexistent/worker", 0);
  ASSERT_FALSE(worker.ok());
  EXPECT_NE(worker.error().message.find("cannot be started"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::llm
