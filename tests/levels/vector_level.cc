// Prints a hash of every feature's bits over many series: the same whatever instructions computed them.
#include <cmath>
#include <cstdio>
#include <string>

#include "base/hashing.h"
#include "features/extractor.h"
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
    std::printf("%016llx %s\n", static_cast<unsigned long long>(hasher.Finish()), table.columns[column].name.c_str());
  }
  return 0;
}
