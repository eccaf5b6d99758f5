// Calibration against scikit-learn, and its promise to keep ranks.
#include "detectors/calibration.h"

#include <gtest/gtest.h>

#include "unit/detectors/synthetic.h"

namespace meterhound::detectors {
namespace {

struct Sample {
  std::vector<double> margins;
  std::vector<std::int8_t> labels;
};

// oracles/detectors.py: calibration()
Sample MakeSample() {
  const auto place = Uniforms(500, 51);
  const auto draw = Uniforms(500, 52);
  Sample sample;
  for (std::size_t i = 0; i < place.size(); ++i) {
    sample.margins.push_back(std::nearbyint((place[i] - 0.7) * 60) / 10);
    sample.labels.push_back(draw[i] < 1 / (1 + std::exp(-(0.8 * sample.margins[i] - 0.5))) ? 1 : 0);
  }
  return sample;
}

TEST(Calibration, PlattIsScikitLearns) {
  const Sample sample = MakeSample();
  const Json golden = Golden("calibration.json");
  const PlattScaling platt = FitPlatt(sample.margins, sample.labels);
  EXPECT_NEAR(platt.slope, golden["platt_slope"].get<double>(), 1e-4);
  EXPECT_NEAR(platt.intercept, golden["platt_intercept"].get<double>(), 1e-4);
}

TEST(Calibration, IsotonicIsScikitLearns) {
  const Sample sample = MakeSample();
  const Json golden = Golden("calibration.json");
  const IsotonicScaling isotonic = FitIsotonic(sample.margins, sample.labels);
  for (std::size_t i = 0; i < golden["grid"].size(); ++i) {
    EXPECT_NEAR(isotonic(golden["grid"][i].get<double>()), golden["isotonic"][i].get<double>(), 1e-9);
  }
}

TEST(Calibration, RanksAreKeptAndReadBack) {
  const Sample sample = MakeSample();
  for (const CalibrationMethod method : {CalibrationMethod::kPlatt, CalibrationMethod::kIsotonic}) {
    const Calibrator fitted = Calibrator::Fit(sample.margins, sample.labels, method).value();
    const Calibrator again = Calibrator::FromJson(fitted.ToJson()).value();
    double last = -1;
    for (double margin = -8; margin < 8; margin += 0.01) {
      const double probability = fitted.Probability(margin);
      EXPECT_GT(probability, last);
      EXPECT_GE(probability, 0);
      EXPECT_LE(probability, 1);
      EXPECT_EQ(again.Probability(margin), probability);
      last = probability;
    }
  }
}

TEST(Calibration, MarginsThatSayNothingAreNotTurnedOver) {
  const std::vector<double> margins = {3, 2, 1, 0, -1, -2, -3, -4};
  const std::vector<std::int8_t> labels = {0, 0, 0, 0, 1, 1, 1, 1};
  EXPECT_GT(FitPlatt(margins, labels).slope, 0);
  const std::vector<std::int8_t> honest(8, 0);
  EXPECT_FALSE(Calibrator::Fit(margins, honest, CalibrationMethod::kAuto).ok());
}

}  // namespace
}  // namespace meterhound::detectors
