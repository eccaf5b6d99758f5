// Platt scaling and isotonic regression.
#include "detectors/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace meterhound::detectors {
namespace {

constexpr double kIsotonicThefts = 1000;
constexpr double kNormal975 = 1.959963984540054;
/// Share of Platt's curve in an isotonic probability: far below any step worth showing, enough to keep ranks apart.
constexpr double kPlattShare = 1e-3;

double Sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

/// Rows to calibrate on; without weights each counts once.
struct Sample {
  std::span<const double> margins;
  std::span<const std::int8_t> labels;
  std::span<const double> weights;

  std::size_t size() const { return margins.size(); }
  double Weight(std::size_t i) const { return weights.empty() ? 1 : weights[i]; }
  /// Weight of the rows of one class.
  double Total(std::int8_t label) const {
    double total = 0;
    for (std::size_t i = 0; i < size(); ++i) total += labels[i] == label ? Weight(i) : 0;
    return total;
  }
};

/// Platt's targets: a little off 1 and 0, the more so the fewer rows there are.
struct Targets {
  double theft;
  double honest;
  double Of(std::int8_t label) const { return label == 1 ? theft : honest; }
};

/// Cross-entropy against the targets, written so that no exponential overflows.
double PlattLoss(const PlattScaling& at, const Sample& sample, const Targets& targets) {
  double loss = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double z = at.slope * sample.margins[i] + at.intercept;
    const double target = targets.Of(sample.labels[i]);
    loss += sample.Weight(i) *
            (z >= 0 ? (1 - target) * z + std::log1p(std::exp(-z)) : -target * z + std::log1p(std::exp(z)));
  }
  return loss;
}

/// First and second derivatives of that, and the sum of the rows' squared first ones, over (intercept, slope).
struct Derivatives {
  double gradient[2] = {0, 0};
  double hessian[3] = {1e-12, 0, 1e-12};
  double squares[3] = {0, 0, 0};
  double Determinant() const { return hessian[0] * hessian[2] - hessian[1] * hessian[1]; }
};

Derivatives PlattDerivatives(const PlattScaling& at, const Sample& sample, const Targets& targets) {
  Derivatives to;
  const auto add = [](double value, double margin, double* sums) {
    sums[0] += value;
    sums[1] += value * margin;
    sums[2] += value * margin * margin;
  };
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double margin = sample.margins[i];
    const double p = at(margin);
    const double residual = sample.Weight(i) * (targets.Of(sample.labels[i]) - p);
    to.gradient[0] += residual;
    to.gradient[1] += residual * margin;
    add(sample.Weight(i) * p * (1 - p), margin, to.hessian);
    add(residual * residual, margin, to.squares);
  }
  return to;
}

/// H^-1 S H^-1 with H the hessian and S the squares.
void AddVariance(const Derivatives& from, PlattScaling& to) {
  const double determinant = from.Determinant();
  if (!(determinant > 0)) return;
  const double a = from.hessian[2] / determinant;
  const double b = -from.hessian[1] / determinant;
  const double d = from.hessian[0] / determinant;
  const double* s = from.squares;
  to.intercept_variance = a * a * s[0] + 2 * a * b * s[1] + b * b * s[2];
  to.covariance = a * b * s[0] + (a * d + b * b) * s[1] + b * d * s[2];
  to.slope_variance = b * b * s[0] + 2 * b * d * s[1] + d * d * s[2];
}

/// The intercept that makes the mean probability `rate` at slope 1; found by bisection.
double InterceptFor(double rate, const Sample& sample) {
  double low = -700;
  double high = 700;
  double weight = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) weight += sample.Weight(i);
  for (int step = 0; step < 200 && low < high; ++step) {
    const double middle = (low + high) / 2;
    double sum = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) sum += sample.Weight(i) * Sigmoid(sample.margins[i] + middle);
    (sum > rate * weight ? high : low) = middle;
  }
  return (low + high) / 2;
}

/// Where `margin` lies among ascending knots: between `below` and `below + 1`, `part` of the way; clipped at the ends.
struct Place {
  std::size_t below;
  double part;
  double Between(double low, double high) const { return part == 0 ? low : low + (high - low) * part; }
};

Place Locate(const std::vector<double>& knots, double margin) {
  const auto above = std::upper_bound(knots.begin(), knots.end(), margin);
  if (above == knots.begin()) return {0, 0};
  const auto i = static_cast<std::size_t>(above - knots.begin());
  if (above == knots.end()) return {i - 1, 0};
  return {i - 1, (margin - knots[i - 1]) / (knots[i] - knots[i - 1])};
}

constexpr std::pair<const char*, double PlattScaling::*> kPlattNumbers[] = {
    {"slope", &PlattScaling::slope},
    {"intercept", &PlattScaling::intercept},
    {"slope_variance", &PlattScaling::slope_variance},
    {"covariance", &PlattScaling::covariance},
    {"intercept_variance", &PlattScaling::intercept_variance}};
constexpr std::pair<const char*, std::vector<double> IsotonicScaling::*> kIsotonicLists[] = {
    {"x", &IsotonicScaling::x}, {"y", &IsotonicScaling::y}, {"rows", &IsotonicScaling::rows}};

bool IsFinite(const Json& value) { return value.is_number() && std::isfinite(value.get<double>()); }

}  // namespace

Result<CalibrationMethod> ParseCalibrationMethod(std::string_view name) {
  for (const auto method : {CalibrationMethod::kAuto, CalibrationMethod::kPlatt, CalibrationMethod::kIsotonic}) {
    if (name == CalibrationMethodName(method)) return method;
  }
  return InvalidInput("`" + std::string(name) + "` is not a calibration; expected auto, platt or isotonic");
}

const char* CalibrationMethodName(CalibrationMethod method) {
  switch (method) {
    case CalibrationMethod::kAuto:
      return "auto";
    case CalibrationMethod::kPlatt:
      return "platt";
    case CalibrationMethod::kIsotonic:
      return "isotonic";
  }
  return "auto";
}

double PlattScaling::operator()(double margin) const { return Sigmoid(slope * margin + intercept); }

Interval PlattScaling::IntervalAt(double margin) const {
  const double z = slope * margin + intercept;
  const double variance = intercept_variance + 2 * margin * covariance + margin * margin * slope_variance;
  const double reach = kNormal975 * std::sqrt(std::max(0.0, variance));
  return {Sigmoid(z), Sigmoid(z - reach), Sigmoid(z + reach)};
}

PlattScaling FitPlatt(std::span<const double> margins, std::span<const std::int8_t> labels,
                      std::span<const double> weights) {
  const Sample sample{margins, labels, weights};
  const double positives = sample.Total(1);
  const double negatives = sample.Total(0);
  const Targets targets{(positives + 1) / (positives + 2), 1 / (negatives + 2)};
  PlattScaling at{.slope = 0, .intercept = std::log((positives + 1) / (negatives + 1))};
  double loss = PlattLoss(at, sample, targets);
  for (int iteration = 0; iteration < 100; ++iteration) {
    const Derivatives d = PlattDerivatives(at, sample, targets);
    if (std::abs(d.gradient[0]) < 1e-9 && std::abs(d.gradient[1]) < 1e-9) break;
    const double determinant = d.Determinant();
    if (!(determinant > 0)) break;
    const double intercept_step = (d.hessian[2] * d.gradient[0] - d.hessian[1] * d.gradient[1]) / determinant;
    const double slope_step = (d.hessian[0] * d.gradient[1] - d.hessian[1] * d.gradient[0]) / determinant;
    double length = 1;
    PlattScaling next;
    double next_loss = loss;
    for (; length > 1e-10; length /= 2) {
      next = {.slope = at.slope + length * slope_step, .intercept = at.intercept + length * intercept_step};
      next_loss = PlattLoss(next, sample, targets);
      if (next_loss <= loss) break;
    }
    if (length <= 1e-10) break;
    at = next;
    const bool settled = loss - next_loss <= 1e-14 * loss;  // what is left is rounding, in which no step is a descent
    loss = next_loss;
    if (settled) break;
  }
  if (!(at.slope > 1e-6 && std::isfinite(at.slope) && std::isfinite(at.intercept))) {
    at = {.slope = 1, .intercept = InterceptFor(positives / (positives + negatives), sample)};
  }
  AddVariance(PlattDerivatives(at, sample, targets), at);
  return at;
}

double IsotonicScaling::operator()(double margin) const {
  if (x.empty()) return 0;
  const Place place = Locate(x, margin);
  return place.part == 0 ? y[place.below] : place.Between(y[place.below], y[place.below + 1]);
}

Interval IsotonicScaling::IntervalAt(double margin) const {
  const Place place = Locate(x, margin);
  const auto at = [&](std::size_t i) { return WilsonInterval(y[i] * rows[i], rows[i]); };
  const Interval below = at(place.below);
  if (place.part == 0) return {y[place.below], below.low, below.high};
  const Interval above = at(place.below + 1);
  return {(*this)(margin), place.Between(below.low, above.low), place.Between(below.high, above.high)};
}

IsotonicScaling FitIsotonic(std::span<const double> margins, std::span<const std::int8_t> labels,
                            std::span<const double> weights) {
  const Sample sample{margins, labels, weights};
  std::vector<std::size_t> order(margins.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return margins[a] < margins[b]; });
  struct Pool {
    double first;  ///< margins it spans
    double last;
    double thefts;
    double weight;
    double squares;  ///< of weights
    double Mean() const { return thefts / weight; }
    void Add(const Pool& other) {
      thefts += other.thefts;
      weight += other.weight;
      squares += other.squares;
    }
  };
  std::vector<Pool> pools;
  for (const std::size_t i : order) {
    const double weight = sample.Weight(i);
    const Pool one{margins[i], margins[i], labels[i] == 1 ? weight : 0, weight, weight * weight};
    if (!pools.empty() && pools.back().last == margins[i] && pools.back().first == margins[i]) {
      pools.back().Add(one);
    } else {
      pools.push_back(one);
    }
  }
  std::vector<Pool> merged;
  for (Pool pool : pools) {
    while (!merged.empty() && merged.back().thefts * pool.weight >= pool.thefts * merged.back().weight) {
      pool.first = merged.back().first;
      pool.Add(merged.back());
      merged.pop_back();
    }
    merged.push_back(pool);
  }
  IsotonicScaling scaling;
  for (const Pool& pool : merged) {
    for (const double x : {pool.first, pool.last}) {
      if (!scaling.x.empty() && scaling.x.back() == x) continue;
      scaling.x.push_back(x);
      scaling.y.push_back(pool.Mean());
      scaling.rows.push_back(pool.weight * pool.weight / pool.squares);
    }
  }
  return scaling;
}

Result<Calibrator> Calibrator::Fit(std::span<const double> margins, std::span<const std::int8_t> labels,
                                   CalibrationMethod method, std::span<const double> weights) {
  const auto count = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::int8_t{1}));
  if (margins.size() != labels.size() || count == 0 || count == labels.size()) {
    return InvalidInput("calibration needs consumers of both classes; found " + std::to_string(count) +
                        " thefts among " + std::to_string(labels.size()));
  }
  const double thefts = Sample{margins, labels, weights}.Total(1);
  Calibrator calibrator;
  calibrator.method_ = method != CalibrationMethod::kAuto ? method
                       : thefts >= kIsotonicThefts        ? CalibrationMethod::kIsotonic
                                                          : CalibrationMethod::kPlatt;
  calibrator.platt_ = FitPlatt(margins, labels, weights);
  if (calibrator.method_ == CalibrationMethod::kIsotonic) calibrator.isotonic_ = FitIsotonic(margins, labels, weights);
  return calibrator;
}

double Calibrator::Probability(double margin) const {
  const double platt = platt_(margin);
  if (method_ != CalibrationMethod::kIsotonic) return platt;
  return (1 - kPlattShare) * isotonic_(margin) + kPlattShare * platt;
}

Interval Calibrator::ProbabilityInterval(double margin) const {
  const double probability = Probability(margin);
  const Interval platt = platt_.IntervalAt(margin);
  if (method_ != CalibrationMethod::kIsotonic)
    return {probability, std::min(probability, platt.low), std::max(probability, platt.high)};
  const Interval isotonic = isotonic_.IntervalAt(margin);
  return {probability, std::min(probability, (1 - kPlattShare) * isotonic.low + kPlattShare * platt.low),
          std::max(probability, (1 - kPlattShare) * isotonic.high + kPlattShare * platt.high)};
}

Json Calibrator::ToJson() const {
  Json json = {{"method", CalibrationMethodName(method_)}};
  for (const auto& [key, member] : kPlattNumbers) json["platt"][key] = platt_.*member;
  if (method_ == CalibrationMethod::kIsotonic) {
    for (const auto& [key, member] : kIsotonicLists) json["isotonic"][key] = isotonic_.*member;
  }
  return json;
}

Result<Calibrator> Calibrator::FromJson(const Json& json) {
  const auto damaged = [](const char* what) { return Corrupt(std::string("the calibration is damaged: ") + what); };
  if (!json.is_object() || !json.contains("method") || !json["method"].is_string() || !json.contains("platt") ||
      !json["platt"].is_object()) {
    return damaged("`method` or `platt` is missing");
  }
  const auto method = ParseCalibrationMethod(json["method"].get<std::string>());
  if (!method.ok() || *method == CalibrationMethod::kAuto) return damaged("its method is unknown");
  Calibrator calibrator;
  calibrator.method_ = *method;
  for (const auto& [key, member] : kPlattNumbers) {
    const auto number = json["platt"].find(key);
    if (number == json["platt"].end() || !IsFinite(*number)) return damaged("one of Platt's numbers is missing");
    calibrator.platt_.*member = number->get<double>();
  }
  if (!(calibrator.platt_.slope > 0)) return damaged("Platt's slope is not above 0");
  if (*method != CalibrationMethod::kIsotonic) return calibrator;
  const auto steps = json.find("isotonic");
  if (steps == json.end() || !steps->is_object()) return damaged("`isotonic` is missing");
  for (const auto& [key, member] : kIsotonicLists) {
    const auto numbers = steps->find(key);
    if (numbers == steps->end() || !numbers->is_array() || numbers->empty()) return damaged("its steps are missing");
    for (const Json& number : *numbers) {
      if (!IsFinite(number)) return damaged("a step is not a number");
      (calibrator.isotonic_.*member).push_back(number.get<double>());
    }
  }
  const auto& [x, y, rows] = calibrator.isotonic_;
  if (x.size() != y.size() || x.size() != rows.size() || y.front() < 0 || y.back() > 1) {
    return damaged("its steps are not probabilities");
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!(rows[i] > 0)) return damaged("a step has no rows");
    if (i > 0 && (!(x[i] > x[i - 1]) || !(y[i] >= y[i - 1]))) return damaged("its steps do not ascend");
  }
  return calibrator;
}

}  // namespace meterhound::detectors
