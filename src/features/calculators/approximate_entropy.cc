// approximate_entropy: how much less often stretches recur when they get one value longer.
#include <cmath>
#include <limits>
#include <map>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/template_matches.h"

namespace meterhound::features {
namespace {

struct Request {
  std::size_t length;
  double tolerance;  // in standard deviations
};

Result<Request> ReadRequest(const Parameters& parameters) {
  METERHOUND_ASSIGN_OR_RETURN(const std::size_t length, GetCount(parameters, "m", 1, 100));
  METERHOUND_ASSIGN_OR_RETURN(const double tolerance, GetDouble(parameters, "r"));
  if (!(tolerance >= 0)) return InvalidInput("parameter 'r': expected 0 or more");
  return Request{length, tolerance};
}

// log(count / total) for every count, kept while lengths stay the same; 0 for a count of 0, which is of no stretch.
class LogShares {
 public:
  void Prepare(std::size_t total) {
    if (table_.size() == total + 1) return;
    table_.assign(total + 1, 0);
    for (std::size_t c = 1; c <= total; ++c) table_[c] = std::log(static_cast<double>(c) / static_cast<double>(total));
  }
  /// Over all stretches counted.
  double Mean(std::span<const std::uint32_t> counts) const {
    double part[4] = {};
    std::size_t i = 0;
    for (; i + 4 <= counts.size(); i += 4) {
      for (std::size_t k = 0; k < 4; ++k) part[k] += table_[counts[i + k]];
    }
    for (; i < counts.size(); ++i) part[0] += table_[counts[i]];
    return ((part[0] + part[1]) + (part[2] + part[3])) / static_cast<double>(table_.size() - 1);
  }

 private:
  std::vector<double> table_;
};

// All tolerances of one length together; `factors` are theirs, `places` where their values go.
void Compute(SeriesContext& series, std::size_t length, std::span<const double> factors,
             std::span<const std::size_t> places, std::span<double> out) {
  const double deviation = series.StandardDeviation();
  const bool short_series = series.size() <= length + 1;
  if (short_series || !std::isfinite(deviation)) {
    for (const std::size_t i : places) out[i] = short_series ? 0 : std::numeric_limits<double>::quiet_NaN();
    return;
  }
  const auto tolerances = series.Scratch(0, factors.size());
  for (std::size_t r = 0; r < factors.size(); ++r) tolerances[r] = factors[r] * deviation;
  const std::size_t n = series.size();
  const auto of_length = series.Counts(0, factors.size() * n);
  const auto of_one_more = series.Counts(1, factors.size() * n);
  numerics::CountMatches(series.values(), series.Order(), length, tolerances, of_length, of_one_more);
  thread_local LogShares shares;
  thread_local LogShares longer_shares;
  shares.Prepare(n - length + 1);
  longer_shares.Prepare(n - length);
  for (std::size_t r = 0; r < factors.size(); ++r) {
    out[places[r]] =
        std::fabs(shares.Mean(of_length.subspan(r * n, n)) - longer_shares.Mean(of_one_more.subspan(r * n, n)));
  }
}

std::vector<Parameters> DefaultGrid() {
  std::vector<Parameters> grid;
  for (const double r : {0.1, 0.3, 0.5, 0.7, 0.9}) grid.push_back({{"m", 2}, {"r", r}});
  return grid;
}

struct SameLength {
  std::vector<double> factors;
  std::vector<std::size_t> places;
};

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  std::map<std::size_t, SameLength> by_length;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    SameLength& same = by_length[requests[i].length];
    same.factors.push_back(requests[i].tolerance);
    same.places.push_back(i);
  }
  return Kernel([by_length](SeriesContext& series, std::span<double> out) {
    for (const auto& [length, same] : by_length) Compute(series, length, same.factors, same.places, out);
  });
}

}  // namespace

extern const Calculator k_approximate_entropy{
    .name = "approximate_entropy",
    .doc =
        "Irregularity: how much rarer stretches alike over m readings, within r standard deviations, stay "
        "alike over one more (Pincus 1991, self-matches counted)",
    .presets = kComprehensive,
    .position = 58,
    .cost = CostClass::kQuadratic,
    .default_grid = &DefaultGrid,
    .bind = &Bind,
    .tolerance = {.error = 1e-12, .unit = Unit::kOne, .reason = "the difference of two means of logarithms"}};

}  // namespace meterhound::features
