// Bills: what the mapping says is what the panel holds, in one order, with clear words for what does not fit.
#include "readings/bills.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "numerics/random.h"
#include "support/bills_support.h"

namespace meterhound::readings {
namespace {

using testing::SmallExport;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void ExpectSeries(const Panel& panel, const std::string& kind, std::size_t row, const std::vector<double>& expected) {
  const auto found = std::find_if(panel.kinds.begin(), panel.kinds.end(),
                                  [&kind](const SeriesKind& each) { return each.name == kind; });
  ASSERT_NE(found, panel.kinds.end()) << kind;
  const SeriesView view = panel.View(static_cast<std::size_t>(found - panel.kinds.begin()), row);
  ASSERT_EQ(view.size(), expected.size()) << kind;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(view.missing[i] != 0, std::isnan(expected[i])) << kind << " " << i;
    EXPECT_EQ(std::isnan(view.values[i]), std::isnan(expected[i])) << kind << " " << i;
    if (!std::isnan(expected[i])) {
      EXPECT_EQ(view.values[i], expected[i]) << kind << " " << i;
    }
  }
}

TEST(Bills, ReadsWhatTheMappingSays) {
  const SmallExport files;
  BillsReport report;
  const auto panel = files.Read(&report);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->ids, (std::vector<std::string>{"c1", "c2", "c,3", "c4"}));
  EXPECT_EQ(panel->labels, (std::vector<std::int8_t>{1, 0, kUnlabelled, 0}));
  ASSERT_EQ(panel->kinds.size(), 14u);
  EXPECT_EQ(panel->kinds[0].name, "elec_kwh");
  EXPECT_EQ(panel->kinds[0].unit, "kWh");
  EXPECT_EQ(panel->kinds[1].group, FeatureGroup::kCoverage);
  EXPECT_EQ(panel->kinds[7].name, "gas_kwh");
  EXPECT_EQ(FormatDate(panel->View(0, 0).times[0]), "2011-11-01");
  EXPECT_EQ(panel->View(0, 0).cadence, Cadence::kIrregular);
  ExpectSeries(*panel, "elec_kwh", 0, {80, 120, 50});
  ExpectSeries(*panel, "elec_months", 0, {4, 4, kNaN});
  ExpectSeries(*panel, "elec_monthly", 0, {20, 30, kNaN});
  ExpectSeries(*panel, "elec_meter_changed", 0, {kNaN, 0, 1});
  ExpectSeries(*panel, "elec_jump", 0, {kNaN, 0, -620});
  ExpectSeries(*panel, "elec_error", 0, {0, 0, 0});
  ExpectSeries(*panel, "elec_status", 0, {0, 0, -1});
  ExpectSeries(*panel, "gas_kwh", 0, {9});
  // Three bills of one day, ordered by the index; one lacks a part of its sum.
  ExpectSeries(*panel, "elec_kwh", 1, {0, kNaN, 999673});
  ExpectSeries(*panel, "elec_months", 1, {2, 4, kNaN});
  ExpectSeries(*panel, "elec_kwh", 3, {});
  EXPECT_EQ(report.bills, 8u);
  EXPECT_EQ(report.without_bills, 1u);
  ASSERT_EQ(report.out_of_range.size(), 1u);
  EXPECT_EQ(report.out_of_range[0].values, 2u);
  EXPECT_EQ(report.out_of_range[0].example, 636624);
  EXPECT_NE(report.ToText().find("elec_months: 2 values outside 1 to 24"), std::string::npos);
}

TEST(Bills, ReadsAttributes) {
  const SmallExport files;
  const auto panel = files.Read();
  ASSERT_TRUE(panel.ok());
  ASSERT_EQ(panel->attributes.size(), 3u);
  EXPECT_EQ(panel->attributes[0].categories, (std::vector<std::string>{"62", "7", "A"}));
  EXPECT_EQ(panel->attributes[0].values, (std::vector<double>{0, 1, 0, 2}));
  EXPECT_EQ(FormatDate(panel->attributes[1].values[1]), "1999-12-31");
  EXPECT_TRUE(std::isnan(panel->attributes[1].values[2]));
  EXPECT_EQ(panel->attributes[2].name, "power");
  EXPECT_TRUE(std::isnan(panel->attributes[2].values[1]));
}

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end + 1));
    text.remove_prefix(end + 1);
  }
  return lines;
}

TEST(Bills, GiveTheSameConsumersInAnyOrderOfLinesAndForAnyNumberOfThreads) {
  const SmallExport files;
  const auto expected = files.Read();
  ASSERT_TRUE(expected.ok());
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    numerics::Random random(seed);
    for (const auto& [name, text] : {std::pair("bills.csv", testing::kBills), {"clients.csv", testing::kClients}}) {
      auto lines = Lines(text);
      std::vector<std::string> records(lines.begin() + 1, lines.end());
      random.Shuffle(records);
      std::string shuffled = lines[0];
      for (const std::string& record : records) shuffled += record;
      files.Write(name, shuffled);
    }
    const auto panel = files.Read(nullptr, 1 + seed % 3);
    ASSERT_TRUE(panel.ok());
    for (std::size_t row = 0; row < expected->rows(); ++row) {
      const auto at = std::find(panel->ids.begin(), panel->ids.end(), expected->ids[row]) - panel->ids.begin();
      ASSERT_LT(static_cast<std::size_t>(at), panel->rows());
      EXPECT_EQ(panel->ContentHash(static_cast<std::size_t>(at)), expected->ContentHash(row));
      EXPECT_EQ(panel->labels[static_cast<std::size_t>(at)], expected->labels[row]);
    }
  }
}

TEST(Bills, ReadsCompressedFilesAndOtherNames) {
  const SmallExport files;
  const auto expected = files.Read();
  ASSERT_TRUE(expected.ok());
  files.Remove("bills.csv");
  files.Remove("clients.csv");
  files.Write("bills.csv.zst", testing::Zstd(testing::kBills));
  files.Write("clients_test.csv.gz", testing::Gzip(testing::kClients));
  const auto panel = files.Read();
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  for (std::size_t row = 0; row < expected->rows(); ++row) {
    EXPECT_EQ(panel->ContentHash(row), expected->ContentHash(row));
  }
}

TEST(Bills, ReadsWithoutLabelsAndWithoutATable) {
  const SmallExport files;
  files.Write("clients.csv", "client,dist,since,power\nc1,1,2001-01-01,3\nc2,1,2001-01-01,3\n\"c,3\",1,2001-01-01,3\n");
  const auto unlabelled = files.Read();
  ASSERT_TRUE(unlabelled.ok()) << unlabelled.error().ToString();
  EXPECT_FALSE(unlabelled->HasLabels());
  files.Remove("clients.csv");
  BillsReport report;
  const auto alone = files.Read(&report);
  ASSERT_TRUE(alone.ok()) << alone.error().ToString();
  EXPECT_EQ(alone->ids, (std::vector<std::string>{"c1", "c2", "c,3"}));
  EXPECT_FALSE(alone->HasLabels());
  EXPECT_TRUE(std::isnan(alone->attributes[0].values[0]));
  EXPECT_EQ(report.not_in_table, 0u);
}

TEST(Bills, KeepsUnknownConsumersOnlyWhenTold) {
  const SmallExport files;
  const std::string line = "c9,2012-03-01,E,1,1,1,1,1,1,1,1\n";
  files.Write("bills.csv", testing::kBills + line);
  EXPECT_EQ(files.Error(), "bills.csv:10:1: consumer 'c9' is not in " + (files.path() / "clients.csv").string() +
                               "; expected one that is, or 'unknown_clients: keep' in the mapping");
  std::string mapping = testing::kBillsMapping;
  mapping.insert(mapping.find("  attributes"), "  unknown_clients: keep\n");
  files.Write("small.yaml", mapping);
  BillsReport report;
  const auto panel = files.Read(&report);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->ids.back(), "c9");
  EXPECT_EQ(panel->labels.back(), kUnlabelled);
  EXPECT_EQ(report.not_in_table, 1u);
}

TEST(Bills, PutsExchangedDaysAndMonthsRight) {
  const SmallExport files;
  std::string mapping = testing::kBillsMapping;
  mapping.replace(mapping.find("  date: day\n"), 12, "  date: day\n  date_repair: exchange_day_and_month\n");
  files.Write("small.yaml", mapping);
  files.Write("bills.csv",
              "client,day,what,low,high,months,meter,from,to,step,status\n"
              "c1,2012-09-02,E,1,0,4,77,500,620,120,0\n"   // 9 February
              "c1,2012-06-25,E,3,0,4,77,420,500,80,0\n"    // as it stands
              "c1,2012-03-03,E,2,0,4,77,420,500,80,0\n");  // either way
  const auto panel = files.Read();
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  ExpectSeries(*panel, "elec_kwh", 0, {1, 2, 3});
  EXPECT_EQ(FormatDate(panel->View(0, 0).times[0]), "2012-02-09");
  EXPECT_EQ(FormatDate(panel->View(0, 0).times[1]), "2012-03-03");
  EXPECT_EQ(FormatDate(panel->View(0, 0).times[2]), "2012-06-25");
}

TEST(Bills, DoubtsDatesThatBreakTheIndex) {
  const auto text_of = [](const std::string& bills) {
    const SmallExport files;
    files.Write("bills.csv", bills);
    BillsReport report;
    EXPECT_TRUE(files.Read(&report).ok());
    return report.ToText();
  };
  // Bills of the 9th of every other month from February on; the index goes on by 100.
  std::string right = "client,day,what,low,high,months,meter,from,to,step,status\n";
  std::string wrong = right;
  for (int bill = 0; bill < 6; ++bill) {
    const std::string month = (bill < 4 ? "0" : "") + std::to_string(2 * bill + 2);
    const std::string index =
        ",E,100,0,2,7," + std::to_string(100 * bill) + "," + std::to_string(100 * bill + 100) + ",100,0\n";
    right += "c1,2012-" + month + "-09" + index + "c2,2012-" + month + "-20" + index;
    wrong += "c1,2012-09-" + month + index + "c2,2012-" + month + "-20" + index;
  }
  EXPECT_EQ(text_of(right).find("doubt"), std::string::npos) << text_of(right);
  // Days alone put these in the same order, so nothing betrays them.
  EXPECT_EQ(text_of(wrong).find("doubt"), std::string::npos) << text_of(wrong);
  std::string mixed = wrong;
  for (int year = 3; year < 6;
       ++year) {  // other days of the month: in the file September comes before October and so on
    for (int bill = 0; bill < 6; ++bill) {
      const int index = 600 * (year - 2) + 100 * bill;
      const std::string day = (year + bill) % 2 == 0 ? "03" : "11";
      const std::string month = (bill < 4 ? "0" : "") + std::to_string(2 * bill + 2);
      mixed += "c1,201" + std::to_string(year) + "-" + day + "-" + month + ",E,100,0,2,7," + std::to_string(index) +
               "," + std::to_string(index + 100) + ",100,0\n";
    }
  }
  EXPECT_NE(
      text_of(mixed).find("dates are in doubt: 36 % of the bills go on from the index of the one before; with day and "
                          "month of every date up to the 12th exchanged it would be 100 %"),
      std::string::npos)
      << text_of(mixed);
}

TEST(Bills, SaysWhatIsWrongAndWhere) {
  const std::string bills = testing::kBills;
  const std::string clients = testing::kClients;
  const auto error_of = [](const char* file, const std::string& text) {
    const SmallExport files;
    files.Write(file, text);
    return files.Error();
  };
  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(error_of("bills.csv", replaced(bills, "c1,2012-03-01,E,100,20", "c1,2012-03-01,E,1oo,20")),
            "bills.csv:2:17: column 'low': found '1oo', expected a number (or a text that the mapping's 'texts' turns "
            "into one)");
  EXPECT_EQ(error_of("bills.csv", replaced(bills, "2011-11-01", "last May")),
            "bills.csv:3:4: found 'last May', expected a date such as 2014-01-31");
  EXPECT_EQ(error_of("bills.csv", replaced(bills, "2011-11-01", "2011-11-31")),
            "bills.csv:3:4: found '2011-11-31', which is no day of the calendar");
  EXPECT_EQ(error_of("bills.csv", replaced(bills, ",G,9", ",W,9")),
            "bills.csv:5:15: column 'what': found 'W', expected E or G");
  EXPECT_EQ(error_of("bills.csv", replaced(bills, "5,,4,1,30", "5,4,1,30")),
            "bills.csv:6: found 10 fields, expected 11 as in the header");
  EXPECT_EQ(error_of("bills.csv", replaced(bills, ",low,", ",lo,")),
            "bills.csv:1: there is no column 'low'; did you mean 'lo'?");
  EXPECT_EQ(error_of("bills.csv", bills.substr(0, bills.find('\n') + 1)),
            "bills.csv: found a header only, expected bills");
  EXPECT_EQ(error_of("clients.csv", replaced(clients, "3.5,1", "3.5,yes")),
            "clients.csv:2:22: label 'fraud': found 'yes', expected 1 (theft), 0 (honest) or nothing");
  EXPECT_EQ(error_of("clients.csv", clients + "c1,1,2001-01-01,1,0\n"),
            "clients.csv:6:1: consumer 'c1' stands twice in the table");
  const SmallExport files;
  files.Remove("bills.csv");
  const auto panel = files.Read();
  ASSERT_FALSE(panel.ok());
  EXPECT_EQ(panel.error().code, ErrorCode::kNotFound);
  EXPECT_NE(panel.error().message.find("bills.csv"), std::string::npos);
}

/// A damaged copy: cut off, bytes changed, removed, doubled, or lines swapped.
std::string Damage(std::string text, numerics::Random& random) {
  if (text.empty()) return text;
  const auto at = [&] { return random.Below(text.size()); };
  switch (random.Below(7)) {
    case 0:
      return text.substr(0, at());
    case 1:
      text[at()] = static_cast<char>(random.Below(256));
      return text;
    case 2:
      return text.erase(at(), 1 + random.Below(8));
    case 3:
      return text.insert(at(), text.substr(at(), 1 + random.Below(20)));
    case 4:
      for (int i = 0; i < 20; ++i) text[at()] = "\",\n:{}[]-0 9\0x"[random.Below(13)];
      return text;
    case 5:
      text[at()] = static_cast<char>('0' + random.Below(10));
      return text;
    default:
      return text.insert(at(), "\"");
  }
}

TEST(Bills, DamagedFilesAreReadOrRefusedNeverMore) {
  std::size_t refused = 0, read = 0;
  numerics::Random random(7);
  for (int variant = 0; variant < 600; ++variant) {
    const SmallExport files;
    const auto target = random.Below(5);
    if (target == 0) files.Write("small.yaml", Damage(testing::kBillsMapping, random));
    if (target == 1) files.Write("clients.csv", Damage(testing::kClients, random));
    if (target == 2) files.Write("bills.csv", Damage(testing::kBills, random));
    if (target >= 3) {
      files.Remove("bills.csv");
      files.Write("bills.csv.x", "");
      files.Write(target == 3 ? "bills.csv.gz" : "bills.csv.zst",
                  Damage(target == 3 ? testing::Gzip(testing::kBills) : testing::Zstd(testing::kBills), random));
    }
    const auto panel = files.Read();
    if (panel.ok()) {
      ++read;
      EXPECT_TRUE(panel->Validate().ok());
      EXPECT_FALSE(panel->ids.empty());
    } else {
      ++refused;
      EXPECT_TRUE(panel.error().code == ErrorCode::kInvalidInput || panel.error().code == ErrorCode::kNotFound ||
                  panel.error().code == ErrorCode::kCorrupt || panel.error().code == ErrorCode::kUnsupported)
          << panel.error().ToString();
      EXPECT_FALSE(panel.error().message.empty());
      EXPECT_TRUE(panel.error().where.starts_with(files.path().string())) << panel.error().ToString();
    }
  }
  EXPECT_GE(refused, 250u);
  EXPECT_GE(read, 20u);
}

TEST(Bills, EveryCutOfACompressedFileIsRefused) {
  for (const bool gzip : {true, false}) {
    const std::string whole = gzip ? testing::Gzip(testing::kBills) : testing::Zstd(testing::kBills);
    const SmallExport files;
    files.Remove("bills.csv");
    for (std::size_t length = 0; length < whole.size(); ++length) {
      files.Write(gzip ? "bills.csv.gz" : "bills.csv.zst", whole.substr(0, length));
      EXPECT_FALSE(files.Read().ok()) << length;
    }
  }
}

TEST(Bills, ReadsSteg) {
  const std::filesystem::path root = METERHOUND_SOURCE_DIR;
  const std::filesystem::path data = root / "../shared/data/steg";
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "the STEG files are not beside this checkout";
  ThreadPool pool(2);
  Progress progress;
  ReadOptions options;
  options.source = root / "config/sources/steg.yaml";
  options.data = data;
  BillsReport report;
  const auto panel = ReadBills(options, {.pool = pool, .progress = progress, .stop = {}}, &report);
  ASSERT_TRUE(panel.ok()) << panel.error().ToString();
  EXPECT_EQ(panel->rows(), 108613u);
  EXPECT_EQ(report.bills, 3591097u);
  EXPECT_EQ(report.without_bills, 0u);
  EXPECT_EQ(std::count(panel->labels.begin(), panel->labels.end(), std::int8_t{1}), 6039);
  EXPECT_EQ(panel->kinds.front().name, "elec_consumption");
  EXPECT_EQ(panel->kinds.front().values.size(), 2470075u);
  EXPECT_EQ(panel->kinds.back().values.size(), 1121022u);
}

}  // namespace
}  // namespace meterhound::readings
