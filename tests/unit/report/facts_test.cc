// Facts and the assessment: every number of the evidence once, with its role; the rules case by case.
#include "report/facts.h"

#include <gtest/gtest.h>

#include <set>

#include "report/case_report.h"
#include "support/report_cases.h"

namespace meterhound::report {
namespace {

explain::Finding Finding(const char* code, explain::Direction direction, double weight, bool to_the_end = false) {
  return {.code = code,
          .direction = direction,
          .weight = weight,
          .begin = 0,
          .end = 1,
          .to_the_end = to_the_end,
          .numbers = {}};
}

constexpr auto kFor = explain::Direction::kFor;
constexpr auto kAgainst = explain::Direction::kAgainst;

Case With(const char* tier, std::vector<explain::Finding> findings, double observed = 1) {
  Case one;
  one.tier = tier;
  one.evidence.observed_share = observed;
  one.evidence.findings = std::move(findings);
  return one;
}

TEST(Assessment, ActionByTheRules) {
  const auto drop = Finding("level_drop", kFor, 0.9, true);
  EXPECT_EQ(Assess(With("high", {drop})).action, Action::kVisit);
  EXPECT_EQ(Assess(With("medium", {drop})).action, Action::kVisit);
  EXPECT_EQ(Assess(With("low", {drop})).action, Action::kNoVisit);
  Case signed_case = With("low", {drop});
  signed_case.sign = "zeros";
  EXPECT_EQ(Assess(signed_case).action, Action::kVisit);
  EXPECT_EQ(Assess(signed_case).urgency, Urgency::kPlanned);
  EXPECT_EQ(Assess(With("high", {drop, Finding("gap_at_change", kAgainst, 0.3)})).action, Action::kRecordsFirst);
  EXPECT_EQ(Assess(With("high", {drop, Finding("recovered", kAgainst, 0.3)})).action, Action::kRecordsFirst);
  EXPECT_EQ(Assess(With("high", {drop}, 0.59)).action, Action::kRecordsFirst);
  EXPECT_EQ(Assess(With("high", {})).action, Action::kRecordsFirst);
}

TEST(Assessment, UrgencyByTheRules) {
  const auto lasting = Finding("level_drop", kFor, 0.9, true);
  EXPECT_EQ(Assess(With("high", {lasting})).urgency, Urgency::kSoon);
  EXPECT_EQ(Assess(With("high", {Finding("zero_streak", kFor, 0.5, true)})).urgency, Urgency::kSoon);
  EXPECT_EQ(Assess(With("high", {Finding("level_drop", kFor, 0.9, false)})).urgency, Urgency::kPlanned);
  EXPECT_EQ(Assess(With("medium", {lasting})).urgency, Urgency::kPlanned);
  EXPECT_EQ(Assess(With("high", {lasting}, 0.5)).urgency, Urgency::kPlanned);
  EXPECT_EQ(Assess(With("low", {lasting})).urgency, Urgency::kNone);
}

TEST(Assessment, ConfidenceByTheRules) {
  const auto drop = Finding("level_drop", kFor, 0.9);
  const auto energy = Finding("missing_energy", kFor, 0.6);
  const auto lost = Finding("weekday_pattern_lost", kFor, 0.5);
  EXPECT_EQ(Assess(With("high", {drop, lost})).confidence, Confidence::kHigh);
  EXPECT_EQ(Assess(With("high", {drop, energy})).confidence, Confidence::kMedium);  // one observation, said twice
  EXPECT_EQ(Assess(With("high", {drop, lost, Finding("steady_year", kAgainst, 0.9)})).confidence, Confidence::kMedium);
  EXPECT_EQ(Assess(With("high", {drop, lost}, 0.5)).confidence, Confidence::kLow);
  EXPECT_EQ(Assess(With("high", {Finding("no_change", kAgainst, 0.3)})).confidence, Confidence::kLow);
}

TEST(Facts, HoldEveryNumberOfTheEvidenceOnce) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const Case one = DrawCase(seed);
    const CaseFacts facts = FindFacts(one, DrawRun());
    for (const explain::Finding& finding : one.evidence.findings) {
      const Fact* fact = facts.Find(finding.code);
      ASSERT_NE(fact, nullptr) << finding.code;
      seen.insert(fact->form);
      for (const auto& [name, value] : finding.numbers) {
        const auto same = [number = value](const Quantity& quantity) { return quantity.value == number; };
        EXPECT_TRUE(std::any_of(fact->quantities.begin(), fact->quantities.end(), same)) << finding.code << " " << name;
      }
      std::set<std::string> roles;
      for (const Quantity& quantity : fact->quantities)
        EXPECT_TRUE(roles.insert(quantity.role).second) << quantity.role;
    }
  }
  for (const char* form :
       {"level_drop", "level_drop.ended", "missing_energy", "missing_energy.money", "zero_streak",
        "zero_streak.to_the_end", "flat_readings", "weekday_pattern_lost", "level_rise", "recovered",
        "weekday_pattern_kept", "steady_year", "gap_at_change", "seasonal_absence", "few_readings", "no_change"}) {
    EXPECT_TRUE(seen.contains(form)) << "no case tells of " << form << ": the tests of reports miss it";
  }
}

TEST(Facts, EveryLanguageSaysEveryFactInEveryWording) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    RunReport run = DrawRun();
    for (const std::string& code : Language::Codes()) {
      run.language = code;
      const Case one = DrawCase(seed);
      const CaseReport words = TemplateCaseWriter().Write(one, run).value();
      const std::string text = CaseText(one, words, run);
      for (const char* bad : {"{", "}", " nan", " inf", "unknown "}) {
        EXPECT_EQ(text.find(bad), std::string::npos) << code << ": " << text;
      }
      EXPECT_EQ(words.language, code);
      EXPECT_FALSE(words.Summary().empty());
    }
  }
}

}  // namespace
}  // namespace meterhound::report
