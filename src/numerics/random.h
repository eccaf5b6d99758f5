// Seeded random numbers that are the same on every machine, compiler and number of threads.
#pragma once

#include <cstdint>
#include <numeric>
#include <vector>

namespace meterhound::numerics {

/// Mixes words into one seed (SplitMix64's finaliser): gives every consumer, tree or fold a stream of its own.
std::uint64_t MixSeed(std::uint64_t seed, std::uint64_t stream);

/// xoshiro256** (Blackman & Vigna 2018). The standard library's distributions differ between implementations, so the
/// distributions needed are members here.
class Random {
 public:
  using result_type = std::uint64_t;
  explicit Random(std::uint64_t seed);
  Random(std::uint64_t seed, std::uint64_t stream) : Random(MixSeed(seed, stream)) {}

  static constexpr std::uint64_t min() { return 0; }
  static constexpr std::uint64_t max() { return ~std::uint64_t{0}; }
  std::uint64_t operator()();

  double Uniform();                          ///< [0, 1), 53 bits
  double Uniform(double low, double high);   ///< [low, high)
  std::uint64_t Below(std::uint64_t bound);  ///< [0, bound), unbiased; bound > 0
  double Normal();                           ///< mean 0, standard deviation 1 (polar method)
  double Exponential(double mean);
  double Gamma(double shape, double scale);  ///< Marsaglia & Tsang 2000
  bool Bernoulli(double probability) { return Uniform() < probability; }

  template <typename T>
  void Shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[Below(i)]);
  }
  /// `count` different numbers of [0, population), in random order; all of them when count >= population.
  std::vector<std::size_t> Sample(std::size_t population, std::size_t count);

 private:
  std::uint64_t state_[4];
  double spare_normal_ = 0;
  bool has_spare_ = false;
};

}  // namespace meterhound::numerics
