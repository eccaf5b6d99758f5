// Languages: the same keys and slots in every resource file, and numbers, plurals and dates as each writes them.
#include "report/language.h"

#include <gtest/gtest.h>

#include <set>

#include "report/facts.h"
#include "report/speaker.h"

namespace meterhound::report {
namespace {

std::set<std::string> SlotsOf(const std::string& pattern) {
  std::set<std::string> slots;
  for (Piece& piece : Pieces(pattern)) {
    if (!piece.is_slot) continue;
    if (piece.text.ends_with('#')) piece.text.pop_back();  // with its unit or without is the language's choice
    slots.insert(piece.text);
  }
  return slots;
}

TEST(Language, EveryKeyInEveryLanguageWithTheSameSlots) {
  EXPECT_EQ(Language::Codes(), (std::vector<std::string>{"en", "es", "fr", "pt", "zh"}));
  for (const std::string& code : Language::Codes()) {
    const Language& language = *Language::Find(code);
    for (const auto& [key, english] : Language::English().entries()) {
      ASSERT_TRUE(language.Has(key)) << code << " lacks " << key;
      const auto& texts = language.Wordings(key);
      ASSERT_EQ(texts.size(), english.size()) << code << " " << key;
      for (std::size_t i = 0; i < texts.size(); ++i) {
        EXPECT_FALSE(texts[i].empty() && key != "join") << code << " " << key;
        EXPECT_EQ(SlotsOf(texts[i]), SlotsOf(english[i])) << code << " " << key << ": " << texts[i];
      }
    }
    for (const auto& [key, texts] : language.entries()) {
      EXPECT_TRUE(Language::English().Has(key) || key.starts_with("parameters.")) << code << " has no use for " << key;
    }
  }
}

TEST(Language, EverySentenceOfAFactHasAtLeastTwoWordingsAndEndsAsOne) {
  for (const std::string& code : Language::Codes()) {
    const Language& language = *Language::Find(code);
    for (const auto& [key, texts] : language.entries()) {
      if (!key.starts_with("sentences.") || key == "sentences.raises" || key == "sentences.lowers") continue;
      EXPECT_GE(texts.size(), 2U) << code << " " << key;
      for (const std::string& text : texts) {
        EXPECT_TRUE(text.ends_with(".") || text.ends_with("\xE3\x80\x82")) << code << ": " << text;
      }
    }
  }
}

TEST(Language, NumbersAsEachLanguageWritesThem) {
  const auto number = [](const char* code, double value) { return Language::Find(code)->Significant(value); };
  EXPECT_EQ(number("en", 12345.6), "12,346");
  EXPECT_EQ(number("es", 12345.6), "12.346");
  EXPECT_EQ(number("es", 1234.6), "1235");  // four digits stand together
  EXPECT_EQ(number("pt", 1234.6), "1.235");
  EXPECT_EQ(number("fr", 1234567), "1\u202F234\u202F567");
  EXPECT_EQ(number("zh", 1234567), "1,234,567");
  EXPECT_EQ(number("fr", 0.0421), "0,0421");
  EXPECT_EQ(number("en", NAN), "unknown");
  EXPECT_EQ(number("es", NAN), "desconocido");
  EXPECT_EQ(Language::Find("es")->Percent(0.0853), "8,5\u00A0%");
  EXPECT_EQ(Language::Find("fr")->Percent(0.62), "62\u00A0%");
  EXPECT_EQ(Language::Find("pt")->Percent(0.62), "62%");
  EXPECT_EQ(Language::English().Percent(0.62), "62 %");
}

TEST(Language, PluralsAsEachLanguageFormsThem) {
  const auto readings = [](const char* code, std::size_t n) {
    return Language::Find(code)->Counted("units.readings", n);
  };
  EXPECT_EQ(readings("en", 0), "0 readings");
  EXPECT_EQ(readings("en", 1), "1 reading");
  EXPECT_EQ(readings("es", 0), "0 lecturas");
  EXPECT_EQ(readings("fr", 0), "0 relevé");  // French and Portuguese count zero with one
  EXPECT_EQ(readings("pt", 0), "0 leitura");
  EXPECT_EQ(readings("fr", 2), "2 relevés");
  EXPECT_EQ(readings("zh", 1), "1个读数");
}

TEST(Language, DatesAsEachLanguageWritesThem) {
  const double first = 16191 * kSecondsPerDay;  // 2014-05-01
  const auto date = [&](const char* code) { return Language::Find(code)->Date(first, Cadence::kDaily); };
  EXPECT_EQ(date("en"), "1 May 2014");
  EXPECT_EQ(date("es"), "1 de mayo de 2014");
  EXPECT_EQ(date("pt"), "1º de maio de 2014");
  EXPECT_EQ(date("fr"), "1er mai 2014");
  EXPECT_EQ(date("zh"), "2014年5月1日");
  EXPECT_EQ(Language::English().Date(first + kSecondsPerDay, Cadence::kDaily), "2 May 2014");
  EXPECT_EQ(Language::English().Date(12, Cadence::kSteps), "step 12");
}

TEST(Language, FeaturesInWords) {
  const Language& english = Language::English();
  EXPECT_EQ(english.FeatureTitle("value__mean"), "mean reading");
  EXPECT_EQ(english.FeatureTitle("kwh__quantile__q_0.1"), "0.1 quantile of readings");
  EXPECT_EQ(english.FeatureTitle("night_use__agg_linear_trend__attr_\"slope\"__chunk_len_5__f_agg_\"max\""),
            "night use: trend of max over blocks of 5 (slope)");
  EXPECT_EQ(english.FeatureTitle("attribute__district"), "district (consumers' table)");
  EXPECT_EQ(english.FeatureTitle("value__some_new_thing__lag_3"), "some new thing (lag 3)");
  EXPECT_EQ(english.FeatureTitle("plain"), "plain");
  EXPECT_EQ(english.FeatureTitle("novelty__isolation_forest"), "how unusual this consumer is among all");
  const Language& spanish = *Language::Find("es");
  EXPECT_EQ(spanish.FeatureTitle("value__quantile__q_0.1"), "cuantil 0,1 de las lecturas");
  EXPECT_EQ(spanish.FeatureTitle("value__weekday_disruption__stat_\"pattern_kept\""),
            "ritmo semanal: patrón conservado");
  EXPECT_EQ(spanish.FeatureTitle("value__weekday_disruption__stat_\"not_translated\""),
            "ritmo semanal: not translated");
}

TEST(Language, AKeyThatIsNotThereIsABrokenPromise) {
  EXPECT_THROW((void)Language::English().Text("sheet.nothing"), std::logic_error);
  EXPECT_EQ(Language::Find("xx"), nullptr);
}

}  // namespace
}  // namespace meterhound::report
