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

TEST(Calibration, AWeightIsAsManyRows) {
  const Sample sample = MakeSample();
  Sample repeated;
  std::vector<double> weights;
  for (std::size_t i = 0; i < sample.margins.size(); ++i) {
    weights.push_back(static_cast<double>(1 + i % 3));
    repeated.margins.insert(repeated.margins.end(), 1 + i % 3, sample.margins[i]);
    repeated.labels.insert(repeated.labels.end(), 1 + i % 3, sample.labels[i]);
  }
  for (const CalibrationMethod method : {CalibrationMethod::kPlatt, CalibrationMethod::kIsotonic}) {
    const Calibrator weighted = Calibrator::Fit(sample.margins, sample.labels, method, weights).value();
    const Calibrator plain = Calibrator::Fit(repeated.margins, repeated.labels, method).value();
    for (double margin = -5; margin < 3; margin += 0.1) {
      EXPECT_NEAR(weighted.Probability(margin), plain.Probability(margin), 1e-9);
      // A row of weight 3 is one observation, three equal rows are three: the interval must know.
      const Interval honest = weighted.ProbabilityInterval(margin);
      const Interval repeats = plain.ProbabilityInterval(margin);
      EXPECT_GE(honest.high - honest.low, 0.99 * (repeats.high - repeats.low));
    }
  }
}

// The interval holds the true probability in about 95 of 100 samples, whichever the method and with weights.
TEST(Calibration, IntervalsHoldTheTruth) {
  constexpr int kSamples = 400;
  constexpr double kMargins[] = {-3, -1.5, 0, 1};
  for (const CalibrationMethod method : {CalibrationMethod::kPlatt, CalibrationMethod::kIsotonic}) {
    for (const bool weighted : {false, true}) {
      int held[std::size(kMargins)] = {};
      double width = 0;
      for (int s = 0; s < kSamples; ++s) {
        numerics::Random random(71, static_cast<std::uint64_t>(s));
        Sample sample;
        std::vector<double> weights;
        for (int i = 0; i < 1000; ++i) {
          sample.margins.push_back(random.Uniform(-4, 2));
          sample.labels.push_back(random.Bernoulli(1 / (1 + std::exp(-0.9 * sample.margins.back() + 0.3))) ? 1 : 0);
          if (weighted) weights.push_back(random.Bernoulli(0.5) ? 1 : 4);
        }
        const Calibrator fitted = Calibrator::Fit(sample.margins, sample.labels, method, weights).value();
        for (std::size_t m = 0; m < std::size(kMargins); ++m) {
          const Interval interval = fitted.ProbabilityInterval(kMargins[m]);
          const double truth = 1 / (1 + std::exp(-0.9 * kMargins[m] + 0.3));
          held[m] += interval.low <= truth && truth <= interval.high ? 1 : 0;
          width += (interval.high - interval.low) / kSamples / std::size(kMargins);
        }
      }
      // Platt's curve is the true one here. A step of isotonic regression is chosen by the rows that it then counts,
      // so that its interval holds a little less often.
      const double least = method == CalibrationMethod::kPlatt ? 0.92 : 0.85;
      for (std::size_t m = 0; m < std::size(kMargins); ++m) {
        EXPECT_GT(held[m], least * kSamples) << CalibrationMethodName(method) << " " << kMargins[m] << " " << weighted;
        if (method == CalibrationMethod::kPlatt) {
          EXPECT_LT(held[m], 0.98 * kSamples) << kMargins[m] << " " << weighted;
        }
      }
      EXPECT_LT(width, 0.3);
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
