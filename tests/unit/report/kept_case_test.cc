// A kept case reads back to the same document, through text, for curves of every story.
#include "report/kept_case.h"

#include <gtest/gtest.h>

#include "support/report_cases.h"

namespace meterhound::report {
namespace {

TEST(KeptCase, SaysTheSameWhenReadBack) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Case one = DrawCase(seed);
    const RunReport run = DrawRun();
    const auto words = TemplateCaseWriter().Write(one, run);
    ASSERT_TRUE(words.ok());
    const Json document = CaseJson(one, *words, run);
    const auto again = RestoreCase(Json::parse(KeepCase(one, {.tariff = seed % 7 == 0 ? 0 : 0.15}).dump()));
    ASSERT_TRUE(again.ok()) << again.error().ToString();
    const auto same_words = WordsOf(Json::parse(document.dump()));
    ASSERT_TRUE(same_words.ok()) << same_words.error().ToString();
    EXPECT_EQ(CaseJson(*again, *same_words, run).dump(), document.dump()) << seed;
    EXPECT_EQ(CaseText(*again, *same_words, run), CaseText(one, *words, run)) << seed;
  }
}

TEST(KeptCase, DamageIsNamed) {
  Json kept = KeepCase(DrawCase(1), {});
  kept["series"].erase("values");
  const auto restored = RestoreCase(kept);
  ASSERT_FALSE(restored.ok());
  EXPECT_EQ(restored.error().code, ErrorCode::kCorrupt);
  EXPECT_NE(restored.error().message.find("values"), std::string::npos);
}

}  // namespace
}  // namespace meterhound::report
