// Extraction in blocks: the same file, byte for byte, as extraction at once.
#include "pipeline/extraction.h"

#include <gtest/gtest.h>

#include "base/file.h"
#include "support/readings_support.h"

namespace meterhound::pipeline {
namespace {

using readings::testing::TextFile;

std::string Readings() {
  std::string text = "id,time,value,kind\n";
  for (int i = 0; i < 70 * 9; ++i) {
    const int consumer = i % 9;
    text += "c" + std::to_string(consumer) + "," + std::to_string(i / 9) + "," + std::to_string((i * 37) % 101 * 0.25) +
            (i % 2 == 0 ? ",heat\n" : ",light\n");
  }
  return text;
}

Result<std::string> Extract(const std::string& text, const std::string& suffix, ExtractionOptions options,
                            Config config) {
  const TextFile input(text);
  const TextFile out("", suffix);
  options.input.file = input.path();
  options.out = out.path();
  ThreadPool pool(2);
  Progress progress;
  METERHOUND_ASSIGN_OR_RETURN(const ExtractionReport report,
                              ExtractToFile(options, config, {.pool = pool, .progress = progress, .stop = {}}));
  EXPECT_EQ(report.consumers, 9U);
  return ReadFile(out.path());
}

TEST(Extraction, BlocksChangeNothing) {
  for (const std::string settings : {"auto", "minimal", "theft"}) {
    for (const bool impute : {false, true}) {
      Config config;
      config.tsfresh_settings = settings;
      const auto whole = Extract(Readings(), ".csv", {.impute = impute}, config);
      ASSERT_TRUE(whole.ok()) << whole.error().ToString();
      for (const std::size_t block : {std::size_t{1}, std::size_t{200}}) {
        const auto blocks = Extract(Readings(), ".csv", {.impute = impute, .block_readings = block}, config);
        ASSERT_TRUE(blocks.ok()) << blocks.error().ToString();
        EXPECT_EQ(*blocks, *whole) << settings;
      }
    }
  }
}

TEST(Extraction, AnErrorInTheLastBlockLeavesTheOldFile) {
  const TextFile input(Readings() + "c8,99,?,heat\n");
  const TextFile out("what was there");
  ExtractionOptions options{.out = out.path(), .block_readings = 1};
  options.input.file = input.path();
  ThreadPool pool(2);
  Progress progress;
  const auto report = ExtractToFile(options, Config(), {.pool = pool, .progress = progress, .stop = {}});
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().where, input.path().string() + ":632:7");
  EXPECT_EQ(ReadFile(out.path()).value(), "what was there");
}

}  // namespace
}  // namespace meterhound::pipeline
