// Holes up to the archive's end, late starters, short gaps of a few days, and the outages all share.
#include "simulate/gap_process.h"

#include <algorithm>
#include <vector>

namespace meterhound::simulate {
namespace {

using Days = std::span<std::uint8_t>;

void Lose(Days days, std::size_t begin, std::size_t end) {
  for (std::size_t d = begin; d < std::min(end, days.size()); ++d) days[d] = 1;
}

/// A long hole; some are ragged: bursts of days inside were kept all the same.
void LoseRagged(Days days, std::size_t begin, std::size_t end, numerics::Random& random) {
  end = std::min(end, days.size());
  std::vector<std::uint8_t> kept(days.begin(), days.end());
  Lose(days, begin, end);
  if (end <= begin + 30 || !random.Bernoulli(0.35)) return;
  for (std::uint64_t bursts = 1 + random.Below(5); bursts > 0; --bursts) {
    // Not in the last month, so that the hole still ends where it does.
    const std::size_t from = begin + random.Below(end - begin - 30);
    const std::size_t to = std::min(end - 30, from + 1 + static_cast<std::size_t>(random.Exponential(6)));
    for (std::size_t d = from; d < to; ++d) days[d] = kept[d];
  }
}

std::size_t DrawDay(std::size_t days, numerics::Random& random) { return days == 0 ? 0 : random.Below(days); }

void LoseArchive(const Town& town, bool thief, numerics::Random& random, Days days) {
  const double span = static_cast<double>(days.size()) / 1034;  // lengths are of SGCC's span
  if (random.Bernoulli(thief ? 0.62 : 0.42)) {
    const bool never_before = random.Bernoulli(thief ? 0.25 : 0.34);
    const std::size_t begin = never_before ? 0 : DrawDay(town.archive_begin, random);
    LoseRagged(days, begin, town.archive_begin, random);
  }
  if (random.Bernoulli(0.30)) {
    const double length = span * random.Exponential(120);
    LoseRagged(days, 0, std::min(town.archive_begin, static_cast<std::size_t>(length)), random);
  }
  if (random.Bernoulli(0.2)) {
    const std::size_t begin = DrawDay(town.archive_begin, random);
    const auto length = static_cast<std::size_t>(span * random.Uniform(10, 150));
    LoseRagged(days, begin, std::min(town.archive_begin, begin + length), random);
  }
}

std::size_t DrawShortGap(bool thief, numerics::Random& random) {
  const double pick = random.Uniform() + (thief ? 0.12 : 0);
  if (pick < 0.28) return 1;
  if (pick < 0.67) return 2;
  if (pick < 0.90) return 3 + random.Below(5);
  return 8 + random.Below(22);
}

void LoseSingleDays(const Town& town, bool thief, numerics::Random& random, Days days) {
  const double span = static_cast<double>(days.size()) / 1034;
  const double expected = span * random.Gamma(1.1, thief ? 6.5 : 5.5);
  for (double at = random.Exponential(1); at < expected; at += random.Exponential(1)) {
    // Half of them lie in the first quarter of the archive; after it a tenth, and short ones.
    const double where = random.Uniform();
    if (where < (thief ? 0.24 : 0.1)) {
      const std::size_t begin = town.archive_begin + DrawDay(days.size() - town.archive_begin, random);
      Lose(days, begin, begin + std::min<std::size_t>(4, DrawShortGap(thief, random)));
      continue;
    }
    const std::size_t begin = DrawDay(where < 0.55 ? town.archive_begin / 4 : town.archive_begin, random);
    Lose(days, begin, begin + DrawShortGap(thief, random));
  }
}

}  // namespace

void LoseDays(const Town& town, bool thief, numerics::Random& random, std::span<std::uint8_t> missing) {
  LoseArchive(town, thief, random, missing);
  LoseSingleDays(town, thief, random, missing);
  for (const SharedOutage& outage : town.outages) {
    if (random.Bernoulli(outage.share)) Lose(missing, outage.begin, outage.end);
  }
}

void LoseReadings(const Town& town, std::span<const std::uint8_t> missing_days, numerics::Random& random,
                  std::span<std::uint8_t> missing) {
  const auto per_day = static_cast<std::size_t>(town.per_day);
  for (std::size_t d = 0; d < missing_days.size(); ++d) {
    std::fill_n(missing.begin() + static_cast<std::ptrdiff_t>(d * per_day), per_day, missing_days[d]);
  }
  if (per_day == 1) return;
  constexpr double kBetween = 900;  // readings between two short losses of communication
  for (double at = random.Exponential(kBetween); at < static_cast<double>(missing.size());
       at += random.Exponential(kBetween)) {
    const auto begin = static_cast<std::size_t>(at);
    Lose(missing, begin, begin + 1 + static_cast<std::size_t>(random.Exponential(3)));
  }
}

}  // namespace meterhound::simulate
