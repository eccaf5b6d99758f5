// Calibrator: from a margin to the probability of theft, fitted on untouched rows at natural prevalence.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::detectors {

/// kAuto: isotonic from 1,000 thefts on, Platt below. Isotonic regression assumes no shape but fits as many steps as
/// the rows allow and overfits small samples (Niculescu-Mizil & Caruana 2005 put the border near 1,000); Platt's two
/// numbers suit boosted trees trained on log loss and keep every tie apart.
enum class CalibrationMethod : std::uint8_t { kAuto, kPlatt, kIsotonic };
Result<CalibrationMethod> ParseCalibrationMethod(std::string_view name);  ///< "auto", "platt", "isotonic"
const char* CalibrationMethodName(CalibrationMethod method);

/// probability = 1 / (1 + exp(-(slope * margin + intercept))).
struct PlattScaling {
  double slope = 1;
  double intercept = 0;
  double operator()(double margin) const;
};
/// Platt (1999) with his smoothed targets, by Newton's method (Lin, Lin & Weng 2007): sklearn's _sigmoid_calibration. A
/// slope that is not positive (margins that say nothing) is replaced by 1 with the intercept that meets the base rate,
/// so that ranks are never turned over.
PlattScaling FitPlatt(std::span<const double> margins, std::span<const std::int8_t> labels);

/// A monotone, piecewise linear function through (x, y), constant outside: sklearn's
/// IsotonicRegression(out_of_bounds="clip").
struct IsotonicScaling {
  std::vector<double> x;  ///< ascending
  std::vector<double> y;  ///< not descending, within [0, 1]
  double operator()(double margin) const;
};
/// Pool-adjacent-violators on margins averaged over ties.
IsotonicScaling FitIsotonic(std::span<const double> margins, std::span<const std::int8_t> labels);

class Calibrator {
 public:
  /// Both classes must be present, else kInvalidInput.
  static Result<Calibrator> Fit(std::span<const double> margins, std::span<const std::int8_t> labels,
                                CalibrationMethod method);

  /// Strictly increasing in the margin (up to rounding): ranking by probability is ranking by margin. Isotonic steps
  /// are kept apart by a thousandth of Platt's curve.
  double Probability(double margin) const;
  CalibrationMethod method() const { return method_; }

  Json ToJson() const;
  static Result<Calibrator> FromJson(const Json& json);

 private:
  CalibrationMethod method_ = CalibrationMethod::kPlatt;
  PlattScaling platt_;
  IsotonicScaling isotonic_;
};

}  // namespace meterhound::detectors
