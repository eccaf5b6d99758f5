// Wide and long files: what they hold is what comes out, and what is wrong with them is said with its place.
#include "readings/readings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

using testing::ReadText;
using testing::TextFile;

std::string ErrorOf(const std::string& text, DateOrder order = DateOrder::kAuto) {
  const TextFile file(text);
  const auto panel = ReadText(file, order);
  if (panel.ok()) return "no error";
  return panel.error().where.substr(file.path().string().size()) + " " + panel.error().message;
}

TEST(WideCsv, ReadsTheSgccForm) {
  const TextFile file("CONS_NO,FLAG,2014/1/3,2014/1/1,2014/1/2\nA,1,3,1,\nB,0,NaN,,2.5\n");
  const auto panel = ReadText(file);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->ids, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(panel->labels, (std::vector<std::int8_t>{1, 0}));
  const SeriesView a = panel->View(0, 0);
  EXPECT_EQ(a.values[0], 1);
  EXPECT_EQ(a.missing[1], 1);
  EXPECT_EQ(a.values[2], 3);
  EXPECT_EQ(a.cadence, Cadence::kDaily);
  EXPECT_EQ(FormatDate(a.times[0]), "2014-01-01");
  const SeriesView b = panel->View(0, 1);
  EXPECT_EQ(b.values[1], 2.5);
  EXPECT_EQ(b.missing[0] + b.missing[2], 2);
}

TEST(WideCsv, TakesEveryUsualWayOfWriting) {
  const std::string expected_first = "2014-01-05";
  for (const std::string header :
       {"CONS_NO,2014/1/5,2014/1/6,2014/1/7,2014/1/13,FLAG", "id,2014-01-05,2014-01-06,2014-01-07,2014-01-13,label",
        "CONS_NO,1/5/2014,1/6/2014,1/7/2014,1/13/2014,FLAG",
        "cons_no,05.01.2014,06.01.2014,07.01.2014,13.01.2014,flag"}) {
    for (const std::string end : {"\n", "\r\n"}) {
      const TextFile file("\xef\xbb\xbf" + header + end + "\"A,\"\"x\"\"\",1,2,,4,0" + end + end);
      const auto panel = ReadText(file);
      ASSERT_TRUE(panel.ok()) << header << ": " << panel.error().ToString();
      EXPECT_EQ(panel->ids[0], "A,\"x\"");
      EXPECT_EQ(FormatDate(panel->View(0, 0).times[0]), expected_first) << header;
      EXPECT_EQ(panel->View(0, 0).values[3], 4);
      EXPECT_EQ(panel->labels[0], 0);
    }
  }
  const TextFile unlabelled("CONS_NO;2005-01;2005-02;2005-03\nA;1;2;3");
  const auto panel = ReadText(unlabelled);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_FALSE(panel->HasLabels());
  EXPECT_EQ(panel->View(0, 0).cadence, Cadence::kMonthly);
}

TEST(WideCsv, NamesWhatIsWrong) {
  const std::string header = "CONS_NO,FLAG,2014/1/1,2014/1/2\n";
  EXPECT_EQ(ErrorOf(header + "A,0,1,2\nB,1,x,2\n"), ":3:5 found 'x', expected a number or nothing");
  EXPECT_EQ(ErrorOf(header + "A,0,1,2\nB,1,1\n"), ":3 found 3 fields, expected 4 as in the header");
  EXPECT_EQ(ErrorOf(header + "A,0,1,2\nA,1,1,2\n"),
            ":3 found id 'A' again, expected one row a consumer; it is first on line 2");
  EXPECT_EQ(ErrorOf(header + "A,2,1,2\n"),
            ":2:3 found '2', expected a label: 0 (honest), 1 (theft) or nothing (unknown)");
  EXPECT_EQ(ErrorOf(header + "A,0,inf,2\n"), ":2:5 found 'inf', expected a finite number or nothing");
  EXPECT_EQ(ErrorOf(header), " holds a header and no rows");
  EXPECT_EQ(ErrorOf(header + "A,0,\"1,2\n"), ":2:5 a quoted field is opened here and never closed");
  EXPECT_EQ(ErrorOf("CONS_NO,2014/1/1,2014/01/01\nA,1,2\n").substr(0, 19), ":1:18 found '2014/0");
  EXPECT_EQ(ErrorOf("CONS_NO,2014/1/1,2014/1/2,town\nA,1,2,3\n"),
            ":1:27 found column 'town', expected a date, an id (CONS_NO) or a label (FLAG)");
  EXPECT_EQ(ErrorOf("CONS_NO,2014/2/29,2014/1/2\nA,1,2\n"), ":1:9 found '2014/2/29', which is no day of the calendar");
  EXPECT_EQ(ErrorOf("CONS_NO,2014/1/1,2.1.2014\nA,1,2\n").substr(0, 6), ":1:18 ");
  EXPECT_EQ(ErrorOf("only,words\n1,2\n").substr(0, 4), ":1 f");
}

TEST(WideCsv, AsksWhenDatesAreAmbiguous) {
  const std::string text = "CONS_NO,1/2/2014,3/4/2014,7/9/2014\nA,1,2,3\n";
  EXPECT_NE(ErrorOf(text).find("--date-order"), std::string::npos) << ErrorOf(text);
  const TextFile file(text);
  EXPECT_EQ(FormatDate(ReadText(file, DateOrder::kMonthDayYear)->View(0, 0).times[0]), "2014-01-02");
  EXPECT_EQ(FormatDate(ReadText(file, DateOrder::kDayMonthYear)->View(0, 0).times[0]), "2014-02-01");
  EXPECT_NE(ErrorOf("CONS_NO,1/13/2014,13/1/2014\nA,1,2\n").find("expected one order"), std::string::npos);
  // Consecutive days decide by themselves: as day/month/year these would lie months apart.
  std::string even = "CONS_NO";
  for (int day = 1; day <= 12; ++day) even += ",3/" + std::to_string(day) + "/2014";
  const TextFile days(even + "\nA,1,2,3,4,5,6,7,8,9,10,11,12\n");
  const auto panel = ReadText(days);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(FormatDate(panel->View(0, 0).times[1]), "2014-03-02");
}

TEST(LongCsv, GathersScatteredRows) {
  const TextFile file("time,id,value,kind\n2,b,20,x\n1,a,10,x\n1,b,,x\n2,a,11,y\n0,a,9,x\n");
  const auto panel = ReadText(file);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->ids, (std::vector<std::string>{"b", "a"}));
  ASSERT_EQ(panel->kinds.size(), 2u);
  EXPECT_EQ(panel->kinds[0].name, "x");
  const SeriesView b = panel->View(0, 0);
  ASSERT_EQ(b.size(), 2u);
  EXPECT_EQ(b.missing[0], 1);
  EXPECT_EQ(b.values[1], 20);
  EXPECT_EQ(b.cadence, Cadence::kSteps);
  EXPECT_EQ(panel->View(0, 1).values[0], 9);
  EXPECT_EQ(panel->View(1, 0).size(), 0u);
  EXPECT_TRUE(panel->Validate().ok());
}

TEST(LongCsv, SharesEqualTimesAndReadsIsoTimes) {
  const TextFile file(
      "id,time,value\na,2014-01-01T00:00,1\na,2014-01-01T00:30,2\na,2014-01-01 01:00:00,3\n"
      "b,2014-01-01T00:00,4\nb,2014-01-01T00:30,5\nb,2014-01-01T01:00Z,6\n");
  const auto panel = ReadText(file);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_TRUE(panel->kinds[0].timeline->shared);
  EXPECT_EQ(panel->View(0, 1).cadence, Cadence::kHalfHourly);
  EXPECT_EQ(panel->View(0, 1).values[2], 6);
}

TEST(LongCsv, NamesWhatIsWrong) {
  EXPECT_EQ(ErrorOf("id,time,value\na,1,2\na,1,3\n"),
            ":3 found a second reading of 'a' at 1, expected one; the first is on line 2");
  EXPECT_EQ(ErrorOf("id,time,value\na,1,2\na,2014-01-01,3\n").substr(0, 22), ":3:3 found '2014-01-01");
  EXPECT_EQ(ErrorOf("id,time,value\n"), " holds a header and no readings");
  EXPECT_EQ(ErrorOf("id,time,value,label\na,1,2,1\na,2,2,0\n"),
            ":3:7 found label '0' for 'a', expected the same in all its rows");
}

TEST(Readings, GivesTheSamePanelForAnyNumberOfThreads) {
  std::string text = "CONS_NO,FLAG,2014/1/1,2014/1/2\n";
  for (int i = 0; i < 400000; ++i) text += "consumer" + std::to_string(i) + ",0," + std::to_string(i % 97) + ",1.25\n";
  const TextFile file(text);
  const auto one = ReadText(file, DateOrder::kAuto, 1);
  const auto four = ReadText(file, DateOrder::kAuto, 4);
  ASSERT_TRUE(one.ok() && four.ok());
  EXPECT_EQ(one->ids, four->ids);
  EXPECT_EQ(one->kinds[0].values, four->kinds[0].values);
  text += "consumer7,0,1,2\n";
  EXPECT_EQ(ErrorOf(text), ":400002 found id 'consumer7' again, expected one row a consumer; it is first on line 9");
}

}  // namespace
}  // namespace meterhound::readings
