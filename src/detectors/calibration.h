// Calibrator: from a margin to the probability of theft and its interval, fitted on untouched rows at natural
// prevalence.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "detectors/evaluation.h"

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
  double slope_variance = 0;
  double covariance = 0;
  double intercept_variance = 0;
  double operator()(double margin) const;
  /// 95 %, by the delta method in log-odds from the sandwich variance (White 1980), which holds for weighted rows and
  /// where the logistic curve is not quite the right one.
  Interval IntervalAt(double margin) const;
};
/// Platt (1999) with his smoothed targets, by Newton's method (Lin, Lin & Weng 2007): sklearn's _sigmoid_calibration. A
/// slope that is not positive (margins that say nothing) is replaced by 1 with the intercept that meets the base rate,
/// so that ranks are never turned over. @param weights empty, or one a row, as everywhere below.
PlattScaling FitPlatt(std::span<const double> margins, std::span<const std::int8_t> labels,
                      std::span<const double> weights = {});

/// A monotone, piecewise linear function through (x, y), constant outside: sklearn's
/// IsotonicRegression(out_of_bounds="clip").
struct IsotonicScaling {
  std::vector<double> x;     ///< ascending
  std::vector<double> y;     ///< not descending, within [0, 1]
  std::vector<double> rows;  ///< how many rows each y is the mean of (Kish's effective number where they are weighted)
  double operator()(double margin) const;
  /// 95 %: Wilson's interval of the step's rows, linear between steps.
  Interval IntervalAt(double margin) const;
};
/// Pool-adjacent-violators on margins averaged over ties.
IsotonicScaling FitIsotonic(std::span<const double> margins, std::span<const std::int8_t> labels,
                            std::span<const double> weights = {});

class Calibrator {
 public:
  /// Both classes must be present, else kInvalidInput.
  static Result<Calibrator> Fit(std::span<const double> margins, std::span<const std::int8_t> labels,
                                CalibrationMethod method, std::span<const double> weights = {});

  /// Strictly increasing in the margin (up to rounding): ranking by probability is ranking by margin. Isotonic steps
  /// are kept apart by a thousandth of Platt's curve.
  double Probability(double margin) const;
  /// Probability with the 95 % interval that the number of calibration rows leaves open. It says how well the share of
  /// theft among consumers of this margin is known, not what another training of the trees would have made of them.
  Interval ProbabilityInterval(double margin) const;
  CalibrationMethod method() const { return method_; }

  Json ToJson() const;
  static Result<Calibrator> FromJson(const Json& json);

 private:
  CalibrationMethod method_ = CalibrationMethod::kPlatt;
  PlattScaling platt_;
  IsotonicScaling isotonic_;
};

}  // namespace meterhound::detectors
