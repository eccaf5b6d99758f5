// The mapping's YAML: what it means, and the word for every mistake in it.
#include "readings/source_mapping.h"

#include <gtest/gtest.h>

#include "support/bills_support.h"

namespace meterhound::readings {
namespace {

std::string ErrorOf(const std::string& text) {
  const auto mapping = ParseSourceMapping(text, "m.yaml");
  return mapping.ok() ? "no error" : mapping.error().ToString();
}

/// The small mapping with one passage replaced.
std::string With(const std::string& from, const std::string& to) {
  std::string text = testing::kBillsMapping;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(SourceMapping, ReadsEverything) {
  const auto mapping = ParseSourceMapping(testing::kBillsMapping, "m.yaml");
  ASSERT_TRUE(mapping.ok()) << mapping.error().ToString();
  EXPECT_EQ(mapping->name, "small");
  EXPECT_EQ(mapping->consumers.files, (std::vector<std::string>{"clients.csv", "clients_test.csv"}));
  EXPECT_EQ(mapping->consumers.theft, "1");
  EXPECT_EQ(mapping->consumers.attributes[2].name, "power");
  EXPECT_EQ(mapping->bills.prefixes[1], std::pair(std::string("G"), std::string("gas")));
  ASSERT_EQ(mapping->bills.series.size(), 7u);
  EXPECT_EQ(mapping->bills.series[0].operands, (std::vector<std::string>{"low", "high"}));
  EXPECT_EQ(mapping->bills.series[1].valid_max, 24);
  EXPECT_EQ(mapping->bills.series[4].form, BillForm::kJump);
  EXPECT_EQ(mapping->bills.series[6].texts.at("A"), -1);
  EXPECT_EQ(mapping->KindNames().at(8), "gas_months");
}

TEST(SourceMapping, ResolvesFeatureSettings) {
  const auto mapping = ParseSourceMapping(testing::kBillsMapping, "m.yaml");
  ASSERT_TRUE(mapping.ok());
  EXPECT_EQ(
      mapping->features.dump(),
      R"({"default":{"bill_count":null},"kinds":{"elec_kwh":{"bill_last_value":[{"k":0},{"k":3}],)"
      R"("bill_statistic":null},"elec_meter_changed":{"bill_event":null},"gas_meter_changed":{"bill_event":null}}})");
  const auto first_holds =
      ParseSourceMapping(With("    \"*_changed\": [bill_event]", "    \"elec_*\": minimal"), "m.yaml");
  ASSERT_TRUE(first_holds.ok());
  EXPECT_EQ(first_holds->features["kinds"]["elec_months"], "minimal");
  EXPECT_TRUE(first_holds->features["kinds"]["elec_kwh"].is_object());
}

TEST(SourceMapping, NamesTheNearestKeyAndThePlace) {
  EXPECT_EQ(ErrorOf(With("order: [from]", "ordre: [from]")),
            "m.yaml:15:3: unknown key 'ordre' in bills; did you mean 'order'?");
  EXPECT_EQ(ErrorOf(With("valid: {min: 1, max: 24}", "valid: {min: 1, mx: 24}")),
            "m.yaml:18:71: unknown key 'mx' in valid; did you mean 'max'?");
  EXPECT_EQ(ErrorOf(With("name: small", "zzzzzzzzz: 1")),
            "m.yaml:1:1: unknown key 'zzzzzzzzz' in the mapping; expected one of name, bills, consumers, features, "
            "neighbours");
  EXPECT_EQ(ErrorOf(With("\"*_changed\"", "elec_kwhh")),
            "m.yaml:28:5: 'elec_kwhh' matches no series; did you mean 'elec_kwh'?");
}

TEST(SourceMapping, SaysWhatItFoundAndExpected) {
  EXPECT_EQ(ErrorOf(With("type: numeric", "type: number")),
            "m.yaml:9:29: found type 'number', expected categorical, numeric or date");
  EXPECT_EQ(ErrorOf(With("min: 1,", "min: one,")), "m.yaml:18:68: valid: min: found 'one', expected a number");
  EXPECT_EQ(ErrorOf(With("ratio: [kwh, months]", "ratio: [kwh]")), "m.yaml:19:30: ratio: found 1 operands, expected 2");
  EXPECT_EQ(ErrorOf(With("changed: meter", "changed: meter, column: meter")),
            "m.yaml:20:38: series 'meter_changed' has both 'column' and 'changed', expected one of them");
  EXPECT_EQ(ErrorOf(With("group: coverage", "group: novelty")),
            "m.yaml:18:45: found group 'novelty', expected behaviour, coverage, attributes or inspection");
  EXPECT_EQ(ErrorOf(With("name: monthly", "name: kwh")), "m.yaml:19:7: series 'kwh' is defined twice");
  EXPECT_EQ(ErrorOf(With("name: monthly", "name: a__b")),
            "m.yaml:19:14: the name 'a__b' holds other characters than letters, digits and single underscores");
  EXPECT_EQ(ErrorOf(With("  date: day\n", "")), "m.yaml:11:3: bills: date: found nothing, expected a text");
  EXPECT_EQ(ErrorOf(With("  order: [from]\n", "  order: [from]\n  date: twice\n")),
            "m.yaml:16:3: key 'date' stands twice in bills");
  EXPECT_EQ(ErrorOf("a: [1"), "m.yaml:1:1: is not valid YAML here: end of sequence flow not found");
  EXPECT_EQ(ErrorOf(""), "m.yaml: the mapping: found nothing, expected a map");
  EXPECT_EQ(LoadSourceMapping("/nowhere/m.yaml").error().code, ErrorCode::kNotFound);
}

TEST(SourceMapping, SurvivesDeepNesting) {
  EXPECT_NE(ErrorOf(std::string(100000, '[')), "no error");
  EXPECT_NE(ErrorOf("name: " + std::string(100000, '{')), "no error");
}

TEST(SourceMapping, ReadsNeighbours) {
  const auto with = [](const std::string& text) {
    return ErrorOf(With("name: small", "name: small\nneighbours: " + text));
  };
  EXPECT_EQ(with("{name: round, attribute: district, since: 2005-01-01}"), "no error");
  EXPECT_EQ(with("{name: round, attribute: power}"), "m.yaml:2:38: 'power' is no categorical attribute of consumers");
  EXPECT_EQ(with("{name: round, attribute: district, since: lately}"),
            "m.yaml:2:55: found 'lately', expected a date such as 2014-01-31");
  EXPECT_EQ(with("{name: round, atribute: district}"),
            "m.yaml:2:27: unknown key 'atribute' in neighbours; did you mean 'attribute'?");
}

}  // namespace
}  // namespace meterhound::readings
