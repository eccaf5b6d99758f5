// Calculator: everything the program knows about one feature calculator, as data that extraction, docs and tests walk.
#pragma once

#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/panel.h"
#include "base/result.h"
#include "features/tolerance.h"

namespace meterhound::features {

class SeriesContext;

/// None, bool, int, float, str, tuple of ints: what tsfresh's parameter dictionaries hold.
using ParameterValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::int64_t>,
                                    std::vector<double>>;

/// One parameter dictionary, sorted by name.
using Parameters = std::vector<std::pair<std::string, ParameterValue>>;

/// Presets a calculator belongs to; a bit each. Comprehensive is Efficient and the costly ones.
enum Preset : unsigned {
  kMinimal = 1u << 0,
  kEfficient = 1u << 1,
  kComprehensive = 1u << 2,
  kIndexBased = 1u << 3,  ///< tsfresh's IndexBasedFCParameters: those it hands an index
  kTheft = 1u << 4,       ///< ours: what theft, and what looks like it, does to a load curve
  kBills = 1u << 5,       ///< ours: for series of one value a bill, at irregular dates
  kTimeBased = 1u << 6,   ///< needs times, not only order (tsfresh's TimeBasedFCParameters)
};

enum class CostClass : std::uint8_t { kLinear, kSort, kSpectrum, kRegression, kQuadratic };
/// "linear" and so on, as catalogues print it.
std::string_view CostClassName(CostClass cost);

/// Computes one value per parameter dictionary of the grid it was bound to. Total: undefined gives what tsfresh gives.
/// Called from several threads at once, each with a context of its own; must not allocate in steady state.
using Kernel = std::function<void(SeriesContext& series, std::span<double> out)>;

struct Calculator {
  std::string_view name;  ///< tsfresh's function name; the file's stem
  std::string_view doc;   ///< one line: what it measures
  unsigned presets = 0;
  int position = 0;  ///< place in tsfresh's settings dictionary, which decides the order of columns; theft: 1000 + n
  CostClass cost = CostClass::kLinear;
  FeatureGroup group = FeatureGroup::kBehaviour;        ///< kCoverage for those that look at the mask alone
  std::vector<Parameters> (*default_grid)() = nullptr;  ///< null: one column without parameters
  /// Parameters that the default grid lacks but a dictionary may name.
  std::span<const std::string_view> more_parameters = {};
  /// Checks names and types of the grid's parameters once and returns the code to run.
  Result<Kernel> (*bind)(std::span<const Parameters> grid) = nullptr;
  /// Column suffixes where tsfresh does not build them from the parameters alone; usually null.
  std::string (*suffix)(const Parameters& parameters) = nullptr;
  Tolerance tolerance = {};  ///< from tsfresh's values
  /// Where the tolerance depends on the parameters; usually null.
  Tolerance (*tolerance_of)(const Parameters& parameters) = nullptr;
};

/// Its default grid; one empty dictionary when it takes no parameters.
std::vector<Parameters> DefaultGridOf(const Calculator& calculator);
/// Names of the parameters that a dictionary may hold: those of the default grid, then the others.
std::vector<std::string> ParameterNames(const Calculator& calculator);

/// What the calculator's file states for these parameters.
Tolerance ToleranceOf(const Calculator& calculator, const Parameters& parameters);

/// `__r_0.05__attr_"slope"`, or the calculator's own suffix.
std::string ColumnSuffix(const Calculator& calculator, const Parameters& parameters);

/// Every calculator of calculators/ and theft/, sorted by name.
std::span<const Calculator* const> AllCalculators();
/// Null when there is none of that name.
const Calculator* FindCalculator(std::string_view name);

/// `__r_0.05__attr_"slope"`: tsfresh's convert_to_output_format. Empty for no parameters.
std::string ParameterSuffix(const Parameters& parameters);

// For calculators' own files.

/// Wraps a function of the series alone as a bind function: `.bind = BindPlain<&Compute>`.
template <auto Compute>
Result<Kernel> BindPlain(std::span<const Parameters> grid) {
  if (grid.size() != 1 || !grid.front().empty()) return InvalidInput("takes no parameters");
  return Kernel([](SeriesContext& series, std::span<double> out) { out[0] = Compute(series); });
}

/// For calculators whose outputs are named statistics of one pass: the grid {"stat": name} for each name, and the
/// kernel that computes all and hands out those asked for. At most kMostStats names.
inline constexpr std::size_t kMostStats = 40;
std::vector<Parameters> StatGrid(std::span<const std::string_view> names);
Result<Kernel> BindStats(std::span<const Parameters> grid, std::span<const std::string_view> names,
                         void (*compute)(SeriesContext& series, std::span<double> all));

/// Typed access to one parameter: an error that names it when it is absent or of another type. Ints pass as doubles.
Result<double> GetDouble(const Parameters& parameters, std::string_view name);
Result<std::int64_t> GetInt(const Parameters& parameters, std::string_view name);
/// From `least` to `most`: where memory or time grows with the number, which a dictionary from outside must not decide.
Result<std::size_t> GetCount(const Parameters& parameters, std::string_view name, std::size_t least, std::size_t most);
Result<bool> GetBool(const Parameters& parameters, std::string_view name);
Result<std::string> GetString(const Parameters& parameters, std::string_view name);
Result<std::vector<std::int64_t>> GetTuple(const Parameters& parameters, std::string_view name);
/// A list of whole or other numbers.
Result<std::vector<double>> GetNumbers(const Parameters& parameters, std::string_view name);

/// Every dictionary of a grid through `Read`, a function of Parameters that returns a Result.
template <auto Read>
auto ReadGrid(std::span<const Parameters> grid) {
  using Value = std::decay_t<decltype(*Read(std::declval<const Parameters&>()))>;
  std::vector<Value> values;
  for (const Parameters& parameters : grid) {
    auto value = Read(parameters);
    if (!value.ok()) return Result<std::vector<Value>>(value.error());
    values.push_back(std::move(value).value());
  }
  return Result<std::vector<Value>>(std::move(values));
}

/// Bind function for calculators whose values share no work of their own: `Compute(series, Read(parameters))` each.
template <auto Read, auto Compute>
Result<Kernel> BindEach(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(auto values, ReadGrid<Read>(grid));
  return Kernel([values = std::move(values)](SeriesContext& series, std::span<double> out) {
    for (std::size_t i = 0; i < values.size(); ++i) out[i] = Compute(series, values[i]);
  });
}

/// A grid over one parameter.
inline std::vector<Parameters> OneParameterGrid(const std::string& name, const std::vector<ParameterValue>& values) {
  std::vector<Parameters> grid;
  grid.reserve(values.size());
  for (const ParameterValue& value : values) grid.push_back({{name, value}});
  return grid;
}

}  // namespace meterhound::features
