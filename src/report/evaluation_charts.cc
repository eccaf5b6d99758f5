// Small square charts that share one frame, and the bars of one explanation.
#include "report/evaluation_charts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "report/svg.h"
#include "report/wording.h"

namespace meterhound::report {
namespace {

constexpr double kSize = 300;
constexpr double kLeft = 46;
constexpr double kRight = 12;
constexpr double kTop = 26;
constexpr double kBottom = 40;

using Points = std::vector<std::pair<double, double>>;

struct Frame {
  Svg svg;
  Axis x;
  Axis y;

  Frame(std::string_view label, double x_high, double y_high, std::string_view x_name, std::string_view y_name)
      : svg(kSize, kSize, label), x{0, x_high, kLeft, kSize - kRight}, y{0, y_high, kSize - kBottom, kTop} {
    const double x_step = NiceStep(x_high, 5);
    for (double at = 0; at <= x_high * 1.0001; at += x_step) {
      svg.Line(x.At(at), kTop, x.At(at), kSize - kBottom, "grid");
      svg.Text(x.At(at), kSize - kBottom + 15, Decimal(100 * at, 0) + " %", "middle");
    }
    const double y_step = NiceStep(y_high, 5);
    for (double at = 0; at <= y_high * 1.0001; at += y_step) {
      svg.Line(kLeft, y.At(at), kSize - kRight, y.At(at), "grid");
      svg.Text(kLeft - 5, y.At(at) + 4, Decimal(100 * at, 0) + " %", "end");
    }
    svg.Text((kLeft + kSize - kRight) / 2, kSize - 6, x_name, "middle");
    svg.Text(4, 13, y_name, "start", "label strong");
  }

  void Curve(std::span<const detectors::CurvePoint> curve) {
    Points line;
    Points band;  // along the upper bound, then back along the lower one
    Points lower;
    for (const detectors::CurvePoint& point : curve) {
      if (!std::isfinite(point.y) || point.x > x.high) continue;
      line.emplace_back(x.At(point.x), y.At(std::min(point.y, y.high)));
      band.emplace_back(x.At(point.x), y.At(std::clamp(point.high, 0.0, y.high)));
      lower.emplace_back(x.At(point.x), y.At(std::clamp(point.low, 0.0, y.high)));
    }
    band.insert(band.end(), lower.rbegin(), lower.rend());
    svg.Path(band, "band", true);
    svg.Path(line, "smooth");
  }

  void Reference(double x1, double y1, double x2, double y2) {
    svg.Line(x.At(x1), y.At(y1), x.At(x2), y.At(y2), "level");
  }
};

double RoundUp(double share) {
  const double step = NiceStep(share, 5);
  return std::min(1.0, std::ceil(share / step - 1e-9) * step);
}

}  // namespace

std::string HitRateChart(const detectors::Metrics& metrics, double base_rate) {
  constexpr double kMostInspected = 0.2;
  double high = base_rate;
  for (const detectors::CurvePoint& point : metrics.hit_rate) {
    if (point.x <= kMostInspected && std::isfinite(point.high)) high = std::max(high, point.high);
  }
  Frame frame("Share of visits that find theft, over the share of consumers visited", kMostInspected, RoundUp(high),
              "consumers visited", "visits that find theft");
  frame.Reference(0, base_rate, kMostInspected, base_rate);
  frame.Curve(metrics.hit_rate);
  frame.svg.Text(kSize - kRight - 4, frame.y.At(base_rate) - 5, "visits at random", "end");
  return std::move(frame.svg).Finish();
}

std::string RocChart(const detectors::Metrics& metrics) {
  Frame frame("ROC curve: thefts found over honest consumers visited", 1, 1, "honest consumers visited",
              "thefts found");
  frame.Reference(0, 0, 1, 1);
  frame.Curve(metrics.roc);
  return std::move(frame.svg).Finish();
}

std::string PrecisionRecallChart(const detectors::Metrics& metrics, double base_rate) {
  Frame frame("Precision-recall curve", 1, 1, "thefts found (recall)", "visits that find theft (precision)");
  frame.Reference(0, base_rate, 1, base_rate);
  frame.Curve(metrics.precision_recall);
  return std::move(frame.svg).Finish();
}

std::string ReliabilityChart(const detectors::Metrics& metrics) {
  double high = 0.05;
  for (const detectors::ReliabilityBin& bin : metrics.reliability) high = std::max({high, bin.high, bin.predicted});
  high = RoundUp(high);
  Frame frame("Reliability: observed share of theft over the predicted probability", high, high,
              "predicted probability", "observed share of theft");
  frame.Reference(0, 0, high, high);
  for (const detectors::ReliabilityBin& bin : metrics.reliability) {
    const double at = frame.x.At(bin.predicted);
    frame.svg.Line(at, frame.y.At(bin.low), at, frame.y.At(bin.high), "interval");
    frame.svg.Circle(at, frame.y.At(bin.observed), 3.5, "point");
  }
  return std::move(frame.svg).Finish();
}

}  // namespace meterhound::report
