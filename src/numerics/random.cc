// xoshiro256** and the few distributions the program draws from.
#include "numerics/random.h"

#include <cmath>

namespace meterhound::numerics {
namespace {

std::uint64_t RotateLeft(std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

std::uint64_t SplitMix(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace

std::uint64_t MixSeed(std::uint64_t seed, std::uint64_t stream) {
  std::uint64_t state = seed;
  const std::uint64_t first = SplitMix(state);
  state = first ^ (stream * 0xd1342543de82ef95ULL + 0x632be59bd9b4e019ULL);
  return SplitMix(state);
}

Random::Random(std::uint64_t seed) {
  for (std::uint64_t& word : state_) word = SplitMix(seed);
}

std::uint64_t Random::operator()() {
  const std::uint64_t result = RotateLeft(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = RotateLeft(state_[3], 45);
  return result;
}

double Random::Uniform() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

double Random::Uniform(double low, double high) { return low + (high - low) * Uniform(); }

std::uint64_t Random::Below(std::uint64_t bound) {
  const std::uint64_t reject_under = (0 - bound) % bound;  // 2^64 mod bound
  std::uint64_t draw = (*this)();
  while (draw < reject_under) draw = (*this)();
  return draw % bound;
}

double Random::Normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_normal_;
  }
  double u = 0;
  double v = 0;
  double square = 0;
  do {
    u = Uniform(-1, 1);
    v = Uniform(-1, 1);
    square = u * u + v * v;
  } while (square >= 1 || square == 0);
  const double scale = std::sqrt(-2 * std::log(square) / square);
  spare_normal_ = v * scale;
  has_spare_ = true;
  return u * scale;
}

double Random::Exponential(double mean) { return -mean * std::log1p(-Uniform()); }

double Random::Gamma(double shape, double scale) {
  if (shape < 1) {
    const double boost = std::pow(1 - Uniform(), 1 / shape);
    return boost * Gamma(shape + 1, scale);
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = Normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(1 - Uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v * scale;
  }
}

std::vector<std::size_t> Random::Sample(std::size_t population, std::size_t count) {
  std::vector<std::size_t> items(population);
  std::iota(items.begin(), items.end(), std::size_t{0});
  const std::size_t take = count < population ? count : population;
  for (std::size_t i = 0; i < take; ++i) std::swap(items[i], items[i + Below(population - i)]);
  items.resize(take);
  return items;
}

}  // namespace meterhound::numerics
