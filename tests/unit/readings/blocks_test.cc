// A file read in blocks holds what the same file holds when it is read at once, whatever the block.
#include <gtest/gtest.h>

#include <cmath>

#include "base/numbers.h"
#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

using testing::TextFile;

struct InBlocks {
  Result<std::vector<Panel>> panels;
  std::size_t consumers = 0;
  std::size_t longest = 0;
};

InBlocks ReadBlocks(const TextFile& file, const BlockSize& block, std::size_t threads = 2) {
  ThreadPool pool(threads);
  Progress progress;
  const RunContext context{.pool = pool, .progress = progress, .stop = {}};
  ReadOptions options;
  options.file = file.path();
  const auto stream = OpenPanel(options, block, context);
  if (!stream) return {stream.error()};
  std::vector<Panel> panels;
  while (true) {
    auto panel = (*stream)->Next(context);
    if (!panel) return {panel.error()};
    if (panel->rows() == 0) return {std::move(panels), (*stream)->consumers(), (*stream)->longest()};
    panels.push_back(std::move(panel).value());
  }
}

// Everything that features depend on, as text.
std::string Row(const Panel& panel, std::size_t row) {
  std::string text = panel.ids[row] + " " + std::to_string(panel.labels[row]);
  for (std::size_t kind = 0; kind < panel.kinds.size(); ++kind) {
    const SeriesView view = panel.View(kind, row);
    text += " | " + panel.kinds[kind].name + " " + std::to_string(static_cast<int>(view.cadence));
    for (std::size_t i = 0; i < view.values.size(); ++i) {
      text += " " + FormatDouble(view.times[i]) + ":" + (view.missing[i] != 0 ? "-" : FormatDouble(view.values[i]));
    }
  }
  return text;
}

std::vector<std::string> Rows(const std::vector<Panel>& panels) {
  std::vector<std::string> rows;
  for (const Panel& panel : panels) {
    for (std::size_t row = 0; row < panel.rows(); ++row) rows.push_back(Row(panel, row));
  }
  return rows;
}

std::string Wide(const std::string& quote) {
  std::string text = "CONS_NO,FLAG,2014/1/1,2014/1/2,2014/1/3,2014/1/4\n";
  for (int i = 0; i < 50; ++i) {
    text += quote + "c" + std::to_string(i) + quote + "," + std::to_string(i % 2) + "," + std::to_string(i) + ",,3.5," +
            std::to_string(i * i) + "\n" + (i % 7 == 0 ? "\n" : "");
  }
  return text;
}

// Two kinds of different lengths; one consumer lacks one of them.
std::string Long(bool scattered) {
  std::string text = "id,time,value,kind,label\n";
  const auto add = [&](int consumer, int step) {
    const std::string id = "c" + std::to_string(consumer);
    const std::string label = std::to_string(consumer % 2);
    text += id + ",2014-01-0" + std::to_string(step + 1) + "," + std::to_string(consumer * step) + ",energy," + label +
            "\n";
    if (step < 3 && consumer != 4) {
      text += id + ",2014-01-0" + std::to_string(2 * step + 1) + "," + std::to_string(step) + ",power," + label + "\n";
    }
  };
  for (int outer = 0; outer < (scattered ? 6 : 11); ++outer) {
    for (int inner = 0; inner < (scattered ? 11 : 6); ++inner) scattered ? add(inner, outer) : add(outer, inner);
  }
  return text;
}

TEST(Blocks, TogetherAreTheWholeFile) {
  for (const std::string& text : {Wide(""), Wide("\""), Long(false), Long(true)}) {
    const TextFile file(text);
    const auto whole = testing::ReadText(file);
    ASSERT_TRUE(whole.ok()) << whole.error().ToString();
    const auto expected = Rows({*whole});
    for (const BlockSize block :
         {BlockSize{}, BlockSize{.readings = 1}, BlockSize{.readings = 30}, BlockSize{.consumers = 4}}) {
      const InBlocks read = ReadBlocks(file, block);
      ASSERT_TRUE(read.panels.ok()) << read.panels.error().ToString();
      EXPECT_EQ(Rows(*read.panels), expected);
      EXPECT_EQ(read.consumers, whole->rows());
      EXPECT_EQ(read.longest, text[0] == 'C' ? 4U : 6U);
    }
  }
}

TEST(Blocks, AreAsSmallAsAskedFor) {
  const auto read = ReadBlocks(TextFile(Long(true)), {.consumers = 4});
  ASSERT_TRUE(read.panels.ok());
  ASSERT_EQ(read.panels->size(), 3U);
  EXPECT_EQ((*read.panels)[0].rows(), 4U);
  EXPECT_EQ((*read.panels)[2].rows(), 3U);
  EXPECT_EQ(ReadBlocks(TextFile(Long(false)), {.readings = 1}).panels->size(), 11U);
}

// Larger than a piece, so that both readers cut the text and number the lines across cuts.
TEST(Blocks, ErrorsFarDownTheFileHaveTheirLine) {
  std::string wide = "CONS_NO,2014/1/1,2014/1/2\n";
  std::string scattered = "id,time,value\n";
  for (int i = 0; i < 100'000; ++i) {
    const std::string id = "a-rather-long-name-" + std::to_string(i);
    wide += id + ",1,2\n";
    scattered += id + ",1,2\n";
  }
  for (const auto& [text, said] : {std::pair{wide + "x,1,?\n", ":100002:5"},
                                   {scattered + "x,1,?\n", ":100002:5"},
                                   {"\"CONS_NO\"" + wide.substr(7) + "x,1,?\n", ":100002:5"},
                                   {wide + "a-rather-long-name-5,1,1\n", ":100002"},
                                   {scattered + "a-rather-long-name-5,1,1\n", ":100002"}}) {
    const TextFile file(text);
    const auto read = ReadBlocks(file, {.readings = 50'000});
    ASSERT_FALSE(read.panels.ok());
    EXPECT_EQ(read.panels.error().where, file.path().string() + said) << read.panels.error().message;
  }
}

}  // namespace
}  // namespace meterhound::readings
