// Readings in Parquet give the panels that the same readings in CSV give, bit for bit.
#ifdef METERHOUND_PARQUET

#include <bit>
#include <cmath>
#include <functional>

#include "base/numbers.h"
#include "numerics/random.h"
#include "support/parquet_support.h"
#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

using namespace testing;

constexpr double kDay = 86400;

ReadOptions OptionsFor(const TextFile& file) {
  ReadOptions options;
  options.file = file.path();
  return options;
}

Result<std::vector<Panel>> ReadBlocks(const ReadOptions& options, const BlockSize& block, std::size_t threads = 2) {
  ThreadPool pool(threads);
  Progress progress;
  const RunContext context{.pool = pool, .progress = progress, .stop = {}};
  METERHOUND_ASSIGN_OR_RETURN(const auto stream, OpenPanel(options, block, context));
  std::vector<Panel> panels;
  std::size_t rows = 0;
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(Panel panel, stream->Next(context));
    if (panel.rows() == 0) break;
    const Status valid = panel.Validate();
    EXPECT_TRUE(valid.ok()) << valid.error().ToString();
    rows += panel.rows();
    panels.push_back(std::move(panel));
  }
  EXPECT_EQ(rows, stream->consumers());
  return panels;
}

// Everything in a panel but what it was read from; doubles by their bits.
std::string Everything(const Panel& panel) {
  std::string text;
  const auto bits = [](double number) { return std::to_string(std::bit_cast<std::uint64_t>(number)); };
  for (std::size_t row = 0; row < panel.rows(); ++row) {
    text += panel.ids[row] + " " + std::to_string(panel.labels[row]) + "\n";
  }
  for (const SeriesKind& kind : panel.kinds) {
    text += kind.name + " " + std::to_string(static_cast<int>(kind.group)) + " " +
            std::to_string(static_cast<int>(kind.timeline->cadence)) + (kind.timeline->shared ? " shared" : " ragged");
    for (const double time : kind.timeline->times) text += " " + bits(time);
    for (const std::size_t offset : kind.timeline->offsets) text += " " + std::to_string(offset);
    text += "\n";
    for (std::size_t i = 0; i < kind.values.size(); ++i) {
      text += bits(kind.values[i]) + (kind.missing[i] != 0 ? "-" : "+");
    }
    text += "\n";
  }
  return text;
}

void ExpectEqualPanels(const Result<std::vector<Panel>>& found, const Result<std::vector<Panel>>& expected) {
  ASSERT_TRUE(found.ok()) << found.error().ToString();
  ASSERT_TRUE(expected.ok()) << expected.error().ToString();
  ASSERT_EQ(found->size(), expected->size());
  for (std::size_t i = 0; i < found->size(); ++i) EXPECT_EQ(Everything((*found)[i]), Everything((*expected)[i]));
}

// Whole, in blocks, and with one thread or three.
void ExpectTwins(const std::string& parquet, const std::string& csv,
                 const std::function<void(ReadOptions&)>& set = {}) {
  const TextFile parquet_file(parquet, ".parquet");
  const TextFile csv_file(csv);
  ReadOptions of_parquet = OptionsFor(parquet_file);
  ReadOptions of_csv = OptionsFor(csv_file);
  if (set) {
    set(of_parquet);
    set(of_csv);
  }
  ExpectEqualPanels(ReadBlocks(of_parquet, {}), ReadBlocks(of_csv, {}));
  for (const std::size_t threads : {1, 3}) {
    // A wide CSV is cut by pieces of text, so its blocks are larger: compare rows by reading the CSV whole.
    for (const std::size_t consumers : {1, 3}) {
      const auto whole = ReadBlocks(of_csv, {});
      const auto blocks = ReadBlocks(of_parquet, {.consumers = consumers}, threads);
      ASSERT_TRUE(whole.ok()) << whole.error().ToString();
      ASSERT_TRUE(blocks.ok()) << blocks.error().ToString();
      std::size_t row = 0;
      for (const Panel& panel : *blocks) {
        ASSERT_LE(panel.rows(), consumers);
        for (std::size_t i = 0; i < panel.rows(); ++i, ++row) {
          EXPECT_EQ(panel.ContentHash(i), whole->front().ContentHash(row)) << panel.ids[i];
          EXPECT_EQ(panel.ids[i], whole->front().ids[row]);
          EXPECT_EQ(panel.labels[i], whole->front().labels[row]);
          EXPECT_EQ(panel.View(0, i).cadence, whole->front().View(0, row).cadence);
        }
      }
      EXPECT_EQ(row, whole->front().rows());
    }
  }
}

std::string Said(const std::string& bytes, const std::function<void(ReadOptions&)>& set = {}) {
  const TextFile file(bytes, ".parquet");
  ReadOptions options = OptionsFor(file);
  if (set) set(options);
  const auto read = ReadBlocks(options, {.consumers = 2});
  if (read.ok()) return "no error";
  EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput) << read.error().ToString();
  const std::string said = read.error().ToString();
  const std::string name = file.path().string();
  EXPECT_TRUE(said.starts_with(name)) << said;
  return said.substr(std::min(said.size(), name.size()));
}

// --- wide
// -------------------------------------------------------------------------------------------------------------

// Three days in no order; numbers in every type that a column may have.
std::vector<Column> WideColumns() {
  return {{"CONS_NO", Strings({"b", " a ", "c", "d", "e"})},
          {"FLAG", Integers({1, 0, std::nullopt, 0, 1})},
          {"2014/1/3", Doubles({0.1, std::nullopt, 2.5e-3, std::numeric_limits<double>::quiet_NaN(), -0.0})},
          {"2014/1/1", Integers({1, 2, std::nullopt, 4, 9007199254740993})},
          {"2014/1/2", ArrayOf<arrow::FloatBuilder, float>({0.5F, 1.25F, std::nullopt, -3.0F, 7.0F}, arrow::float32())},
          {"2014/1/4", ArrayOf<arrow::NullBuilder, std::nullptr_t>({{}, {}, {}, {}, {}}, arrow::null())},
          {"2014/1/5", ArrayOf<arrow::Decimal128Builder, arrow::Decimal128>(
                           {arrow::Decimal128(1234), arrow::Decimal128(-5), std::nullopt, arrow::Decimal128(0),
                            arrow::Decimal128(100)},
                           arrow::decimal128(9, 3))},
          {"2014/1/6", ArrayOf<arrow::UInt8Builder, std::uint8_t>({255, 0, 1, 2, std::nullopt}, arrow::uint8())}};
}

constexpr const char* kWideText =
    "CONS_NO,FLAG,2014/1/3,2014/1/1,2014/1/2,2014/1/4,2014/1/5,2014/1/6\n"
    "b,1,0.1,1,0.5,,1.234,255\n"
    " a ,0,,2,1.25,NaN,-0.005,0\n"
    "c,,2.5e-3,,,,,1\n"
    "d,0,NaN,4,-3,,0.000,2\n"
    "e,1,-0.0,9007199254740993,7,,0.100,\n";

TEST(WideParquet, GivesThePanelOfItsCsvTwin) {
  for (const std::int64_t rows_a_group : {1, 2, 100}) {
    for (const bool arrow_schema : {false, true}) {
      ExpectTwins(ParquetBytes(WideColumns(), {.rows_a_group = rows_a_group, .arrow_schema = arrow_schema}), kWideText);
    }
  }
  for (const auto compression : {parquet::Compression::UNCOMPRESSED, parquet::Compression::ZSTD,
                                 parquet::Compression::GZIP, parquet::Compression::LZ4, parquet::Compression::BROTLI}) {
    ExpectTwins(ParquetBytes(WideColumns(), {.rows_a_group = 2, .compression = compression}), kWideText);
  }
}

// More rows than a batch and more columns than a group, in uneven row groups.
TEST(WideParquet, ManyRowsAndColumns) {
  constexpr int kRows = 3000;
  constexpr int kDays = 40;
  numerics::Random random(7);
  std::vector<Column> columns;
  Cells<std::string> ids;
  std::string text = "id";
  for (int row = 0; row < kRows; ++row) ids.emplace_back("c" + std::to_string(row));
  columns.push_back({"id", CodedStrings(ids)});
  std::vector<Cells<double>> days(kDays);
  for (int day = 0; day < kDays; ++day) {
    for (int row = 0; row < kRows; ++row) {
      days[day].push_back(random.Bernoulli(0.1) ? std::nullopt : std::optional(random.Uniform()));
    }
    columns.push_back({FormatDate(day * kDay), Doubles(days[day])});
    text += "," + FormatDate(day * kDay);
  }
  text += "\n";
  for (int row = 0; row < kRows; ++row) {
    text += *ids[row];
    for (int day = 0; day < kDays; ++day) text += "," + (days[day][row] ? FormatDouble(*days[day][row]) : "");
    text += "\n";
  }
  const TextFile csv(text);
  const TextFile parquet(ParquetBytes(columns, {.rows_a_group = 700}), ".parquet");
  const auto whole = ReadBlocks(OptionsFor(csv), {});
  ExpectEqualPanels(ReadBlocks(OptionsFor(parquet), {}), whole);
  const auto blocks = ReadBlocks(OptionsFor(parquet), {.readings = 450 * kDays});
  ASSERT_TRUE(blocks.ok() && whole.ok());
  EXPECT_EQ(blocks->size(), 7U);
  std::size_t row = 0;
  for (const Panel& panel : *blocks) {
    for (std::size_t i = 0; i < panel.rows(); ++i, ++row) {
      EXPECT_EQ(panel.ContentHash(i), whole->front().ContentHash(row));
      EXPECT_EQ(panel.ids[i], *ids[row]);
    }
  }
}

TEST(WideParquet, TakesIdsAndLabelsOfEveryKind) {
  const auto day = [](const char* name) { return Column{name, Doubles({1, 2})}; };
  const std::string csv = "meter_id,theft,2014-01-01,2014-01-02\n7,1,1,1\n-8,0,2,2\n";
  const auto ids = std::vector{Integers({7, -8}),
                               Strings({"7", "-8"}),
                               CodedStrings({"7", "-8"}),
                               ArrayOf<arrow::LargeStringBuilder, std::string>({"7", "-8"}, arrow::large_utf8()),
                               ArrayOf<arrow::BinaryBuilder, std::string>({"7", "-8"}, arrow::binary()),
                               ArrayOf<arrow::Int16Builder, std::int16_t>({7, -8}, arrow::int16())};
  const auto labels = std::vector{ArrayOf<arrow::BooleanBuilder, bool>({true, false}, arrow::boolean()),
                                  Doubles({1, 0}), Strings({"1", "0"}), CodedStrings({"1", "0"}),
                                  ArrayOf<arrow::Int8Builder, std::int8_t>({1, 0}, arrow::int8())};
  for (const auto& id : ids) {
    ExpectTwins(ParquetBytes({{"meter_id", id}, {"theft", labels[0]}, day("2014-01-01"), day("2014-01-02")}), csv);
  }
  for (const auto& label : labels) {
    ExpectTwins(ParquetBytes({{"meter_id", ids[0]}, {"theft", label}, day("2014-01-01"), day("2014-01-02")}), csv);
  }
  const auto named = [](ReadOptions& options) { options.id_column = "punto"; };
  ExpectTwins(ParquetBytes({{"punto", Strings({"x", "y"})}, day("2014-01-01"), day("2014-01-02")}),
              "punto,2014-01-01,2014-01-02\nx,1,1\ny,2,2\n", named);
}

TEST(WideParquet, NamesWhatIsWrong) {
  const auto file = [](const std::vector<Column>& more, const Cells<std::string>& ids = {"a", "b", "c"}) {
    std::vector<Column> columns = {{"id", Strings(ids)}, {"2014-01-01", Doubles({1, 2, 3})}};
    columns.insert(columns.end(), more.begin(), more.end());
    return ParquetBytes(columns, {.rows_a_group = 2});
  };
  const Column next{"2014-01-02", Doubles({1, 2, 3})};
  EXPECT_EQ(Said(file({next})), "no error");
  EXPECT_EQ(Said(file({{"2014-01-02", Doubles({1, 2, std::numeric_limits<double>::infinity()})}})),
            ":row 3:2014-01-02: found inf, expected a finite number or nothing");
  EXPECT_EQ(Said(file({next}, {"a", "b", "a"})),
            ":row 3:id: found id 'a' again, expected one row a consumer; it is first on row 1");
  EXPECT_EQ(Said(file({next}, {"a", std::nullopt, "c"})), ":row 2:id: found no id, expected the consumer's id");
  EXPECT_EQ(Said(file({next, {"flag", Integers({0, 1, 2})}})),
            ":row 3:flag: found '2', expected a label: 0 (honest), 1 (theft) or nothing (unknown)");
  EXPECT_EQ(Said(file({{"2014-01-02", Strings({"1", "2", "3"})}})),
            ":2014-01-02: found a column of type string, expected numbers");
  EXPECT_EQ(Said(file({next, {"district", Strings({"1", "2", "3"})}})),
            ":district: found column 'district', expected a date, an id (CONS_NO) or a label (FLAG)");
  EXPECT_EQ(Said(file({next, {"2014/1/2", Doubles({1, 2, 3})}})).substr(0, 53),
            ":2014/1/2: found '2014/1/2', the same date as the col");
  EXPECT_EQ(Said(ParquetBytes({{"id", Doubles({1})}, {"2014-01-01", Doubles({1})}, {"2014-01-02", Doubles({1})}})),
            ":id: found a column of type double, expected ids as strings or integers");
  EXPECT_EQ(
      Said(ParquetBytes({{"x", Doubles({1})}, {"y", Doubles({1})}})),
      ": found 2 columns ('x', 'y'), expected one column a date beside CONS_NO, or the columns id, time and value, "
      "or id and lists called values with times, or with start and cadence");
  EXPECT_EQ(Said(ParquetBytes({{"id", Strings({})}, {"2014-01-01", Doubles({})}, {"2014-01-02", Doubles({})}})),
            ": holds columns and no rows; expected readings");
}

// --- long
// -------------------------------------------------------------------------------------------------------------

struct LongRow {
  std::string id;
  double time;
  std::optional<double> value;
  std::string kind;
  int label;
};

// Scattered over the file, with gaps, two kinds of different lengths, and a consumer without one of them.
std::vector<LongRow> LongRows() {
  std::vector<LongRow> rows;
  for (int step = 0; step < 9; ++step) {
    for (int consumer = 5; consumer-- > 0;) {
      const double time = (16000 + (consumer == 2 ? 8 - step : step)) * kDay + (step % 2 == 0 ? 0 : 1800.5);
      const std::string id = "c" + std::to_string(consumer);
      const bool missing = (step + consumer) % 4 == 0;
      rows.push_back(
          {id, time, missing ? std::nullopt : std::optional(consumer + step / 10.0), "energy", consumer % 2});
      if (step < 4 && consumer != 3) rows.push_back({id, time, 0.1 * step, "power", consumer % 2});
    }
  }
  return rows;
}

std::string LongText(const std::vector<LongRow>& rows, const std::function<std::string(double)>& time) {
  std::string text = "id,time,kwh,kind,label,note\n";
  for (const LongRow& row : rows) {
    text += row.id + "," + time(row.time) + "," + (row.value ? FormatDouble(*row.value) : "") + "," + row.kind + "," +
            std::to_string(row.label) + ",\n";
  }
  return text;
}

std::vector<Column> LongColumnsOf(const std::vector<LongRow>& rows, const std::shared_ptr<arrow::Array>& times,
                                  bool coded) {
  Cells<std::string> ids, kinds;
  Cells<double> values;
  Cells<std::int64_t> labels;
  for (const LongRow& row : rows) {
    ids.emplace_back(row.id);
    kinds.emplace_back(row.kind);
    values.push_back(row.value);
    labels.emplace_back(row.label);
  }
  const auto texts = [&](const Cells<std::string>& cells) { return coded ? CodedStrings(cells) : Strings(cells); };
  return {{"kwh", Doubles(values)}, {"label", Integers(labels)},
          {"kind", texts(kinds)},   {"note", Strings(Cells<std::string>(rows.size()))},
          {"time", times},          {"id", texts(ids)}};
}

// A time with half seconds as a text.
std::string Written(double time) { return FormatDateTime(std::floor(time)) + (time == std::floor(time) ? "" : ".5"); }

Cells<std::int64_t> Ticks(const std::vector<LongRow>& rows, double a_second) {
  Cells<std::int64_t> ticks;
  for (const LongRow& row : rows) ticks.emplace_back(static_cast<std::int64_t>(row.time * a_second));
  return ticks;
}

std::shared_ptr<arrow::Array> Timestamps(const Cells<std::int64_t>& ticks, arrow::TimeUnit::type unit,
                                         const std::string& zone = "") {
  return ArrayOf<arrow::TimestampBuilder>(ticks, arrow::timestamp(unit, zone));
}

TEST(LongParquet, GivesThePanelOfItsCsvTwin) {
  const std::vector<LongRow> rows = LongRows();
  const std::string csv = LongText(rows, Written);
  Cells<std::string> texts;
  for (const LongRow& row : rows) texts.emplace_back(Written(row.time));
  const auto arrays = std::vector{Timestamps(Ticks(rows, 1e3), arrow::TimeUnit::MILLI),
                                  Timestamps(Ticks(rows, 1e6), arrow::TimeUnit::MICRO),
                                  Timestamps(Ticks(rows, 1e9), arrow::TimeUnit::NANO),
                                  Timestamps(Ticks(rows, 1e3), arrow::TimeUnit::MILLI, "UTC"),
                                  Strings(texts),
                                  CodedStrings(texts)};
  for (const auto& times : arrays) {
    for (const std::int64_t rows_a_group : {7, 1000}) {
      for (const bool arrow_schema : {false, true}) {
        const WriteOptions options{.rows_a_group = rows_a_group, .arrow_schema = arrow_schema};
        ExpectTwins(ParquetBytes(LongColumnsOf(rows, times, arrow_schema), options), csv);
      }
    }
  }
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, arrays[2], false), {.rows_a_group = 7, .int96 = true}), csv);
}

TEST(LongParquet, KeepsLocalTimeWhereTheZoneIsAnOffset) {
  const std::vector<LongRow> rows = LongRows();
  Cells<std::int64_t> ticks = Ticks(rows, 1e3);
  for (auto& tick : ticks) *tick -= 8 * 3600 * 1000;
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, Timestamps(ticks, arrow::TimeUnit::MILLI, "+08:00"), false)),
              LongText(rows, Written));
  EXPECT_EQ(
      Said(ParquetBytes(LongColumnsOf(rows, Timestamps(ticks, arrow::TimeUnit::MILLI, "Asia/Shanghai"), false))),
      ":time: found times in the zone 'Asia/Shanghai', expected local times without a zone, UTC, or an offset such "
      "as +08:00");
}

TEST(LongParquet, TakesDatesAndNumbersForTimes) {
  std::vector<LongRow> rows = LongRows();
  for (LongRow& row : rows) row.time = std::floor(row.time / kDay) * kDay;
  Cells<std::int32_t> days;
  Cells<std::int64_t> milliseconds, seconds, steps;
  Cells<double> numbers;
  for (const LongRow& row : rows) {
    days.emplace_back(static_cast<std::int32_t>(row.time / kDay));
    milliseconds.emplace_back(static_cast<std::int64_t>(row.time * 1000));
    seconds.emplace_back(static_cast<std::int64_t>(row.time));
    steps.emplace_back(static_cast<std::int64_t>(row.time / kDay));
    numbers.emplace_back(row.time / kDay / 7);
  }
  const std::string dates = LongText(rows, [](double time) { return FormatDate(time); });
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, ArrayOf<arrow::Date32Builder>(days, arrow::date32()), true)), dates);
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, ArrayOf<arrow::Date64Builder>(milliseconds, arrow::date64()), true)),
              dates);
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, Timestamps(seconds, arrow::TimeUnit::SECOND), true)), dates);
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, Integers(steps), true)),
              LongText(rows, [](double time) { return FormatDouble(time / kDay); }));
  ExpectTwins(ParquetBytes(LongColumnsOf(rows, Doubles(numbers), true), {.rows_a_group = 5}),
              LongText(rows, [](double time) { return FormatDouble(time / kDay / 7); }));
}

TEST(LongParquet, HonoursNamesOfColumns) {
  const std::string parquet = ParquetBytes({{"cups", Strings({"x", "x"})},
                                            {"id", Strings({"no", "no"})},
                                            {"fecha", Strings({"13/01/2014", "14/01/2014"})},
                                            {"activa", Doubles({1, 2})},
                                            {"magnitud", Strings({"AE", std::nullopt})}});
  ExpectTwins(parquet, "cups,id,fecha,activa,magnitud\nx,no,13/01/2014,1,AE\nx,no,14/01/2014,2,\n",
              [](ReadOptions& options) {
                options.id_column = "CUPS";
                options.time_column = "fecha";
                options.value_column = "activa";
                options.kind_column = "magnitud";
              });
}

TEST(LongParquet, NamesWhatIsWrong) {
  const auto file = [](const std::shared_ptr<arrow::Array>& ids, const std::shared_ptr<arrow::Array>& times,
                       const std::shared_ptr<arrow::Array>& values, std::vector<Column> more = {}) {
    std::vector<Column> columns = {{"id", ids}, {"time", times}, {"kwh", values}};
    columns.insert(columns.end(), more.begin(), more.end());
    return ParquetBytes(columns, {.rows_a_group = 2});
  };
  const auto ids = Strings({"a", "b", "a", "b"});
  const auto times = Integers({1, 1, 2, 2});
  const auto values = Doubles({1, 2, 3, 4});
  EXPECT_EQ(Said(file(ids, times, values)), "no error");
  EXPECT_EQ(Said(file(ids, Integers({1, 1, 2, 1}), values)),
            ":row 4: found a second reading of 'b' at 1, expected one; the first is on row 2");
  EXPECT_EQ(Said(file(ids, Timestamps({0, 1, 0, 2}, arrow::TimeUnit::SECOND), values)),
            ":row 3: found a second reading of 'a' at 1970-01-01T00:00:00, expected one; the first is on row 1");
  EXPECT_EQ(Said(file(Strings({"a", "b", std::nullopt, "b"}), times, values)),
            ":row 3:id: found no id, expected the consumer's id");
  EXPECT_EQ(Said(file(ids, Integers({1, 1, std::nullopt, 2}), values)),
            ":row 3:time: found no time, expected one for every reading");
  EXPECT_EQ(Said(file(ids, Strings({"2014-01-01", "2014-01-01", "2014-13-02", "2014-01-02"}), values)),
            ":row 3:time: found '2014-13-02', which is no day of the calendar");
  EXPECT_EQ(Said(file(ids, times, Doubles({1, 2, 3, -std::numeric_limits<double>::infinity()}))),
            ":row 4:kwh: found -inf, expected a finite number or nothing");
  EXPECT_EQ(Said(file(ids, times, Strings({"1", "2", "3", "4"}))),
            ":kwh: found a column of type string, expected numbers");
  EXPECT_EQ(Said(file(ids, ArrayOf<arrow::BooleanBuilder, bool>({true, true, false, false}, arrow::boolean()), values)),
            ":time: found times of type bool, expected timestamps, dates or numbers");
  EXPECT_EQ(Said(file(ids, times, values, {{"label", Integers({0, 1, 1, 1})}})),
            ":row 3:label: found another label for 'a', expected the same in all its rows");
  EXPECT_EQ(Said(file(ids, times, values), [](ReadOptions& options) { options.kind_column = "what"; }),
            ": found no column 'what' for the kind of reading");
}

// --- lists
// ------------------------------------------------------------------------------------------------------------

// Lists of different lengths, a null and an empty one.
const std::vector<int> kLengths = {4, 3, 5};
const Cells<double> kItems = {0.1, {}, 3, 4, 5.5, 6, {}, 8, 9, {}, 11, 12};

std::string ListText(const std::function<std::string(int row, int k)>& time) {
  std::string text = "id,time,value,label\n";
  int item = 0;
  for (int row = 0; row < 3; ++row) {
    for (int k = 0; k < kLengths[row]; ++k, ++item) {
      text += "c" + std::to_string(row) + "," + time(row, k) + "," + (kItems[item] ? FormatDouble(*kItems[item]) : "") +
              "," + std::to_string(row % 2) + "\n";
    }
  }
  return text;
}

std::vector<Column> ListColumns(std::vector<Column> more) {
  std::vector<Column> columns = {{"id", Strings({"c0", "c1", "c2"})},
                                 {"label", Integers({0, 1, 0})},
                                 {"values", Lists(kLengths, Doubles(kItems))}};
  columns.insert(columns.end(), more.begin(), more.end());
  return columns;
}

TEST(ListParquet, GivesThePanelOfItsLongCsvTwin) {
  Cells<std::int64_t> microseconds;
  Cells<double> numbers;
  for (int row = 0; row < 3; ++row) {
    for (int k = 0; k < kLengths[row]; ++k) {
      const int step = row == 1 ? 5 - k : k;  // one list runs backwards
      microseconds.emplace_back((16000LL + step) * 86'400'000'000 + 1'800'000'000);
      numbers.emplace_back(step / 3.0);
    }
  }
  const auto at = [](int row, int k) { return row == 1 ? 5 - k : k; };
  const std::string dates =
      ListText([&](int row, int k) { return FormatDateTime((16000 + at(row, k)) * kDay + 1800); });
  const std::string steps = ListText([&](int row, int k) { return FormatDouble(at(row, k) / 3.0); });
  for (const std::int64_t rows_a_group : {1, 2, 100}) {
    const WriteOptions options{.rows_a_group = rows_a_group};
    const auto times = Lists(kLengths, Timestamps(microseconds, arrow::TimeUnit::MICRO));
    ExpectTwins(ParquetBytes(ListColumns({{"times", times}}), options), dates);
    ExpectTwins(ParquetBytes(ListColumns({{"times", Lists(kLengths, Doubles(numbers))}}), options), steps);
  }
}

TEST(ListParquet, CountsTimesFromAStart) {
  struct Case {
    const char* cadence;
    std::function<std::string(int)> time;
  };
  const auto every = [](double seconds) {
    return [seconds](int k) { return FormatDateTime(16071 * kDay + k * seconds); };  // 2014-01-01
  };
  const std::vector<Case> cases = {
      {"daily", every(kDay)},       {"hourly", every(3600)},
      {"half_hourly", every(1800)}, {"quarter_hourly", every(900)},
      {"weekly", every(7 * kDay)},  {"monthly", [](int k) { return "2014-0" + std::to_string(k + 1) + "-01"; }}};
  const auto starts = std::vector{ArrayOf<arrow::Date32Builder, std::int32_t>({16071, 16071, 16071}, arrow::date32()),
                                  Timestamps({16071 * 86400, 16071 * 86400, 16071 * 86400}, arrow::TimeUnit::SECOND),
                                  Strings({"2014-01-01", "2014-01-01", "2014-01-01"})};
  for (const Case& one : cases) {
    for (const auto& start : starts) {
      const auto cadence = CodedStrings(Cells<std::string>(3, one.cadence));
      ExpectTwins(ParquetBytes(ListColumns({{"start", start}, {"cadence", cadence}}), {.rows_a_group = 2}),
                  ListText([&](int, int k) { return one.time(k); }));
    }
  }
}

TEST(ListParquet, TakesListsOfEveryKind) {
  const std::string csv = "id,time,value\na,2014-01-01,1\na,2014-01-02,2\nb,2014-01-01,3\nb,2014-01-02,4\n";
  const auto floats = ArrayOf<arrow::FloatBuilder, float>({1.F, 2.F, 3.F, 4.F}, arrow::float32());
  const auto fixed = Must(arrow::FixedSizeListArray::FromArrays(floats, 2));
  for (const auto& values :
       {Lists({2, 2}, floats), Lists<arrow::LargeListArray>({2, 2}, Integers({1, 2, 3, 4})), fixed}) {
    ExpectTwins(ParquetBytes({{"id", Strings({"a", "b"})},
                              {"values", values},
                              {"start", Strings({"2014-01-01", "2014-01-01"})},
                              {"cadence", Strings({"daily", "daily"})}}),
                csv);
  }
}

TEST(ListParquet, AnEmptyOrNullListIsAConsumerWithoutReadings) {
  const TextFile file(ParquetBytes({{"id", Strings({"a", "b", "c"})},
                                    {"values", Lists({2, -1, 0}, Doubles({1, 2}))},
                                    {"times", Lists({2, 0, -1}, Doubles({1, 2}))}}),
                      ".parquet");
  const auto read = ReadBlocks(OptionsFor(file), {});
  ASSERT_TRUE(read.ok()) << read.error().ToString();
  EXPECT_EQ(read->front().ids, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(read->front().kinds.front().timeline->offsets, (std::vector<std::size_t>{0, 2, 2, 2}));
  EXPECT_EQ(read->front().kinds.front().unit, "kWh");
}

TEST(ListParquet, NamesWhatIsWrong) {
  const auto from_start = [](const Cells<std::string>& starts, const Cells<std::string>& cadences) {
    return ParquetBytes(ListColumns({{"start", Strings(starts)}, {"cadence", Strings(cadences)}}), {.rows_a_group = 1});
  };
  const auto with_times = [](const std::vector<int>& lengths, const Cells<double>& times) {
    return ParquetBytes(ListColumns({{"times", Lists(lengths, Doubles(times))}}), {.rows_a_group = 2});
  };
  EXPECT_EQ(Said(from_start({"2014-01-01", "2014-01-02", "2014-01-03"}, {"daily", "daily", "daily"})), "no error");
  EXPECT_EQ(Said(from_start({"2014-01-01", "2014-01-02", "2014-01-03"}, {"daily", "hourly", "daily"})),
            ":row 2:cadence: found 'hourly', expected the cadence of the first row: one file, one cadence");
  EXPECT_EQ(
      Said(from_start({"2014-01-01", "2014-01-02", "2014-01-03"}, {"yearly", "daily", "daily"})),
      ":row 1:cadence: found 'yearly', expected one of daily, half_hourly, quarter_hourly, hourly, weekly, monthly");
  EXPECT_EQ(Said(from_start({"2014-01-01", "2014-02-01", "2014-02-03"}, {"monthly", "monthly", "monthly"})),
            ":row 3:start: found 2014-02-03T00:00:00, expected the first day of a month");
  EXPECT_EQ(Said(from_start({"2014-01-01", "someday", "2014-01-03"}, {"daily", "daily", "daily"})),
            ":row 2:start: found 'someday', expected a date such as 2014-01-31");
  EXPECT_EQ(Said(with_times({4, 3, 5}, {1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 3, 5})),
            ":row 3:times: found a second reading of 'c2' at 3, expected one");
  EXPECT_EQ(Said(with_times({4, 2, 5}, {1, 2, 3, 4, 1, 2, 1, 2, 3, 4, 5})),
            ":row 2:times: found 2 times for 3 readings, expected as many");
  EXPECT_EQ(Said(with_times({4, 3, 5}, {1, 2, 3, 4, 1, {}, 3, 1, 2, 3, 4, 5})),
            ":row 2:times: found no time, expected one for every reading (item 2 of the list)");
  EXPECT_EQ(Said(from_start(Cells<std::string>(3, "2014-01-01"), Cells<std::string>(3, "daily")),
                 [](ReadOptions& options) { options.id_column = "meter"; }),
            ": found no column 'meter' for the consumer's id");
  EXPECT_EQ(Said(ParquetBytes(ListColumns({}))),
            ": found lists of readings without their times, expected a column times, or start and cadence");
  EXPECT_EQ(Said(ParquetBytes({{"id", Strings({"a", "a"})},
                               {"values", Lists({1, 1}, Doubles({1, 2}))},
                               {"times", Lists({1, 1}, Doubles({1, 2}))}})),
            ":row 2:id: found id 'a' again, expected one row a consumer; it is first on row 1");
  EXPECT_EQ(Said(ParquetBytes(
                {{"id", Strings({"a"})}, {"values", Lists({1}, Strings({"1"}))}, {"times", Lists({1}, Doubles({1}))}})),
            ":values: found a column of type list<element: string>, expected lists of numbers");
}

// --- damage
// -----------------------------------------------------------------------------------------------------------

TEST(Parquet, EveryTruncationIsRefused) {
  const std::string whole = ParquetBytes(LongColumnsOf(LongRows(), Integers(Ticks(LongRows(), 1)), true));
  for (std::size_t length = 4; length < whole.size(); length += 7) {
    EXPECT_EQ(Said(whole.substr(0, length)),
              ": begins as a Parquet file, but does not end as one: it is cut off; expected a whole file");
  }
  EXPECT_NE(Said("PAR1").find("cut off"), std::string::npos);
  EXPECT_NE(Said("PAR1PAR1").find("cut off"), std::string::npos);
}

// Bytes changed anywhere: a sound panel or a clear error, never a crash.
TEST(Parquet, DamageEndsInAnErrorOrASoundPanel) {
  numerics::Random random(11);
  const std::vector<std::string> files = {
      ParquetBytes(WideColumns(), {.rows_a_group = 2}),
      ParquetBytes(LongColumnsOf(LongRows(), Integers(Ticks(LongRows(), 1)), true), {.rows_a_group = 9}),
      ParquetBytes(ListColumns({{"start", Strings(Cells<std::string>(3, "2014-01-01"))},
                                {"cadence", Strings(Cells<std::string>(3, "daily"))}}))};
  int refused = 0;
  for (int variant = 0; variant < 300; ++variant) {
    std::string bytes = files[variant % files.size()];
    for (std::uint64_t wounds = 1 + random.Below(3); wounds > 0; --wounds) {
      bytes[4 + random.Below(bytes.size() - 8)] = static_cast<char>(random.Below(256));
    }
    const TextFile file(bytes, ".parquet");
    const auto read = ReadBlocks(OptionsFor(file), {}, 1 + variant % 3);
    if (read.ok()) continue;
    ++refused;
    EXPECT_TRUE(read.error().ToString().starts_with(file.path().string())) << read.error().ToString();
    EXPECT_NE(read.error().code, ErrorCode::kInternal) << read.error().ToString();
  }
  EXPECT_GT(refused, 100);
}

TEST(Parquet, OtherFilesThatAreCalledSoAreRead) {
  const TextFile csv("id,time,value\na,1,2\n", ".parquet");
  EXPECT_TRUE(ReadBlocks(OptionsFor(csv), {}).ok());
  EXPECT_EQ(Said("PARE and so on").substr(0, 30), ": is an encrypted Parquet file");
}

}  // namespace
}  // namespace meterhound::readings

#else

#include <gtest/gtest.h>

#include "support/readings_support.h"

namespace meterhound::readings {

TEST(Parquet, IsRefusedByABuildWithoutIt) {
  const auto read = testing::ReadText(testing::TextFile("PAR1 and so on", ".parquet"));
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, ErrorCode::kUnsupported);
}

}  // namespace meterhound::readings

#endif
