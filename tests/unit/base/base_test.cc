// The shared types: errors, dates, numbers, files, hashes, loops.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <unistd.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <thread>

#include "base/calendar.h"
#include "base/file.h"
#include "base/hashing.h"
#include "base/json.h"
#include "base/nearest_name.h"
#include "base/numbers.h"
#include "base/panel.h"
#include "base/thread_pool.h"

namespace meterhound {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() : path_(fs::temp_directory_path() / ("meterhound-base-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<int> Half(int number) {
  if (number % 2 != 0)
    return InvalidInput("found " + std::to_string(number) + ", expected an even number", "a.csv:3:7");
  return number / 2;
}

Result<int> Quarter(int number) {
  METERHOUND_ASSIGN_OR_RETURN(const int half, Half(number));
  return Half(half);
}

TEST(Result, CarriesTheFirstErrorOutward) {
  EXPECT_EQ(*Quarter(8), 2);
  const auto failed = Quarter(6);
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().ToString(), "a.csv:3:7: found 3, expected an even number");
  EXPECT_EQ(ExitStatus(failed.error().code), 2);
  EXPECT_EQ(HttpStatus(failed.error().code), 400);
  EXPECT_EQ(ExitStatus(ErrorCode::kCancelled), 130);
}

TEST(Calendar, CountsDaysBothWays) {
  EXPECT_EQ(DaysFromCivil({1970, 1, 1}), 0);
  EXPECT_EQ(DaysFromCivil({2014, 1, 1}), 16071);
  EXPECT_EQ(WeekdayOf(DaysFromCivil({2026, 11, 23})), 0);  // a Monday
  EXPECT_EQ(WeekdayOf(DaysFromCivil({1969, 12, 28})), 6);  // a Sunday before the epoch
  EXPECT_FALSE(IsValidDate({2014, 2, 29}));
  EXPECT_TRUE(IsValidDate({2016, 2, 29}));
  EXPECT_EQ(MonthIndexOf(DaysFromCivil({1971, 3, 1})), 14);
  EXPECT_EQ(FormatDateTime(16071 * kSecondsPerDay + 12 * 3600 + 34 * 60 + 5), "2014-01-01T12:34:05");
  rc::check("every day survives the round trip", [] {
    const auto day = *rc::gen::inRange<std::int64_t>(-200000, 200000);
    RC_ASSERT(DaysFromCivil(CivilFromDays(day)) == day);
  });
}

TEST(Numbers, RoundTripAndPythonForm) {
  EXPECT_EQ(FormatPythonFloat(0.15000000000000002), "0.15000000000000002");
  EXPECT_EQ(FormatPythonFloat(3), "3.0");
  EXPECT_EQ(FormatPythonFloat(-1e12), "-1000000000000.0");
  EXPECT_EQ(FormatPythonFloat(1e-5), "1e-05");
  EXPECT_EQ(FormatPythonFloat(1e16), "1e+16");
  EXPECT_EQ(ParseDouble("1.5e3").value(), 1500);
  EXPECT_FALSE(ParseDouble("1.5x").has_value());
  EXPECT_FALSE(ParseDouble("").has_value());
  rc::check("formatting loses nothing", [](double value) {
    RC_PRE(std::isfinite(value));
    RC_ASSERT(ParseDouble(FormatDouble(value)).value() == value);
  });
}

TEST(File, AppearsWholeOrNotAtAll) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "deep" / "out.csv";
  {
    auto file = AtomicFile::Create(path);
    ASSERT_TRUE(file.ok());
    file->stream() << "half";
  }
  EXPECT_FALSE(fs::exists(path));
  EXPECT_TRUE(fs::is_empty(path.parent_path()));
  ASSERT_TRUE(WriteFile(path, "whole").ok());
  EXPECT_EQ(*ReadFile(path), "whole");
  EXPECT_EQ(ReadFile(folder.path()).error().message, "is a directory; expected a file");
  EXPECT_EQ(ReadFile(folder.path() / "absent").error().code, ErrorCode::kNotFound);
}

TEST(Hashing, KnownAnswers) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hasher64().Finish(), 0xef46db3751d8e999ULL);  // XXH64 of nothing
}

TEST(Json, ErrorsNameLineAndColumn) {
  const auto parsed = ParseJson("{\n  \"a\": 1,\n  oops\n}", "f.json");
  ASSERT_FALSE(parsed.ok());
  EXPECT_EQ(parsed.error().where.substr(0, 9), "f.json:3:");
}

TEST(NearestName, FindsTypingSlips) {
  const std::vector<std::string> known = {"max_depth", "learning_rate", "scale_pos_weight"};
  EXPECT_EQ(NearestName("max_dept", known), "max_depth");
  EXPECT_EQ(NearestName("lerning_rate", known), "learning_rate");
  EXPECT_EQ(NearestName("zzz", known), "");
}

TEST(ThreadPool, VisitsEveryItemOnceForAnyNumberOfThreads) {
  for (const std::size_t threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    std::vector<int> visits(10007, 0);
    pool.ParallelFor(visits.size(), 64, [&](std::size_t begin, std::size_t end, std::size_t worker) {
      ASSERT_LT(worker, threads);
      for (std::size_t i = begin; i < end; ++i) ++visits[i];
    });
    EXPECT_EQ(std::count(visits.begin(), visits.end(), 1), 10007);
  }
}

TEST(ThreadPool, NestedLoopsAndExceptions) {
  ThreadPool pool(4);
  std::atomic<int> sum{0};
  pool.ParallelFor(8, 1, [&](std::size_t, std::size_t, std::size_t outer) {
    pool.ParallelFor(5, 2, [&](std::size_t begin, std::size_t end, std::size_t inner) {
      EXPECT_EQ(inner, outer);
      sum += static_cast<int>(end - begin);
    });
  });
  EXPECT_EQ(sum, 40);
  EXPECT_THROW(pool.ParallelFor(100, 1,
                                [](std::size_t i, std::size_t, std::size_t) {
                                  if (i == 50) throw std::runtime_error("fifty");
                                }),
               std::runtime_error);
  std::stop_source stop;
  stop.request_stop();
  pool.ParallelFor(
      10, 1, [](std::size_t, std::size_t, std::size_t) { FAIL() << "ran after a stop"; }, stop.get_token());
}

Panel TwoConsumers() {
  Panel panel;
  panel.ids = {"a", "b"};
  panel.labels = {0, 1};
  auto timeline = std::make_shared<Timeline>();
  timeline->times = {0, kSecondsPerDay, 2 * kSecondsPerDay};
  timeline->cadence = Cadence::kDaily;
  panel.kinds.push_back({"kwh", "kWh", FeatureGroup::kBehaviour, timeline, {1, 2, 3, 4, 0, 6}, {0, 0, 0, 0, 1, 0}});
  return panel;
}

TEST(Panel, ViewsSelectionsAndFingerprints) {
  Panel panel = TwoConsumers();
  ASSERT_TRUE(panel.Validate().ok());
  EXPECT_EQ(panel.View(0, 1).values[2], 6);
  const Panel turned = panel.Select({1, 0});
  ASSERT_TRUE(turned.Validate().ok());
  EXPECT_EQ(turned.ids[0], "b");
  EXPECT_EQ(turned.ContentHash(0), panel.ContentHash(1));
  EXPECT_NE(panel.ContentHash(0), panel.ContentHash(1));
  const std::uint64_t before = panel.ContentHash(1);
  panel.kinds[0].values[4] = 99;  // a stand-in for a missing reading is not content
  panel.ids[1] = "renamed";
  panel.labels[1] = 0;
  EXPECT_EQ(panel.ContentHash(1), before);
  panel.kinds[0].values[5] = 99;
  EXPECT_NE(panel.ContentHash(1), before);
  panel.labels.pop_back();
  EXPECT_FALSE(panel.Validate().ok());
}

}  // namespace
}  // namespace meterhound
