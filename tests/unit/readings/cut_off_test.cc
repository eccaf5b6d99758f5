// What was not known on a day is not there.
#include "readings/cut_off.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

using testing::ReadText;
using testing::TextFile;

double Day(int year, int month, int day) {
  return static_cast<double>(DaysFromCivil({year, month, day})) * kSecondsPerDay;
}

TEST(CutOff, KnownAtTheEndOfItsPeriod) {
  EXPECT_EQ(KnownAt(Day(2014, 3, 7), Cadence::kDaily), Day(2014, 3, 8));
  EXPECT_EQ(KnownAt(Day(2014, 3, 7) + 1800, Cadence::kHalfHourly), Day(2014, 3, 8));
  EXPECT_EQ(KnownAt(Day(2014, 12, 1), Cadence::kMonthly), Day(2015, 1, 1));
  EXPECT_EQ(KnownAt(Day(2014, 3, 3), Cadence::kWeekly), Day(2014, 3, 10));
  EXPECT_EQ(KnownAt(Day(2014, 3, 7), Cadence::kIrregular), Day(2014, 3, 8));
  EXPECT_EQ(KnownAt(12, Cadence::kSteps), 12);
}

TEST(CutOff, AWideFileLosesItsLastColumns) {
  const TextFile file(
      "CONS_NO,FLAG,2014/1/1,2014/1/2,2014/1/3,2014/1/4\n"
      "a,0,1,2,3,4\n"
      "b,1,5,,7,8\n");
  const TextFile shorter(
      "CONS_NO,FLAG,2014/1/1,2014/1/2\n"
      "a,0,1,2\n"
      "b,1,5,\n");
  Panel panel = ReadText(file).value();
  ASSERT_TRUE(CutOff(panel, Day(2014, 1, 2)).ok());
  ASSERT_TRUE(panel.Validate().ok());
  const Panel expected = ReadText(shorter).value();
  for (std::size_t row = 0; row < 2; ++row) {
    EXPECT_EQ(panel.View(0, row).size(), 2U);
    EXPECT_EQ(panel.ContentHash(row), expected.ContentHash(row));
  }
}

TEST(CutOff, RaggedSeriesAreCutOneByOneAndLaterChangesChangeNothing) {
  std::string text = "id,time,value\n";
  std::string altered = text;
  for (int consumer = 0; consumer < 5; ++consumer) {
    for (int day = 1; day <= 20 + consumer; ++day) {
      const std::string start =
          "c" + std::to_string(consumer) + ",2014-01-" + (day < 10 ? "0" : "") + std::to_string(day) + ",";
      text += start + std::to_string(day * consumer) + "\n";
      altered += start + std::to_string(day > 18 ? 9999 : day * consumer) + "\n";
    }
  }
  const TextFile file(text);
  const TextFile other(altered);
  Panel panel = ReadText(file).value();
  Panel changed = ReadText(other).value();
  EXPECT_NE(panel.ContentHash(4), changed.ContentHash(4));
  ASSERT_TRUE(CutOff(panel, Day(2014, 1, 18)).ok());
  ASSERT_TRUE(CutOff(changed, Day(2014, 1, 18)).ok());
  ASSERT_TRUE(panel.Validate().ok());
  for (std::size_t row = 0; row < 5; ++row) {
    EXPECT_EQ(panel.View(0, row).size(), 18U);
    EXPECT_EQ(panel.ContentHash(row), changed.ContentHash(row));
  }
}

TEST(CutOff, DatesOfTheTableGoTooAndOtherAttributesStay) {
  const TextFile file("CONS_NO,FLAG,2014/1/1,2014/1/2,2014/1/3\na,0,1,2,3\nb,1,5,6,7\n");
  Panel panel = ReadText(file).value();
  panel.attributes.push_back(
      {"connected", Attribute::Type::kDate, FeatureGroup::kAttribute, {Day(2001, 1, 1), Day(2014, 1, 3)}, {}});
  panel.attributes.push_back({"power", Attribute::Type::kNumeric, FeatureGroup::kAttribute, {1e10, 2e10}, {}});
  ASSERT_TRUE(CutOff(panel, Day(2014, 1, 2)).ok());
  EXPECT_EQ(panel.attributes[0].values[0], Day(2001, 1, 1));
  EXPECT_TRUE(std::isnan(panel.attributes[0].values[1]));
  EXPECT_EQ(panel.attributes[1].values[1], 2e10);
}

TEST(CutOff, NothingLeftAndNoCalendarAreSaid) {
  const TextFile file("CONS_NO,FLAG,2014/1/1,2014/1/2,2014/1/3\na,0,1,2,3\n");
  Panel panel = ReadText(file).value();
  const Status none = CutOff(panel, Day(2013, 12, 31));
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("2014-01-01"), std::string::npos);
  const TextFile steps("id,time,value\na,1,2\na,2,3\na,3,4\n");
  Panel numbered = ReadText(steps).value();
  const Status undated = CutOff(numbered, Day(2014, 1, 1));
  ASSERT_FALSE(undated.ok());
  EXPECT_NE(undated.error().message.find("no dates"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::readings
