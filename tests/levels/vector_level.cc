// Prints a hash of every feature's bits over many series: the same whatever instructions computed them.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string>
#include <vector>

#include "base/hashing.h"
#include "features/extractor.h"
#include "numerics/random.h"
#include "numerics/template_matches.h"
#include "support/feature_panels.h"

using namespace meterhound;

namespace {

#ifdef METERHOUND_LEVEL
bool ProcessorHasLevel() { return __builtin_cpu_supports(METERHOUND_LEVEL) != 0; }
#else
bool ProcessorHasLevel() { return true; }
#endif

// Of all lengths, so that every loop over lanes has remainders; with ties, with zeros, and of many magnitudes. Made
// without the mathematical library, which has ways of its own for each processor.
void AddRandomSeries(std::vector<features::testing::NamedSeries>& all) {
  numerics::Random random(8, 0);
  for (std::size_t length = 1; length < 3000; length += 1 + length / 3) {
    features::testing::NamedSeries made[3] = {{"uniform", {}}, {"ties", {}}, {"magnitudes", {}}};
    for (std::size_t i = 0; i < length; ++i) {
      made[0].values.push_back(random.Uniform(-1, 3));
      made[1].values.push_back(static_cast<double>(random.Below(5)));
      const double value = random.Uniform(-1, 3);
      made[2].values.push_back(random.Bernoulli(0.1) ? 0 : std::ldexp(value, static_cast<int>(random.Below(80)) - 40));
    }
    all.insert(all.end(), std::begin(made), std::end(made));
  }
}

void Print(const Hasher64& hasher, const std::string& name) {
  std::printf("%016llx %s\n", static_cast<unsigned long long>(hasher.Finish()), name.c_str());
}

// Series beyond 16 bits of ranks are counted by code of their own.
void PrintMatchesOfLongSeries() {
  numerics::Random random(9, 0);
  std::vector<double> values(70000);
  for (double& value : values) value = random.Uniform();
  std::vector<std::uint32_t> order(values.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return values[a] < values[b]; });
  std::vector<std::uint32_t> of_two(values.size()), of_three(values.size());
  const std::vector<double> tolerances = {0.005};
  numerics::CountMatches(values, order, 2, tolerances, of_two, of_three);
  Hasher64 hasher;
  hasher.AddBytes(of_two.data(), of_two.size() * sizeof of_two[0]);
  hasher.AddBytes(of_three.data(), of_three.size() * sizeof of_three[0]);
  Print(hasher, "CountMatches of 70,000");
}

}  // namespace

int main() {
  if (!ProcessorHasLevel()) {
    std::fprintf(stderr, "this processor lacks these instructions\n");
    return 77;
  }
  auto series = features::testing::GoldenSeries();
  AddRandomSeries(series);
  const features::KindInfo kind{.name = "value"};
  std::string presets;
  for (const std::string& preset : features::PresetNames()) presets += (presets.empty() ? "" : "+") + preset;
  const auto settings = features::FeatureSettings::FromPreset(presets).value();
  const auto extractor = features::Extractor::Create(settings, {&kind, 1}).value();
  features::testing::Context context;
  const FeatureTable table = extractor.Extract(features::testing::PanelOf(series), context.run).value();
  for (std::size_t column = 0; column < table.width(); ++column) {
    Hasher64 hasher;
    for (std::size_t row = 0; row < table.rows(); ++row) {
      const double value = table.Row(row)[column];
      hasher.Add(std::isnan(value) ? std::nan("") : value);
    }
    Print(hasher, table.columns[column].name);
  }
  PrintMatchesOfLongSeries();
  return 0;
}
