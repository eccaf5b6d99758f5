// One sort a column serves every class.
#include "features/relevance.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/numbers.h"
#include "numerics/hypothesis_tests.h"
#include "numerics/sorted_order.h"

namespace meterhound::features {
namespace {

constexpr std::size_t kColumnsAtOnce = 4;

Status CheckInput(const FeatureTable& table, std::span<const double> target, const RelevanceOptions& options) {
  if (target.size() != table.rows()) {
    return InvalidInput("found " + std::to_string(target.size()) + " targets, expected one for each of the " +
                        std::to_string(table.rows()) + " rows");
  }
  if (!(options.fdr_level > 0 && options.fdr_level < 1)) {
    return InvalidInput("found a false discovery rate of " + FormatDouble(options.fdr_level) +
                        ", expected one between 0 and 1");
  }
  if (std::any_of(target.begin(), target.end(), [](double y) { return !std::isfinite(y); })) {
    return InvalidInput("found a target that is no number, expected one for every row");
  }
  if (target.empty() || std::all_of(target.begin(), target.end(), [&](double y) { return y == target[0]; })) {
    return InvalidInput("all targets are the same; expected at least two different ones");
  }
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    if (std::isfinite(table.values[i])) continue;
    return InvalidInput("found " + FormatDouble(table.values[i]) + " in column '" +
                        table.columns[i % table.width()].name + "' of '" + table.ids[i / table.width()] +
                        "', expected a number; impute first");
  }
  return {};
}

/// The target as the tests need it.
struct Target {
  std::span<const double> values;
  std::vector<std::vector<std::uint8_t>> classes;  // a mask each, one for two classes; none for regression
};

Target MakeTarget(std::span<const double> values, Task task) {
  Target target{values, {}};
  if (task == Task::kRegression) return target;
  std::vector<double> distinct(values.begin(), values.end());
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  if (distinct.size() == 2) distinct.erase(distinct.begin());  // the tests are the same either way
  for (const double label : distinct) {
    auto& mask = target.classes.emplace_back(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) mask[i] = values[i] == label ? 1 : 0;
  }
  return target;
}

double FisherOf(std::span<const double> x, double one, std::span<const std::uint8_t> in_class) {
  std::uint64_t count[2][2] = {};
  for (std::size_t i = 0; i < x.size(); ++i) ++count[in_class[i]][x[i] == one ? 1 : 0];
  return numerics::FisherExactTwoSided(count[1][1], count[1][0], count[0][1], count[0][0]);
}

/// p-values of one column: one a class, or one.
struct Column {
  std::vector<double> values;
  std::vector<std::uint32_t> order;
  std::vector<std::uint8_t> mask;

  void Load(const FeatureTable& table, std::size_t column) {
    values.resize(table.rows());
    order.resize(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) values[row] = table.values[row * table.width() + column];
    numerics::SortedOrder(values, order);
  }
  double At(std::size_t rank) const { return values[order[rank]]; }
  FeatureType Type() const {
    std::size_t distinct = 1;
    for (std::size_t i = 1; i < values.size() && distinct < 3; ++i) distinct += At(i) != At(i - 1) ? 1 : 0;
    return distinct == 1 ? FeatureType::kConstant : distinct == 2 ? FeatureType::kBinary : FeatureType::kReal;
  }

  std::vector<double> Test(FeatureType type, const Target& target, const RelevanceOptions& options) {
    if (options.task == Task::kRegression) {
      if (type == FeatureType::kReal) return {numerics::KendallTwoSided(values, target.values)};
      mask.resize(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) mask[i] = values[i] == At(values.size() - 1) ? 1 : 0;
      std::vector<std::uint32_t> by_target(values.size());
      numerics::SortedOrder(target.values, by_target);
      return {numerics::KolmogorovSmirnovTwoSided(target.values, by_target, mask)};
    }
    std::vector<double> p_values;
    for (const auto& in_class : target.classes) {
      if (type == FeatureType::kBinary) {
        p_values.push_back(FisherOf(values, At(values.size() - 1), in_class));
      } else if (options.kolmogorov_smirnov) {
        p_values.push_back(numerics::KolmogorovSmirnovTwoSided(values, order, in_class));
      } else {
        p_values.push_back(numerics::MannWhitneyTwoSided(values, order, in_class));
      }
    }
    return p_values;
  }
};

// Benjamini and Hochberg (1995), or Benjamini and Yekutieli (2001) for dependent tests: the largest k whose k-th
// smallest p-value is at most k / m of the level; it and all smaller ones are rejected.
std::vector<std::uint8_t> Rejected(const std::vector<double>& p_values, const RelevanceOptions& options) {
  const std::size_t m = p_values.size();
  double correction = 1;
  if (!options.independent) {
    correction = 0;
    for (std::size_t k = 1; k <= m; ++k) correction += 1 / static_cast<double>(k);
  }
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });
  std::vector<std::uint8_t> rejected(m, 0);
  bool any = false;
  for (std::size_t k = m; k-- > 0;) {
    const double share = static_cast<double>(k + 1) / static_cast<double>(m) / correction;
    any = any || p_values[order[k]] <= share * options.fdr_level;
    rejected[order[k]] = any ? 1 : 0;
  }
  return rejected;
}

}  // namespace

const char* FeatureTypeName(FeatureType type) {
  switch (type) {
    case FeatureType::kReal:
      return "real";
    case FeatureType::kBinary:
      return "binary";
    case FeatureType::kConstant:
      break;
  }
  return "constant";
}

Result<std::vector<Relevance>> RelevanceTable(const FeatureTable& table, std::span<const double> target_values,
                                              const RelevanceOptions& options, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(CheckInput(table, target_values, options));
  const Target target = MakeTarget(target_values, options.task);
  std::vector<Relevance> relevances(table.width());
  std::vector<std::vector<double>> tests(table.width());
  context.progress.Begin("testing features", table.width(), "features");
  context.pool.ParallelFor(
      table.width(), kColumnsAtOnce,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        Column column;
        for (std::size_t i = begin; i < end; ++i) {
          column.Load(table, i);
          relevances[i] = {i, column.Type(), std::numeric_limits<double>::quiet_NaN(), false};
          if (relevances[i].type != FeatureType::kConstant) tests[i] = column.Test(relevances[i].type, target, options);
        }
        context.progress.Advance(end - begin);
      },
      context.stop);
  context.progress.End();
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());

  const auto constant = std::stable_partition(relevances.begin(), relevances.end(), [](const Relevance& relevance) {
    return relevance.type != FeatureType::kConstant;
  });
  const std::span<Relevance> tested(relevances.begin(), constant);
  const std::size_t families = options.task == Task::kRegression ? 1 : target.classes.size();
  std::vector<std::size_t> significant(tested.size(), 0);
  for (std::size_t family = 0; family < families; ++family) {
    std::vector<double> p_values;
    for (const Relevance& relevance : tested) p_values.push_back(tests[relevance.column][family]);
    const auto rejected = Rejected(p_values, options);
    for (std::size_t i = 0; i < tested.size(); ++i) {
      significant[i] += rejected[i];
      tested[i].p_value = std::fmin(tested[i].p_value, p_values[i]);
    }
  }
  const std::size_t wanted = options.multiclass && families > 1 ? options.n_significant : 1;
  for (std::size_t i = 0; i < tested.size(); ++i) tested[i].relevant = significant[i] >= wanted;
  std::stable_sort(tested.begin(), tested.end(),
                   [](const Relevance& a, const Relevance& b) { return a.p_value < b.p_value; });
  return relevances;
}

}  // namespace meterhound::features
