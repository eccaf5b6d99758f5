// The table of signs, and their tails among the honest.
#include "detectors/signs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace meterhound::detectors {
namespace {

struct Sign {
  std::string_view feature;  // the end of a column's name
  std::string_view name;
};

constexpr std::array kSigns = {
    Sign{"__longest_plateau__stat_\"longest_share\"", "equal_readings"},
    Sign{"__clipped_peaks__stat_\"share_near_maximum\"", "near_highest"},
    Sign{"__on_off_switching__stat_\"drops\"", "halvings"},
    Sign{"__zero_streaks__stat_\"longest_share\"", "zeros"},
};

constexpr std::size_t kTailPart = 20;  // one in twenty: more common values are not strange
constexpr std::size_t kMostKept = 2000;

}  // namespace

Signs Signs::Learn(const FeatureTable& table, std::span<const std::size_t> honest,
                   std::span<const std::size_t> columns) {
  Signs signs;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    for (std::size_t sign = 0; sign < kSigns.size(); ++sign) {
      if (!table.columns[columns[i]].name.ends_with(kSigns[sign].feature)) continue;
      Tail tail{.column = i, .sign = sign, .honest = 0, .largest = {}};
      for (const std::size_t row : honest) {
        const double value = table.Row(row)[columns[i]];
        if (std::isfinite(value)) tail.largest.push_back(value);
      }
      tail.honest = tail.largest.size();
      std::sort(tail.largest.begin(), tail.largest.end());
      const std::size_t kept = std::min(kMostKept, tail.honest / kTailPart);
      if (kept == 0) continue;
      tail.largest.erase(tail.largest.begin(), tail.largest.end() - static_cast<std::ptrdiff_t>(kept));
      signs.tails_.push_back(std::move(tail));
    }
  }
  return signs;
}

Strangeness Signs::Of(const FeatureTable& table, std::size_t row, std::span<const std::size_t> column_of) const {
  Strangeness strangeness;
  for (const Tail& tail : tails_) {
    const double value = table.Row(row)[column_of[tail.column]];
    // At the tail's lowest value ties may reach out of it, and then the share is not known.
    if (!std::isfinite(value) || value <= tail.largest.front()) continue;
    const auto as_much = tail.largest.end() - std::lower_bound(tail.largest.begin(), tail.largest.end(), value);
    const double share = static_cast<double>(as_much + 1) / static_cast<double>(tail.honest + 1);
    strangeness.product *= share;
    if (share >= strangeness.rarest_share) continue;
    strangeness.rarest_share = share;
    strangeness.sign = kSigns[tail.sign].name;
  }
  return strangeness;
}

Json Signs::ToJson() const {
  Json json = Json::array();
  for (const Tail& tail : tails_) {
    json.push_back({{"column", tail.column},
                    {"feature", kSigns[tail.sign].feature},
                    {"honest", tail.honest},
                    {"largest", tail.largest}});
  }
  return json;
}

Result<Signs> Signs::FromJson(const Json& json, std::size_t columns) {
  Signs signs;
  try {
    for (const Json& from : json) {
      Tail tail{.column = from.at("column").get<std::size_t>(),
                .sign = 0,
                .honest = from.at("honest").get<std::size_t>(),
                .largest = from.at("largest").get<std::vector<double>>()};
      const auto feature = from.at("feature").get<std::string>();
      while (tail.sign < kSigns.size() && kSigns[tail.sign].feature != feature) ++tail.sign;
      if (tail.sign == kSigns.size() || tail.column >= columns || tail.largest.empty() ||
          tail.largest.size() > tail.honest || !std::is_sorted(tail.largest.begin(), tail.largest.end())) {
        return Corrupt("the sign `" + feature + "` does not fit together");
      }
      signs.tails_.push_back(std::move(tail));
    }
  } catch (const Json::exception& error) {
    return Corrupt(std::string("the signs are damaged: ") + error.what());
  }
  return signs;
}

}  // namespace meterhound::detectors
