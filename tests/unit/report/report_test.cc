// Reports of hostile and half-empty cases: escaped, whole, and without a number that the case does not hold.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <tuple>

#include "base/file.h"
#include "report/load_curve.h"
#include "report/run_report.h"
#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

constexpr const char* kHostile = "<script>alert('x')</script>&\"\x01\xFF../../etc";

Case MakeCase(std::size_t rank, const std::string& id) {
  Case one;
  one.rank = rank;
  one.consumer_id = id;
  one.probability = 0.62;
  one.tier = "high";
  one.anomaly_score = 0.5;
  one.series.cadence = Cadence::kDaily;
  for (int day = 0; day < 400; ++day) {
    one.series.times.push_back((16071.0 + day) * kSecondsPerDay);
    one.series.missing.push_back(day % 50 < 8 ? 1 : 0);
    one.series.values.push_back(day == 77 ? 1e7 : day > 250 ? 2 : 9);
  }
  one.evidence = explain::FindEvidence({one.series.values, one.series.missing, one.series.times, Cadence::kDaily}, {});
  one.attributes = {{"street", kHostile}};
  one.explanation.strongest = {
      {.feature = "value__mean", .value = 3, .category = {}, .log_odds = 0.8},
      {.feature = std::string("attribute__") + kHostile, .value = NAN, .category = kHostile, .log_odds = -0.2}};
  return one;
}

RunReport MakeRun() {
  RunReport run;
  run.title = kHostile;
  run.version = "1";
  run.consumers = 12;
  run.high = 2;
  run.cases = {MakeCase(1, kHostile), MakeCase(2, "plain")};
  run.quality = {{"gaps", kHostile, "warning", "meaning"}};
  return run;
}

/// Measured with and without what an inspection may have written; with hostile names wherever data give them.
detectors::Evaluation MakeEvaluation() {
  detectors::Evaluation evaluation;
  for (const auto& [name, features, precision] :
       {std::tuple{"all", 12, 0.72}, std::tuple{"prospective", 9, 0.46}, std::tuple{"coverage", 2, 0.4}}) {
    detectors::EvaluatedView view;
    view.name = name;
    view.features = static_cast<std::size_t>(features);
    view.pooled.at_share.push_back({.share = 0.01, .precision = {precision, precision - 0.03, precision + 0.03}});
    evaluation.views.push_back(view);
  }
  evaluation.consumers = 1000;
  evaluation.thefts = 60;
  evaluation.theft_share = 0.06;
  evaluation.folds = 5;
  evaluation.leaks = detectors::LeakReport{
      {{"single_features", "no feature tells the label"}},
      {{"single_features", detectors::LeakSeverity::kWarning, kHostile, "it tells the label", 0.97}},
      {}};
  const std::vector<std::string> districts = {kHostile, "west"};
  const std::vector<double> codes = {0, 1, 1, NAN};
  const std::vector<double> probability = {0.9, 0.2, 0.1, 0.1};
  const std::vector<std::int8_t> label = {1, 0, 0, 1};
  evaluation.fairness = {detectors::ComputeFairness(kHostile, codes, districts, probability, label)};
  return evaluation;
}

std::string WholePage(const RunReport& run) {
  std::vector<CaseReport> words;
  for (const Case& one : run.cases) words.push_back(TemplateCaseWriter().Write(one, run).value());
  return RunPage(run, words);
}

TEST(Report, NothingFromTheDataBecomesMarkup) {
  RunReport run = MakeRun();
  run.evaluation = MakeEvaluation();
  const std::string page = WholePage(run);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("alert('x')"), std::string::npos);
  EXPECT_EQ(page.find('\x01'), std::string::npos);
  EXPECT_EQ(page.find('\xFF'), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
  EXPECT_EQ(page.find("http"), page.find("http-equiv"));
}

TEST(Report, TheFiguresLeadThatNoInspectionCanHaveWritten) {
  RunReport run = MakeRun();
  run.evaluation = MakeEvaluation();
  const std::string page = WholePage(run);
  EXPECT_NE(page.find("where nobody has been yet, expect <strong>46</strong>"), std::string::npos);
  EXPECT_NE(page.find("With all features it is 72 (69 to 75) of 100"), std::string::npos);
  EXPECT_NE(page.find("3 of them, such as an exchanged meter"), std::string::npos);
  run.evaluation->views[1].features = 12;
  const std::string plain = WholePage(run);
  EXPECT_NE(plain.find("<strong>72</strong> find theft"), std::string::npos);
  EXPECT_EQ(plain.find("With all features it is"), std::string::npos);
  EXPECT_NE(plain.find("prospective: without"), std::string::npos);  // and yet is shown
}

TEST(Report, EveryElementIsClosed) {
  RunReport run = MakeRun();
  run.evaluation = MakeEvaluation();
  const std::string page = WholePage(run);
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find('>', at);
    ASSERT_NE(end, std::string::npos);
    const std::string tag = page.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" />", 1));
    if (tag[0] == '!' || tag.back() == '/' || name == "meta") continue;
    if (tag[0] == '/') {
      ASSERT_FALSE(open.empty());
      EXPECT_EQ("/" + open.back(), tag) << "at " << at;
      open.pop_back();
    } else {
      open.push_back(name);
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(Report, UndefinedNumbersAreSaidAndNotPrinted) {
  RunReport run = MakeRun();
  run.cases[0].series.values.assign(400, std::numeric_limits<double>::infinity());
  std::fill(run.cases[0].series.missing.begin(), run.cases[0].series.missing.end(), std::uint8_t{1});
  run.cases[0].evidence = {};
  run.cases[1].anomaly_score = NAN;
  const std::string page = WholePage(run);
  for (const char* word : {"nan", "inf\"", ">inf", "-nan"}) EXPECT_EQ(page.find(word), std::string::npos) << word;
  EXPECT_NE(page.find("No reading to draw"), std::string::npos);
}

TEST(Report, ACurveSurvivesOneReadingAndNone) {
  Case one = MakeCase(1, "a");
  one.series.times.resize(1);
  one.series.values.resize(1);
  one.series.missing = {0};
  one.evidence = {};
  EXPECT_NE(LoadCurve(one, Language::English()).find("<svg"), std::string::npos);
  EXPECT_EQ(LoadCurve(one, Language::English()).find("nan"), std::string::npos);
  one.series.times.clear();
  one.series.values.clear();
  one.series.missing.clear();
  EXPECT_EQ(LoadCurve(one, Language::English()).find("<svg"), std::string::npos);
  EXPECT_EQ(Sparkline(one, Language::English()), "");
}

TEST(Report, FilesStayInsideTheirFolder) {
  const auto folder = std::filesystem::temp_directory_path() / "meterhound_report_test";
  std::filesystem::remove_all(folder);
  ThreadPool pool(1);
  Progress progress;
  ASSERT_TRUE(WriteRunReport(folder, MakeRun(), TemplateCaseWriter(), {pool, progress, {}}).ok());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 5U);  // the page, and two a case
  EXPECT_TRUE(std::filesystem::exists(folder / "cases" / "0002-plain.json"));
  const Json json = ParseJson(ReadFile(folder / "cases" / "0002-plain.json").value(), "case").value();
  EXPECT_EQ(json["rank"], 2);
  std::filesystem::remove_all(folder);
}

TEST(Wording, LinesBreakWhereAReaderExpectsIt) {
  std::string text;
  AppendWrapped(text, "- ", std::string(96, 'a') + " 62 % bb");
  EXPECT_EQ(text, "- " + std::string(96, 'a') + "\n  62 % bb\n");
  text.clear();
  std::string chinese;
  for (int i = 0; i < 60; ++i)
    chinese += i == 50 ? "\xE3\x80\x82" : "\xE8\xAF\xBB";  // no blank; a full stop at the 51st
  AppendWrapped(text, "", chinese);
  const std::size_t broken = text.find('\n');
  EXPECT_EQ(broken, 3U * 49);  // a full stop does not begin a line: the character before it moves along
  EXPECT_EQ(text.size(), chinese.size() + 2);
}

TEST(Wording, NumbersAsPeopleReadThem) {
  EXPECT_EQ(WithThousands(1234567), "1,234,567");
  EXPECT_EQ(Significant(0.04212), "0.0421");
  EXPECT_EQ(Significant(12.3456), "12.3");
  EXPECT_EQ(Significant(-41200.7), "-41,201");
  EXPECT_EQ(Significant(0), "0");
  EXPECT_EQ(Significant(NAN), "unknown");
  EXPECT_EQ(Percent(0.0853), "8.5 %");
  EXPECT_EQ(Percent(0.05), "5 %");
  EXPECT_EQ(Percent(0.999), "100 %");
  EXPECT_EQ(Decimal(-0.001, 1), "0.0");
  EXPECT_EQ(Printable("a\x01"
                      "b\xC3\xA9\xFF"),
            "a\xEF\xBF\xBD"
            "b\xC3\xA9\xEF\xBF\xBD");
}

}  // namespace
}  // namespace meterhound::report
