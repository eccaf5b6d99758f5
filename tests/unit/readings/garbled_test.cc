// Hundreds of damaged files of each self-describing kind: each ends in a clear error or in a sound panel.
#include <gtest/gtest.h>

#include <functional>

#include "numerics/random.h"
#include "support/bills_support.h"
#include "support/readings_support.h"

namespace meterhound::readings {
namespace {

using testing::TextFile;

constexpr int kVariants = 240;

std::string WideText() {
  std::string text = "CONS_NO,FLAG,2014/1/1,2014/1/2,2014/1/3,2014/1/13,2014/2/28\n";
  for (int row = 0; row < 30; ++row) {
    text += "C" + std::to_string(row) + "," + (row % 3 == 0 ? "1" : "0");
    for (int day = 0; day < 5; ++day)
      text += "," + ((row + day) % 4 == 0 ? "" : std::to_string(row) + "." + std::to_string(day));
    text += row % 2 == 0 ? "\n" : "\r\n";
  }
  return text;
}

std::string LongText() {
  std::string text = "id,time,kwh,kind\n";
  for (int row = 0; row < 80; ++row) {
    text += "\"c " + std::to_string(row % 7) + "\",2014-01-" + (row / 7 < 9 ? "0" : "") + std::to_string(1 + row / 7) +
            "," + std::to_string(row) + "e-1," + (row % 2 == 0 ? "elec" : "gas") + "\n";
  }
  return text;
}

// One or several wounds, all by seed.
std::string Damage(std::string text, numerics::Random& random) {
  const auto place = [&] { return static_cast<std::size_t>(random.Below(std::max<std::size_t>(1, text.size()))); };
  const auto wounds = 1 + random.Below(3);
  for (std::uint64_t wound = 0; wound < wounds && !text.empty(); ++wound) {
    switch (random.Below(9)) {
      case 0:
        text.resize(place());
        break;
      case 1:
        text[place()] = static_cast<char>(random.Below(256));
        break;
      case 2:
        text.insert(place(), 1, ',');
        break;
      case 3:
        text.insert(place(), 1, '"');
        break;
      case 4:
        text.insert(place(), 1, '\0');
        break;
      case 5:
        text.insert(place(), "\xFF\xFE");
        break;
      case 6:
        text.insert(place(), "\n");
        break;
      case 7: {  // a stretch twice
        const std::size_t at = place();
        text.insert(at, text.substr(at, 40));
        break;
      }
      default:
        text.erase(place(), 1 + random.Below(30));
        break;
    }
  }
  return text;
}

struct Outcomes {
  int read = 0;
  int refused = 0;
};

Outcomes TryVariants(const std::string& text, const std::string& suffix, std::uint64_t seed,
                     const std::function<std::string(const std::string&, numerics::Random&)>& make) {
  numerics::Random random(seed);
  Outcomes outcomes;
  for (int variant = 0; variant < kVariants; ++variant) {
    const TextFile file(make(text, random), suffix);
    const auto panel = testing::ReadText(file, DateOrder::kAuto, 1 + variant % 3);
    if (panel.ok()) {
      ++outcomes.read;
      const auto valid = panel->Validate();
      EXPECT_TRUE(valid.ok()) << "variant " << variant << ": " << (valid.ok() ? "" : valid.error().ToString());
      EXPECT_GT(panel->rows(), 0U) << "variant " << variant;
    } else {
      ++outcomes.refused;
      const std::string said = panel.error().ToString();
      EXPECT_NE(said.find(file.path().filename().string()), std::string::npos) << "variant " << variant << ": " << said;
      EXPECT_GT(panel.error().message.size(), 8U) << said;
      EXPECT_NE(panel.error().code, ErrorCode::kInternal) << said;
    }
  }
  return outcomes;
}

TEST(Garbled, WideFiles) {
  const Outcomes outcomes = TryVariants(WideText(), ".csv", 1, Damage);
  EXPECT_GT(outcomes.read, 2);
  EXPECT_GT(outcomes.refused, 50);
}

TEST(Garbled, LongFiles) {
  const Outcomes outcomes = TryVariants(LongText(), ".csv", 2, Damage);
  EXPECT_GT(outcomes.read, 2);
  EXPECT_GT(outcomes.refused, 50);
}

// Damage inside the text before packing, and to the packed bytes.
TEST(Garbled, PackedFiles) {
  const auto packed_after = [](auto pack) {
    return [pack](const std::string& text, numerics::Random& random) {
      return random.Bernoulli(0.5) ? pack(Damage(text, random)) : Damage(pack(text), random);
    };
  };
  const Outcomes gzip =
      TryVariants(WideText(), ".csv.gz", 3, packed_after([](const std::string& t) { return testing::Gzip(t); }));
  EXPECT_GT(gzip.read, 2);
  EXPECT_GT(gzip.refused, 100);
  const Outcomes zstd =
      TryVariants(LongText(), ".csv.zst", 4, packed_after([](const std::string& t) { return testing::Zstd(t); }));
  EXPECT_GT(zstd.read, 2);
  EXPECT_GT(zstd.refused, 100);
}

TEST(Garbled, EveryTruncationOfAPackedFileIsRefused) {
  const std::string whole = testing::Gzip(WideText());
  for (std::size_t length = 1; length < whole.size(); length += 3) {
    const TextFile file(whole.substr(0, length), ".csv.gz");
    EXPECT_FALSE(testing::ReadText(file).ok()) << length;
  }
}

}  // namespace
}  // namespace meterhound::readings
