// The exposition against the grammar of Prometheus' text format 0.0.4.
#include "http/metrics.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <thread>

namespace meterhound::http {
namespace {

TEST(Metrics, WritesTheTextFormat) {
  Metrics metrics;
  metrics.AddBuildInfo("1.2.3");
  metrics.Counter("meterhound_jobs_total", "Jobs.", {{"queue", "math \"x\"\\\n"}}).Increment(3);
  metrics.Gauge("meterhound_queue_jobs", "Waiting.").Set(-1.5);
  auto& histogram = metrics.Histogram("meterhound_job_duration_seconds", "Time.", {}, {0.1, 1});
  for (const double value : {0.05, 0.5, 0.5, 5.0}) histogram.Observe(value);
  metrics.OnCollect([&] { metrics.Gauge("meterhound_store_bytes", "Size.").Set(7); });
  const std::string text = metrics.Text();
  const std::regex sample(R"re([a-z_]+(\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)*\})? (-?[0-9.e+-]+|\+Inf|NaN))re");
  const std::regex remark(R"re(# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram)))re");
  std::istringstream lines(text);
  std::set<std::string> typed;
  for (std::string line; std::getline(lines, line);) {
    const bool comment = line.starts_with("#");
    EXPECT_TRUE(std::regex_match(line, comment ? remark : sample)) << line;
    EXPECT_TRUE(!line.starts_with("# TYPE ") || typed.insert(line).second) << line;
  }
  EXPECT_EQ(typed.size(), 5U);
  for (const char* expected :
       {"meterhound_build_info{version=\"1.2.3\"} 1\n", "meterhound_queue_jobs -1.5\n", "meterhound_store_bytes 7\n",
        "meterhound_job_duration_seconds_bucket{le=\"0.1\"} 1\n",
        "meterhound_job_duration_seconds_bucket{le=\"1\"} 3\n",
        "meterhound_job_duration_seconds_bucket{le=\"+Inf\"} 4\n", "meterhound_job_duration_seconds_count 4\n",
        "meterhound_jobs_total{queue=\"math \\\"x\\\"\\\\\\n\"} 3\n"}) {
    EXPECT_NE(text.find(expected), std::string::npos) << expected << text;
  }
}

TEST(Metrics, LosesNoCountAmongThreads) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 10000; ++k) {
        metrics.Counter("meterhound_things_total", "Things.", {{"kind", std::to_string(k % 3)}}).Increment();
        if (k % 1000 == 0) metrics.Text();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  double sum = 0;
  for (int kind = 0; kind < 3; ++kind)
    sum += metrics.Counter("meterhound_things_total", "Things.", {{"kind", std::to_string(kind)}}).Value();
  EXPECT_EQ(sum, 40000);
}

TEST(Metrics, RefusesNamesOutOfTheConvention) {
  Metrics metrics;
  EXPECT_THROW(metrics.Counter("meterhound_jobs", "x"), std::invalid_argument);
  EXPECT_THROW(metrics.Gauge("meterhound_jobs_total", "x"), std::invalid_argument);
  EXPECT_THROW(metrics.Gauge("jobs_waiting", "x"), std::invalid_argument);
  EXPECT_THROW(metrics.Gauge("meterhound_Jobs", "x"), std::invalid_argument);
  metrics.Gauge("meterhound_jobs_waiting", "x");
  EXPECT_THROW(metrics.Histogram("meterhound_jobs_waiting", "x"), std::invalid_argument);
}

}  // namespace
}  // namespace meterhound::http
