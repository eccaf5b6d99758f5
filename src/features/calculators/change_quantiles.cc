// change_quantiles: mean or variance of the changes that start and end between two quantiles.
#include <algorithm>
#include <cmath>

#include "features/calculator.h"
#include "features/series_context.h"

namespace meterhound::features {
namespace {

enum class Aggregate { kMean, kVariance, kDeviation };

struct Request {
  double low;
  double high;
  bool absolute;
  Aggregate aggregate;
};

Result<Request> ReadRequest(const Parameters& parameters) {
  Request request{};
  METERHOUND_ASSIGN_OR_RETURN(request.low, GetDouble(parameters, "ql"));
  METERHOUND_ASSIGN_OR_RETURN(request.high, GetDouble(parameters, "qh"));
  METERHOUND_ASSIGN_OR_RETURN(request.absolute, GetBool(parameters, "isabs"));
  METERHOUND_ASSIGN_OR_RETURN(const std::string name, GetString(parameters, "f_agg"));
  for (const double q : {request.low, request.high}) {
    if (!(q >= 0 && q <= 1)) return InvalidInput("parameters 'ql' and 'qh': expected numbers from 0 to 1");
  }
  if (name == "mean")
    request.aggregate = Aggregate::kMean;
  else if (name == "var")
    request.aggregate = Aggregate::kVariance;
  else if (name == "std")
    request.aggregate = Aggregate::kDeviation;
  else
    return InvalidInput("parameter 'f_agg': found \"" + name + "\", expected \"mean\", \"var\" or \"std\"");
  return request;
}

// Count, mean and sum of squared deviations of some changes.
struct Spread {
  double count = 0;
  double mean = 0;
  double squares = 0;

  // Chan, Golub and LeVeque (1979).
  void Merge(const Spread& other) {
    if (other.count == 0) return;
    const double total = count + other.count;
    const double delta = other.mean - mean;
    squares += other.squares + delta * delta * count * other.count / total;
    mean += delta * other.count / total;
    count = total;
  }
};

// Changes fall into cells (edges at or below both ends, edges below the higher end): a corridor from edge a to edge b
// holds the cells with more than a of the former and at most b of the latter. So one pass serves all corridors.
class ChangeCells {
 public:
  void Fill(SeriesContext& series, std::span<const double> quantiles) {
    const auto x = series.values();
    width_ = quantiles.size() + 1;
    const auto edges = series.Scratch(0, quantiles.size());
    for (std::size_t k = 0; k < edges.size(); ++k) edges[k] = series.Quantile(quantiles[k]);
    plain_.assign(width_ * width_, {});
    absolute_.assign(width_ * width_, {});
    cell_.resize(x.size());
    for (std::size_t t = 1; t < x.size(); ++t) {
      const double lower = std::min(x[t - 1], x[t]);
      const double higher = std::max(x[t - 1], x[t]);
      std::size_t at_or_below = 0;
      std::size_t below = 0;
      for (const double edge : edges) {
        at_or_below += edge <= lower ? 1 : 0;
        below += edge < higher ? 1 : 0;
      }
      cell_[t] = at_or_below * width_ + below;
      plain_[cell_[t]].count += 1;
      plain_[cell_[t]].mean += x[t] - x[t - 1];
      absolute_[cell_[t]].mean += higher - lower;
    }
    for (std::size_t c = 0; c < plain_.size(); ++c) {
      absolute_[c].count = plain_[c].count;
      if (plain_[c].count == 0) continue;
      plain_[c].mean /= plain_[c].count;
      absolute_[c].mean /= absolute_[c].count;
    }
    for (std::size_t t = 1; t < x.size(); ++t) {
      const double change = x[t] - x[t - 1];
      const double off = change - plain_[cell_[t]].mean;
      const double absolute_off = std::fabs(change) - absolute_[cell_[t]].mean;
      plain_[cell_[t]].squares += off * off;
      absolute_[cell_[t]].squares += absolute_off * absolute_off;
    }
  }

  Spread Corridor(std::size_t low, std::size_t high, bool absolute) const {
    Spread all;
    for (std::size_t a = low + 1; a < width_; ++a) {
      for (std::size_t b = 0; b <= high; ++b) all.Merge((absolute ? absolute_ : plain_)[a * width_ + b]);
    }
    return all;
  }

 private:
  std::size_t width_ = 0;
  std::vector<Spread> plain_;
  std::vector<Spread> absolute_;
  std::vector<std::size_t> cell_;
};

struct Corridor {
  std::size_t low;  // places among the sorted quantiles
  std::size_t high;
  bool absolute;
  Aggregate aggregate;
  bool empty;  // ql >= qh
};

double Value(const Spread& spread, Aggregate aggregate) {
  if (spread.count == 0) return 0;
  if (aggregate == Aggregate::kMean) return spread.mean;
  const double variance = spread.squares / spread.count;
  return aggregate == Aggregate::kVariance ? variance : std::sqrt(variance);
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const double low : {0.0, 0.2, 0.4, 0.6, 0.8}) {
    for (const double high : {0.2, 0.4, 0.6, 0.8, 1.0}) {
      for (const bool absolute : {false, true}) {
        for (const char* aggregate : {"mean", "var"}) {
          if (low >= high) continue;
          grid.push_back({{"f_agg", std::string(aggregate)}, {"isabs", absolute}, {"qh", high}, {"ql", low}});
        }
      }
    }
  }
  return grid;
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  std::vector<double> quantiles;
  for (const Request& request : requests) quantiles.insert(quantiles.end(), {request.low, request.high});
  std::sort(quantiles.begin(), quantiles.end());
  quantiles.erase(std::unique(quantiles.begin(), quantiles.end()), quantiles.end());
  const auto place = [&quantiles](double q) {
    return static_cast<std::size_t>(std::lower_bound(quantiles.begin(), quantiles.end(), q) - quantiles.begin());
  };
  std::vector<Corridor> corridors;
  corridors.reserve(requests.size());
  for (const Request& r : requests) {
    corridors.push_back({place(r.low), place(r.high), r.absolute, r.aggregate, r.low >= r.high});
  }
  return Kernel([quantiles, corridors](SeriesContext& series, std::span<double> out) {
    thread_local ChangeCells cells;
    cells.Fill(series, quantiles);
    Spread spread;
    for (std::size_t i = 0; i < corridors.size(); ++i) {
      const Corridor& c = corridors[i];
      const bool as_before = i > 0 && c.low == corridors[i - 1].low && c.high == corridors[i - 1].high &&
                             c.absolute == corridors[i - 1].absolute;
      if (!as_before) spread = cells.Corridor(c.low, c.high, c.absolute);
      out[i] = c.empty ? 0 : Value(spread, c.aggregate);
    }
  });
}

Tolerance Allowed(const Parameters& parameters) {
  const bool variance = *GetString(parameters, "f_agg") == "var";
  return {.error = 1e-13,
          .unit = variance ? Unit::kLargestSquared : Unit::kLargest,
          .reason = "changes up and down cancel, and are added up in another order"};
}

}  // namespace

extern const Calculator k_change_quantiles{
    .name = "change_quantiles",
    .doc =
        "Mean or variance (f_agg) of the changes between neighbours that both lie between the quantiles ql "
        "and qh; absolute changes where isabs",
    .presets = kEfficient | kComprehensive,
    .position = 53,
    .cost = CostClass::kSort,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance_of = &Allowed};

}  // namespace meterhound::features
