// Feedback: which label every consumer ends with.
#include "pipeline/feedback.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/readings_support.h"

namespace meterhound::pipeline {
namespace {

using readings::testing::TextFile;

SourceData Consumers(const std::vector<std::int8_t>& labels) {
  SourceData data;
  data.panel.source = "readings.csv";
  data.panel.labels = labels;
  for (std::size_t i = 0; i < labels.size(); ++i) data.panel.ids.push_back(std::string(1, static_cast<char>('a' + i)));
  return data;
}

Config From(const std::string& labels_from) {
  Config config;
  config.labels_from = labels_from;
  return config;
}

const std::string kVisits =
    "consumer_id,visited_on,outcome,kwh_found\n"
    "a,2016-03-01,found,250\n"
    "b,2016-03-01,not_found,\n"
    "c,2016-03-01,no_access,\n"
    "d,2016-03-01,no_access,\n"
    "e,2016-03-05,found,\n"
    "e,2016-03-02,not_found,\n"
    "e,2016-03-09,no_access,\n";

TEST(Feedback, OutcomesDecideWhateverTheReadingsSay) {
  const TextFile file(kVisits);
  //                               a  b  c  d  e  f            g
  SourceData data = Consumers({0, 1, 0, 1, 0, kUnlabelled, 0});
  ASSERT_TRUE(ApplyFeedback(data, {.file = file.path()}, From("all")).ok());
  EXPECT_EQ(data.panel.labels, (std::vector<std::int8_t>{1, 0, kUnlabelled, 1, 1, kUnlabelled, 0}));
  EXPECT_TRUE(data.stands_for.empty());
  ASSERT_EQ(data.panel.label_times.size(), 7U);
  EXPECT_EQ(FormatDate(data.panel.label_times[4]), "2016-03-05");
  EXPECT_TRUE(std::isnan(data.panel.label_times[2]));
  EXPECT_NE(data.remarks.find("7 visits"), std::string::npos) << data.remarks;
  EXPECT_NE(data.remarks.find("visits to 1 consumers disagree, the latest counts (e)"), std::string::npos);
  EXPECT_NE(data.remarks.find("4 labels changed"), std::string::npos) << data.remarks;
}

TEST(Feedback, WhomNobodyVisitedIsUnknownWhenLabelsComeFromInspections) {
  const TextFile file(kVisits);
  SourceData data = Consumers({0, 1, 0, 1, 0, kUnlabelled, 0, 1});
  ASSERT_TRUE(ApplyFeedback(data, {.file = file.path()}, From("inspections")).ok());
  EXPECT_EQ(data.panel.labels, (std::vector<std::int8_t>{1, 0, kUnlabelled, 1, 1, kUnlabelled, kUnlabelled, 1}));
  SourceData without = Consumers({0, 1});
  ASSERT_TRUE(ApplyFeedback(without, FeedbackOptions{}, From("inspections")).ok());
  EXPECT_EQ(without.panel.labels, (std::vector<std::int8_t>{kUnlabelled, 1}));
  SourceData untouched = Consumers({0, 1});
  ASSERT_TRUE(ApplyFeedback(untouched, FeedbackOptions{}, From("all")).ok());
  EXPECT_EQ(untouched.panel.labels, (std::vector<std::int8_t>{0, 1}));
  EXPECT_TRUE(untouched.remarks.empty());
}

TEST(Feedback, ARowOfThePlanCarriesItsProbability) {
  const TextFile file(
      "rank,consumer_id,reason,selection_probability,visited_on,outcome\n"
      "1,a,ranked,1,2016-03-01,found\n"
      "2,b,random,0.02,2016-03-01,not_found\n"
      "3,c,random,0.02,,\n");
  SourceData data = Consumers({0, 0, 0});
  ASSERT_TRUE(ApplyFeedback(data, {.file = file.path()}, From("inspections")).ok());
  EXPECT_EQ(data.panel.labels, (std::vector<std::int8_t>{1, 0, kUnlabelled}));
  EXPECT_EQ(data.stands_for, (std::vector<double>{1, 50, 1}));
}

TEST(Feedback, UnknownConsumersAreRefusedUnlessSkipped) {
  const TextFile file("consumer_id,visited_on,outcome\na,2016-03-01,found\nzz,2016-03-01,found\n");
  SourceData data = Consumers({0});
  const Status refused = ApplyFeedback(data, {.file = file.path()}, From("all"));
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().where.find(".csv:3:1"), std::string::npos);
  EXPECT_NE(refused.error().message.find("'zz'"), std::string::npos);
  ASSERT_TRUE(ApplyFeedback(data, {.file = file.path(), .skip_unknown = true}, From("all")).ok());
  EXPECT_EQ(data.panel.labels[0], 1);
  EXPECT_NE(data.remarks.find("left out"), std::string::npos);
}

TEST(Feedback, BadRowsAreNamedByPlace) {
  const auto refused = [](const std::string& text) {
    const TextFile file(text);
    const auto feedback = ReadFeedback(file.path(), Config());
    return feedback.ok() ? "" : feedback.error().ToString();
  };
  const std::string header = "consumer_id,visited_on,outcome,kwh_found,selection_probability\n";
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text << "\nlacks " << part;
  };
  has(refused("consumer_id,visited_on\na,2016-01-01\n"), ".csv:1: found no column outcome");
  has(refused(header + "a,2016-01-01,fund,,\n"), ".csv:2:14: found 'fund', expected found, not_found or no_access");
  has(refused(header + "a,2016-01-01,fund,,\n"), "did you mean 'found'");
  has(refused(header + "a,2016-02-30,found,,\n"), ".csv:2:3: found '2016-02-30'");
  has(refused(header + "a,,found,,\n"), ".csv:2:3: found no date");
  has(refused(header + "a,2016-01-01,,,\n"), ".csv:2:14: found ''");
  has(refused(header + "a,2016-01-01,not_found,12,\n"), ".csv:2:24: found '12'");
  has(refused(header + "a,2016-01-01,found,-1,\n"), ".csv:2:20: found '-1'");
  has(refused(header + "a,2016-01-01,found,,0\n"), ".csv:2:21: found '0', expected nothing or a probability");
  has(refused(header + "a,2016-01-01,found,,1.5\n"), ".csv:2:21");
  has(refused(header + ",2016-01-01,found,,\n"), ".csv:2:1: found no id");
  has(refused(header + "a,2016-01-01,found\n"), ".csv:2: found 3 fields");
  has(refused(header + "a,2016-01-01,found,,\na,2016-01-01,not_found,,\n"),
      ".csv:3:1: found outcome not_found for 'a'");
  EXPECT_EQ(refused(header + "a,2016-01-01,found,,\na,2016-01-01,found,,\n"), "");
  EXPECT_EQ(refused(header + "a,,,,0.5\n"), "");
  has(refused(header + "a,1/2/2016,found,,\n"), "--date-order");
}

}  // namespace
}  // namespace meterhound::pipeline
