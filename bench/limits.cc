// The rates at which this processor can work at best, for the share of the limit that the feature engine reaches: one
// JSON line. Every loop has enough independent work that only the execution units hold it up.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "numerics/vector8.h"

namespace {

using meterhound::numerics::Vector8;
using Ranks __attribute__((vector_size(64))) = std::uint16_t;

constexpr std::size_t kRounds = 4'000'000;
constexpr std::size_t kChains = 8;

template <typename Work>
double BestSeconds(const Work& work) {
  double best = 1e9;
  for (int run = 0; run < 7; ++run) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
  }
  return best;
}

volatile double g_sink;

// Comparisons' steps on registers of 16-bit numbers: as many as hold 64 bytes count as one operation, whatever the width
// of the registers.
METERHOUND_VECTOR_CLONES void RankSteps() {
  Ranks chain[kChains];
  for (std::size_t k = 0; k < kChains; ++k) chain[k] = Ranks{} + static_cast<std::uint16_t>(k);
  const Ranks width = Ranks{} + 77;
  for (std::size_t i = 0; i < kRounds; ++i) {
    for (std::size_t k = 0; k < kChains; ++k) chain[k] = (chain[k] > width ? chain[k] : width) - chain[(k + 1) % kChains];
  }
  Ranks all = {};
  for (const Ranks& each : chain) all += each;
  g_sink = all[0];
}

METERHOUND_VECTOR_CLONES void MultiplyAdds() {
  Vector8 chain[kChains];
  for (std::size_t k = 0; k < kChains; ++k) chain[k] = Vector8{} + static_cast<double>(k);
  const Vector8 factor = Vector8{} + 0.999;
  const Vector8 term = Vector8{} + 0.5;
  for (std::size_t i = 0; i < kRounds; ++i) {
    for (std::size_t k = 0; k < kChains; ++k) chain[k] = chain[k] * factor + term;
  }
  g_sink = (chain[0] + chain[1] + chain[2] + chain[3] + chain[4] + chain[5] + chain[6] + chain[7])[0];
}

// Counting into a table that fits into the nearest cache.
void Increments() {
  static std::vector<std::uint32_t> counts(4096);
  for (std::uint32_t i = 0; i < kRounds; ++i) ++counts[(i * 61) & 4095];
  g_sink = counts[17];
}

}  // namespace

int main() {
  const double steps = kRounds * kChains;
  std::printf("{\"rank_steps_per_us\": %.1f, \"multiply_adds_per_us\": %.1f, \"increments_per_us\": %.1f}\n",
              2 * steps / BestSeconds(RankSteps) / 1e6, 8 * steps / BestSeconds(MultiplyAdds) / 1e6,
              kRounds / BestSeconds(Increments) / 1e6);
}
