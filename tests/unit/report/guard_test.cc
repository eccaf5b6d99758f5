// The guard: lets through whatever we render, in every language, and catches errors planted into it.
#include "report/guard.h"

#include <gtest/gtest.h>

#include <functional>

#include "numerics/random.h"
#include "report/speaker.h"
#include "support/report_cases.h"

namespace meterhound::report {
namespace {

constexpr std::uint64_t kCases = 80;

struct Rendered {
  std::size_t fact = 0;
  std::size_t wording = 0;
  std::vector<Speaker::Stretch> stretches;
};

std::string Join(const std::vector<Speaker::Stretch>& stretches) {
  std::string text;
  for (const Speaker::Stretch& stretch : stretches) text += stretch.text;
  return text;
}

std::vector<Rendered> RenderAll(const CaseFacts& facts, const Speaker& speaker) {
  std::vector<Rendered> all;
  for (std::size_t i = 0; i < facts.facts.size(); ++i) {
    for (std::size_t wording = 0; wording < speaker.Wordings(facts.facts[i]); ++wording) {
      all.push_back({i, wording, speaker.Stretches(facts.facts[i], wording)});
    }
  }
  return all;
}

void ForEach(const std::function<void(const CaseFacts&, const Language&, const Rendered&)>& check) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    const CaseFacts facts = FindFacts(DrawCase(seed), DrawRun());
    for (const std::string& code : Language::Codes()) {
      const Language& language = *Language::Find(code);
      for (const Rendered& one : RenderAll(facts, Speaker(language, facts))) check(facts, language, one);
    }
  }
}

TEST(Guard, LetsEveryRenderedSentencePass) {
  std::size_t sentences = 0;
  ForEach([&](const CaseFacts& facts, const Language& language, const Rendered& one) {
    const std::string text = Join(one.stretches);
    const auto reason = Guard(facts, language).CheckRendered(text);
    EXPECT_FALSE(reason) << language.code() << ": " << text << ": " << reason.value_or("");
    ++sentences;
  });
  EXPECT_GT(sentences, 5000U);
}

TEST(Guard, LetsEveryTemplateReportPass) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    RunReport run = DrawRun();
    for (const std::string& code : Language::Codes()) {
      run.language = code;
      const Case one = DrawCase(seed);
      const CaseReport report = TemplateCaseWriter().Write(one, run).value();
      for (const Objection& objection : Guard(FindFacts(one, run), LanguageOf(run)).Check(report)) {
        ADD_FAILURE() << code << ": " << objection.sentence << ": " << objection.reason;
      }
    }
  }
}

/// A sentence with an error in it, or nothing where this kind of error cannot be made.
using Plant = std::function<std::string(std::vector<Speaker::Stretch>, numerics::Random&)>;

std::string ChangeDigit(std::vector<Speaker::Stretch> stretches, numerics::Random& random) {
  std::vector<std::pair<std::size_t, std::size_t>> digits;
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    for (std::size_t at = 0; at < stretches[i].text.size() && !stretches[i].slot.empty(); ++at) {
      if (stretches[i].text[at] >= '0' && stretches[i].text[at] <= '9') digits.emplace_back(i, at);
    }
  }
  if (digits.empty()) return {};
  const auto [i, at] = digits[random.Below(digits.size())];
  char& digit = stretches[i].text[at];
  digit = static_cast<char>('0' + (digit - '0' + 1 + static_cast<int>(random.Below(9))) % 10);
  return Join(stretches);
}

std::string Swap(std::vector<Speaker::Stretch> stretches, std::string_view a, std::string_view b) {
  Speaker::Stretch* first = nullptr;
  Speaker::Stretch* second = nullptr;
  for (Speaker::Stretch& stretch : stretches) {
    const std::string_view slot = std::string_view(stretch.slot).substr(0, stretch.slot.find('#'));
    if (slot == a) first = &stretch;
    if (slot == b) second = &stretch;
  }
  if (!first || !second) return {};
  // The unit stays where it was: only numbers change places.
  const auto number = [](const std::string& text) { return text.substr(0, text.find_last_of("0123456789") + 1); };
  const std::string x = number(first->text);
  const std::string y = number(second->text);
  if (x == y || x.find_first_of("0123456789") == std::string::npos) return {};
  first->text = y + first->text.substr(x.size());
  second->text = x + second->text.substr(y.size());
  return Join(stretches);
}

std::string SwapRoles(std::vector<Speaker::Stretch> stretches, numerics::Random& /*random*/) {
  for (const auto& [a, b] :
       {std::pair{"before", "after"}, std::pair{"low", "high"}, std::pair{"money_low", "money_high"}}) {
    if (const std::string swapped = Swap(stretches, a, b); !swapped.empty()) return swapped;
  }
  return {};
}

std::string SwapDates(std::vector<Speaker::Stretch> stretches, numerics::Random& /*random*/) {
  for (const auto& [a, b] : {std::pair{"from", "to"}, std::pair{"from", "until"}, std::pair{"first", "second"}}) {
    if (const std::string swapped = Swap(stretches, a, b); !swapped.empty()) return swapped;
  }
  return {};
}

std::string DropUnit(std::vector<Speaker::Stretch> stretches, numerics::Random& /*random*/) {
  for (Speaker::Stretch& stretch : stretches) {
    for (const std::string_view unit : {" a day", " al día", " por dia", " par jour", "每天", "kWh", "%", "千瓦时"}) {
      const std::size_t at = stretch.text.find(unit);
      if (at == std::string::npos || stretch.slot.empty()) continue;
      stretch.text.erase(at, unit.size());
      return Join(stretches);
    }
  }
  return {};
}

std::string Negate(std::vector<Speaker::Stretch> stretches, numerics::Random& random) {
  for (Speaker::Stretch& stretch : stretches) {
    const std::size_t blank = stretch.text.find(' ', random.Below(3));
    if (!stretch.slot.empty() || blank == std::string::npos) continue;
    stretch.text.insert(blank, " not");
    return Join(stretches);
  }
  return {};
}

std::string Accuse(std::vector<Speaker::Stretch> stretches, numerics::Random& random) {
  const char* words[] = {" The consumer stole it.", " This is theft.", " Es un ladrón.", " C'est une fraude.",
                         " 此人窃电。"};
  return Join(stretches) + words[random.Below(5)];
}

const std::vector<std::pair<const char*, Plant>> kPlants = {
    {"another digit", ChangeDigit}, {"roles swapped", SwapRoles}, {"dates swapped", SwapDates},
    {"no unit", DropUnit},          {"negated", Negate},          {"accusing", Accuse}};

TEST(Guard, CatchesEveryPlantedErrorInEveryLanguage) {
  numerics::Random random(11);
  std::map<std::string, std::size_t> planted;
  ForEach([&](const CaseFacts& facts, const Language& language, const Rendered& one) {
    const std::string right = Join(one.stretches);
    for (const auto& [kind, plant] : kPlants) {
      const std::string wrong = plant(one.stretches, random);
      if (wrong.empty() || wrong == right) continue;
      ++planted[kind];
      EXPECT_TRUE(Guard(facts, language).CheckRendered(wrong)) << language.code() << ", " << kind << ": " << wrong;
      if (language.code() == "en") {
        EXPECT_TRUE(Guard(facts, language).CheckProse(wrong)) << kind << ": " << wrong;
      }
    }
  });
  for (const auto& [kind, plant] : kPlants) EXPECT_GE(planted[kind], 100U) << kind;
}

TEST(Guard, CatchesTheFactsOfOthers) {
  std::size_t foreign = 0;
  for (std::uint64_t seed = 0; seed + 1 < kCases; ++seed) {
    const CaseFacts facts = FindFacts(DrawCase(seed), DrawRun());
    const CaseFacts others = FindFacts(DrawCase(seed + 1), DrawRun());
    for (const std::string& code : Language::Codes()) {
      const Language& language = *Language::Find(code);
      const Speaker mine(language, facts);
      std::vector<std::string> known;
      for (const Rendered& one : RenderAll(facts, mine)) known.push_back(Join(one.stretches));
      for (const Rendered& one : RenderAll(others, Speaker(language, others))) {
        const std::string text = Join(one.stretches);
        if (std::find(known.begin(), known.end(), text) != known.end()) continue;  // true of both
        ++foreign;
        EXPECT_TRUE(Guard(facts, language).CheckRendered(text)) << code << ": " << text;
        if (code == "en") {
          EXPECT_TRUE(Guard(facts, language).CheckProse(text)) << text;
        }
      }
    }
  }
  EXPECT_GT(foreign, 2000U);
}

TEST(Guard, MissesNothingThatAReportMustHold) {
  const Case one = DrawCase(4);
  const RunReport run = DrawRun();
  const CaseFacts facts = FindFacts(one, run);
  const Guard guard(facts, Language::English());
  const CaseReport whole = TemplateCaseWriter().Write(one, run).value();
  for (std::size_t i = 0; i < whole.sentences.size(); ++i) {
    if (whole.sentences[i].part != Part::kSummary) continue;
    CaseReport lacking = whole;
    lacking.sentences.erase(lacking.sentences.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(guard.Check(lacking).size(), 1U);
  }
  CaseReport mislabelled = whole;
  std::swap(mislabelled.sentences[0].fact, mislabelled.sentences[1].fact);
  EXPECT_EQ(guard.Check(mislabelled).size(), 2U);
}

}  // namespace
}  // namespace meterhound::report
