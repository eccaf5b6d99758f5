// Consumers of a request against the wide reader, and what is refused.
#include "serve/consumer_json.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "readings/readings.h"

namespace meterhound::serve {
namespace {

Json Consumer(const std::string& id, const std::string& start, const std::string& cadence, Json readings) {
  return {{"id", id}, {"start", start}, {"cadence", cadence}, {"readings", std::move(readings)}};
}

TEST(ConsumerJson, IsTheSeriesThatTheSameFileGives) {
  const auto path = std::filesystem::temp_directory_path() / "meterhound_consumer_json.csv";
  std::ofstream(path) << "CONS_NO,2014/2/27,2014/2/28,2014/3/1\na,1.5,,2\nb,0,3,4\n";
  ThreadPool pool(1);
  Progress silent;
  readings::ReadOptions options;
  options.file = path;
  const auto file = readings::ReadPanel(options, {.pool = pool, .progress = silent, .stop = {}});
  std::filesystem::remove(path);
  ASSERT_TRUE(file.ok()) << file.error().ToString();
  const Json request = Json::array(
      {Consumer("a", "2014-02-27", "daily", {1.5, nullptr, 2}), Consumer("b", "2014-02-27", "daily", {0, 3, 4})});
  const auto made = PanelOf(request, "request");
  ASSERT_TRUE(made.ok()) << made.error().ToString();
  EXPECT_EQ(made->panel.ids, file->ids);
  EXPECT_EQ(made->panel.kinds[0].name, file->kinds[0].name);
  for (std::size_t row = 0; row < 2; ++row) EXPECT_EQ(made->panel.ContentHash(row), file->ContentHash(row));
}

TEST(ConsumerJson, MonthsBeginOnTheirFirstDay) {
  const auto made = PanelOf(Json::array({Consumer("a", "2013-11-01", "monthly", {1, 2, 3, 4})}), "request");
  ASSERT_TRUE(made.ok());
  std::string dates;
  for (const double time : made->panel.View(0, 0).times) dates += FormatDate(time) + " ";
  EXPECT_EQ(dates, "2013-11-01 2013-12-01 2014-01-01 2014-02-01 ");
}

TEST(ConsumerJson, SaysWhereARequestIsNotAsExpected) {
  const Json good = Consumer("a", "2014-01-01", "daily", {1, 2});
  const auto where = [&](Json second) {
    const auto made = PanelOf(Json::array({good, std::move(second)}), "request");
    return made.ok() ? "none" : made.error().where;
  };
  EXPECT_EQ(where(Consumer("b", "2014-01-01", "daily", Json::array({1}))), "none");
  EXPECT_EQ(where(Consumer("a", "2014-01-01", "daily", Json::array({1}))), "/consumers/1/id");
  EXPECT_EQ(where(Consumer("b", "2014-02-30", "daily", Json::array({1}))), "/consumers/1/start");
  EXPECT_EQ(where(Consumer("b", "2014-1-1", "daily", Json::array({1}))), "/consumers/1/start");
  EXPECT_EQ(where(Consumer("b", "2014-01-01", "hourly", Json::array({1}))), "/consumers/1/cadence");
  EXPECT_EQ(PanelOf(Json::array({Consumer("b", "2014-01-02", "monthly", Json::array({1}))}), "request").error().where,
            "/consumers/0/start");
  const std::size_t second[] = {1};
  EXPECT_EQ(
      PanelOf(Json::array({good, Consumer("b", "x", "daily", Json::array({1}))}), second, "request").error().where,
      "/consumers/1/start");
}

}  // namespace
}  // namespace meterhound::serve
