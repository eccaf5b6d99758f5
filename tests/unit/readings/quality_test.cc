// The quality report on panels whose faults are known.
#include "readings/quality.h"

#include <gtest/gtest.h>

#include <cmath>

#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

using testing::TextFile;

QualityReport CheckText(const std::string& text) {
  const TextFile file(text);
  const Panel panel = testing::ReadText(file).value();
  ThreadPool pool(2);
  Progress progress;
  return CheckQuality(panel, file.path(), {.pool = pool, .progress = progress, .stop = {}}).value();
}

const QualityFinding* Find(const QualityReport& report, const std::string& code) {
  for (const QualityFinding& finding : report.findings) {
    if (finding.code == code) return &finding;
  }
  return nullptr;
}

double Number(const QualityReport& report, const std::string& code) {
  const QualityFinding* finding = Find(report, code);
  return finding == nullptr ? NAN : finding->number;
}

std::string Header(int days, int skipped = 0) {
  std::string text = "CONS_NO,FLAG";
  for (int day = 1; day <= days; ++day) {
    if (day == skipped) continue;
    const int month = 1 + (day - 1) / 28;
    text += ",2015-" + std::string(month < 10 ? "0" : "") + std::to_string(month) + "-" +
            ((day - 1) % 28 < 9 ? "0" : "") + std::to_string((day - 1) % 28 + 1);
  }
  return text + "\n";
}

TEST(Quality, CountsWhatIsThere) {
  const QualityReport report = CheckText(Header(7, 3) +
                                         "a,1,1,2,,4,5,6\n"
                                         "b,0,0,0,0,0,0,0\n"
                                         "c,0,3,3,3,3,3,3\n"
                                         "d,,,,,,,\n"
                                         "e,0,-1,2,0,1,1,2\n"
                                         "f,0,-1,2,0,1,1,2\n");
  EXPECT_EQ(Number(report, "consumers"), 6);
  EXPECT_DOUBLE_EQ(Number(report, "labels"), 0.2);
  EXPECT_EQ(Number(report, "absent_dates"), 1);
  EXPECT_NE(Find(report, "absent_dates")->value.find("2015-01-03"), std::string::npos);
  EXPECT_DOUBLE_EQ(Number(report, "missing"), 7.0 / 36);
  EXPECT_EQ(Number(report, "complete"), 4);
  EXPECT_EQ(Number(report, "empty"), 1);
  EXPECT_EQ(Number(report, "zeros"), 8);
  EXPECT_EQ(Number(report, "negatives"), 2);
  EXPECT_EQ(Number(report, "constant"), 1);
  EXPECT_EQ(Number(report, "all_zero"), 1);
  EXPECT_EQ(Number(report, "duplicates"), 1);
  EXPECT_NE(Find(report, "duplicates")->value.find("e and f"), std::string::npos);
  EXPECT_EQ(Find(report, "spikes"), nullptr);
  EXPECT_EQ(Find(report, "known_file"), nullptr);
  EXPECT_DOUBLE_EQ(report.missing_by_consumer[0], 1.0 / 6);
  EXPECT_DOUBLE_EQ(report.mean_by_consumer[0], 3.6);
  EXPECT_TRUE(std::isnan(report.mean_by_consumer[3]));
}

TEST(Quality, FindsSpikesAndCeilings) {
  std::string spike = "a,0";
  std::string ceiling = "b,0";
  for (int day = 0; day < 140; ++day) {
    spike += day == 99 ? ",5000" : "," + std::to_string(5 + day % 3);
    ceiling += "," + std::to_string(day % 10 == 0 ? 21 : 10 + day % 7);
  }
  const QualityReport report = CheckText(Header(140) + spike + "\n" + ceiling + "\n");
  EXPECT_EQ(Number(report, "spikes"), 1);
  EXPECT_NE(Find(report, "spikes")->value.find("2015-04-16"), std::string::npos) << Find(report, "spikes")->value;
  EXPECT_EQ(Number(report, "ceilings"), 1);
}

TEST(Quality, NoticesRowsSortedByLabel) {
  std::string sorted = Header(4);
  std::string mixed = Header(4);
  for (int row = 0; row < 400; ++row) {
    const std::string readings = ",1," + std::to_string(row) + ",3,4\n";
    sorted += "s" + std::to_string(row) + (row < 60 ? ",1" : ",0") + readings;
    mixed += "m" + std::to_string(row) + (row * 7919 % 400 < 60 ? ",1" : ",0") + readings;
  }
  EXPECT_NE(Find(CheckText(sorted), "label_order"), nullptr);
  EXPECT_EQ(Find(CheckText(mixed), "label_order"), nullptr);
}

TEST(Quality, SaysWhenThereAreNoLabels) {
  const QualityReport report = CheckText("CONS_NO,2015-01-01,2015-01-02\na,1,2\nb,2,3\n");
  EXPECT_EQ(Find(report, "labels")->value, "none");
}

}  // namespace
}  // namespace meterhound::readings
