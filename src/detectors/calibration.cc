// Platt scaling and isotonic regression.
#include "detectors/calibration.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace meterhound::detectors {
namespace {

constexpr std::size_t kIsotonicThefts = 1000;
/// Share of Platt's curve in an isotonic probability: far below any step worth showing, enough to keep ranks apart.
constexpr double kPlattShare = 1e-3;

double Sigmoid(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

struct Targets {
  double theft;
  double honest;
  std::size_t thefts;
};

Targets SmoothedTargets(std::span<const std::int8_t> labels) {
  const auto thefts = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::int8_t{1}));
  const double positives = static_cast<double>(thefts);
  const double negatives = static_cast<double>(labels.size() - thefts);
  return {(positives + 1) / (positives + 2), 1 / (negatives + 2), thefts};
}

/// Cross-entropy against the targets, written so that no exponential overflows.
double PlattLoss(const PlattScaling& at, std::span<const double> margins, std::span<const std::int8_t> labels,
                 const Targets& targets) {
  double loss = 0;
  for (std::size_t i = 0; i < margins.size(); ++i) {
    const double z = at.slope * margins[i] + at.intercept;
    const double target = labels[i] == 1 ? targets.theft : targets.honest;
    loss += (z >= 0 ? (1 - target) * z + std::log1p(std::exp(-z)) : -target * z + std::log1p(std::exp(z)));
  }
  return loss;
}

/// The intercept that makes the mean probability `rate` at the given slope; found by bisection.
double InterceptFor(double slope, double rate, std::span<const double> margins) {
  double low = -700;
  double high = 700;
  for (int step = 0; step < 200 && low < high; ++step) {
    const double middle = (low + high) / 2;
    double sum = 0;
    for (const double margin : margins) sum += Sigmoid(slope * margin + middle);
    (sum > rate * static_cast<double>(margins.size()) ? high : low) = middle;
  }
  return (low + high) / 2;
}

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

PlattScaling FitPlatt(std::span<const double> margins, std::span<const std::int8_t> labels) {
  const Targets targets = SmoothedTargets(labels);
  const double positives = static_cast<double>(targets.thefts);
  const double negatives = static_cast<double>(labels.size()) - positives;
  PlattScaling at{0, std::log((positives + 1) / (negatives + 1))};
  double loss = PlattLoss(at, margins, labels, targets);
  for (int iteration = 0; iteration < 100; ++iteration) {
    double gradient[2] = {0, 0};
    double hessian[3] = {1e-12, 0, 1e-12};
    for (std::size_t i = 0; i < margins.size(); ++i) {
      const double p = at(margins[i]);
      const double residual = (labels[i] == 1 ? targets.theft : targets.honest) - p;
      const double curvature = p * (1 - p);
      gradient[0] += residual;
      gradient[1] += residual * margins[i];
      hessian[0] += curvature;
      hessian[1] += curvature * margins[i];
      hessian[2] += curvature * margins[i] * margins[i];
    }
    if (std::abs(gradient[0]) < 1e-9 && std::abs(gradient[1]) < 1e-9) break;
    const double determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
    if (!(determinant > 0)) break;
    const double intercept_step = (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
    const double slope_step = (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
    double length = 1;
    PlattScaling next;
    double next_loss = loss;
    for (; length > 1e-10; length /= 2) {
      next = {at.slope + length * slope_step, at.intercept + length * intercept_step};
      next_loss = PlattLoss(next, margins, labels, targets);
      if (next_loss <= loss) break;
    }
    if (length <= 1e-10) break;
    at = next;
    loss = next_loss;
  }
  if (at.slope > 1e-6 && std::isfinite(at.slope) && std::isfinite(at.intercept)) return at;
  return {1, InterceptFor(1, positives / (positives + negatives), margins)};
}

double IsotonicScaling::operator()(double margin) const {
  if (x.empty()) return 0;
  const auto above = std::upper_bound(x.begin(), x.end(), margin);
  if (above == x.begin()) return y.front();
  if (above == x.end()) return y.back();
  const auto i = static_cast<std::size_t>(above - x.begin());
  const double part = (margin - x[i - 1]) / (x[i] - x[i - 1]);
  return y[i - 1] + (y[i] - y[i - 1]) * part;
}

IsotonicScaling FitIsotonic(std::span<const double> margins, std::span<const std::int8_t> labels) {
  std::vector<std::size_t> order(margins.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return margins[a] < margins[b]; });
  struct Pool {
    double first;  ///< margins it spans
    double last;
    double thefts;
    double rows;
    double Mean() const { return thefts / rows; }
  };
  std::vector<Pool> pools;
  for (const std::size_t i : order) {
    const double theft = labels[i] == 1 ? 1 : 0;
    if (!pools.empty() && pools.back().last == margins[i] && pools.back().first == margins[i]) {
      pools.back().thefts += theft;
      pools.back().rows += 1;
    } else {
      pools.push_back({margins[i], margins[i], theft, 1});
    }
  }
  std::vector<Pool> merged;
  for (Pool pool : pools) {
    while (!merged.empty() && merged.back().thefts * pool.rows >= pool.thefts * merged.back().rows) {
      pool.first = merged.back().first;
      pool.thefts += merged.back().thefts;
      pool.rows += merged.back().rows;
      merged.pop_back();
    }
    merged.push_back(pool);
  }
  IsotonicScaling scaling;
  for (const Pool& pool : merged) {
    scaling.x.push_back(pool.first);
    scaling.y.push_back(pool.Mean());
    if (pool.last > pool.first) {
      scaling.x.push_back(pool.last);
      scaling.y.push_back(pool.Mean());
    }
  }
  return scaling;
}

Result<Calibrator> Calibrator::Fit(std::span<const double> margins, std::span<const std::int8_t> labels,
                                   CalibrationMethod method) {
  const auto thefts = static_cast<std::size_t>(std::count(labels.begin(), labels.end(), std::int8_t{1}));
  if (margins.size() != labels.size() || thefts == 0 || thefts == labels.size()) {
    return InvalidInput("calibration needs consumers of both classes; found " + std::to_string(thefts) +
                        " thefts among " + std::to_string(labels.size()));
  }
  Calibrator calibrator;
  calibrator.method_ = method != CalibrationMethod::kAuto ? method
                       : thefts >= kIsotonicThefts        ? CalibrationMethod::kIsotonic
                                                          : CalibrationMethod::kPlatt;
  calibrator.platt_ = FitPlatt(margins, labels);
  if (calibrator.method_ == CalibrationMethod::kIsotonic) calibrator.isotonic_ = FitIsotonic(margins, labels);
  return calibrator;
}

double Calibrator::Probability(double margin) const {
  const double platt = platt_(margin);
  if (method_ != CalibrationMethod::kIsotonic) return platt;
  return (1 - kPlattShare) * isotonic_(margin) + kPlattShare * platt;
}

Json Calibrator::ToJson() const {
  Json json = {{"method", CalibrationMethodName(method_)},
               {"platt", {{"slope", platt_.slope}, {"intercept", platt_.intercept}}}};
  if (method_ == CalibrationMethod::kIsotonic) json["isotonic"] = {{"x", isotonic_.x}, {"y", isotonic_.y}};
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
  const Json& platt = json["platt"];
  if (!platt.contains("slope") || !platt.contains("intercept") || !IsFinite(platt["slope"]) ||
      !IsFinite(platt["intercept"]) || !(platt["slope"].get<double>() > 0)) {
    return damaged("Platt's slope and intercept are not numbers, or the slope is not above 0");
  }
  Calibrator calibrator;
  calibrator.method_ = *method;
  calibrator.platt_ = {platt["slope"].get<double>(), platt["intercept"].get<double>()};
  if (*method != CalibrationMethod::kIsotonic) return calibrator;
  const auto steps = json.find("isotonic");
  if (steps == json.end() || !steps->is_object()) return damaged("`isotonic` is missing");
  for (const auto& [key, to] : {std::pair{"x", &calibrator.isotonic_.x}, std::pair{"y", &calibrator.isotonic_.y}}) {
    const auto numbers = steps->find(key);
    if (numbers == steps->end() || !numbers->is_array() || numbers->empty()) return damaged("its steps are missing");
    for (const Json& number : *numbers) {
      if (!IsFinite(number)) return damaged("a step is not a number");
      to->push_back(number.get<double>());
    }
  }
  const auto& [x, y] = std::tie(calibrator.isotonic_.x, calibrator.isotonic_.y);
  if (x.size() != y.size() || y.front() < 0 || y.back() > 1) return damaged("its steps are not probabilities");
  for (std::size_t i = 1; i < x.size(); ++i) {
    if (!(x[i] > x[i - 1]) || !(y[i] >= y[i - 1])) return damaged("its steps do not ascend");
  }
  return calibrator;
}

}  // namespace meterhound::detectors
