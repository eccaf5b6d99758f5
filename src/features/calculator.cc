// Finding calculators, naming columns as tsfresh names them, and typed access to parameters.
#include "features/calculator.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/nearest_name.h"
#include "base/numbers.h"

namespace meterhound::features {
namespace {

// Python's str() of a value; strings stand in double quotes.
struct PythonText {
  std::string operator()(std::monostate) const { return "None"; }
  std::string operator()(bool value) const { return value ? "True" : "False"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(double value) const { return FormatPythonFloat(value); }
  std::string operator()(const std::string& value) const { return '"' + value + '"'; }
  template <typename T>
  std::string operator()(const std::vector<T>& value) const {
    std::string text = "(";
    for (std::size_t i = 0; i < value.size(); ++i) text += (i == 0 ? "" : ", ") + (*this)(value[i]);
    return text + (value.size() == 1 ? ",)" : ")");
  }
};

Result<const ParameterValue*> Find(const Parameters& parameters, std::string_view name) {
  for (const auto& [key, value] : parameters) {
    if (key == name) return &value;
  }
  return InvalidInput("parameter '" + std::string(name) + "' is missing");
}

template <typename T>
Result<T> Get(const Parameters& parameters, std::string_view name, const char* expected) {
  METERHOUND_ASSIGN_OR_RETURN(const ParameterValue* value, Find(parameters, name));
  if (const T* typed = std::get_if<T>(value)) return *typed;
  return InvalidInput("parameter '" + std::string(name) + "': found " + std::visit(PythonText(), *value) +
                      ", expected " + expected);
}

}  // namespace

const Calculator* FindCalculator(std::string_view name) {
  const auto all = AllCalculators();
  const auto found =
      std::lower_bound(all.begin(), all.end(), name,
                       [](const Calculator* calculator, std::string_view n) { return calculator->name < n; });
  return found != all.end() && (*found)->name == name ? *found : nullptr;
}

std::string_view CostClassName(CostClass cost) {
  constexpr std::array<std::string_view, 5> kNames = {"linear", "sort", "spectrum", "regression", "quadratic"};
  return kNames.at(static_cast<std::size_t>(cost));
}

std::vector<Parameters> DefaultGridOf(const Calculator& calculator) {
  return calculator.default_grid != nullptr ? calculator.default_grid() : std::vector<Parameters>(1);
}

std::vector<std::string> ParameterNames(const Calculator& calculator) {
  std::vector<std::string> names;
  const std::vector<Parameters> grid = DefaultGridOf(calculator);
  for (const auto& [name, value] : grid.front()) names.push_back(name);
  names.insert(names.end(), calculator.more_parameters.begin(), calculator.more_parameters.end());
  return names;
}

Tolerance ToleranceOf(const Calculator& calculator, const Parameters& parameters) {
  return calculator.tolerance_of != nullptr ? calculator.tolerance_of(parameters) : calculator.tolerance;
}

std::string ParameterSuffix(const Parameters& parameters) {
  std::string suffix;
  for (const auto& [name, value] : parameters) suffix += "__" + name + "_" + std::visit(PythonText(), value);
  return suffix;
}

std::string ColumnSuffix(const Calculator& calculator, const Parameters& parameters) {
  return calculator.suffix != nullptr ? calculator.suffix(parameters) : ParameterSuffix(parameters);
}

std::vector<Parameters> StatGrid(std::span<const std::string_view> names) {
  std::vector<Parameters> grid;
  for (const std::string_view name : names) grid.push_back({{"stat", std::string(name)}});
  return grid;
}

Result<Kernel> BindStats(std::span<const Parameters> grid, std::span<const std::string_view> names,
                         void (*compute)(SeriesContext& series, std::span<double> all)) {
  std::vector<std::size_t> wanted;
  const std::vector<std::string> known(names.begin(), names.end());
  for (const Parameters& parameters : grid) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string stat, GetString(parameters, "stat"));
    const auto found = std::find(known.begin(), known.end(), stat);
    if (found == known.end()) return InvalidInput("parameter 'stat': unknown '" + stat + "'" + Suggestion(stat, known));
    wanted.push_back(static_cast<std::size_t>(found - known.begin()));
  }
  const std::size_t count = names.size();
  return Kernel([wanted, compute, count](SeriesContext& series, std::span<double> out) {
    std::array<double, kMostStats> all;
    all.fill(std::numeric_limits<double>::quiet_NaN());
    compute(series, std::span(all).first(count));
    for (std::size_t i = 0; i < wanted.size(); ++i) out[i] = all[wanted[i]];
  });
}

Result<double> GetDouble(const Parameters& parameters, std::string_view name) {
  METERHOUND_ASSIGN_OR_RETURN(const ParameterValue* value, Find(parameters, name));
  if (const auto* whole = std::get_if<std::int64_t>(value)) return static_cast<double>(*whole);
  return Get<double>(parameters, name, "a number");
}

Result<std::int64_t> GetInt(const Parameters& parameters, std::string_view name) {
  return Get<std::int64_t>(parameters, name, "a whole number");
}

Result<std::size_t> GetCount(const Parameters& parameters, std::string_view name, std::size_t least, std::size_t most) {
  METERHOUND_ASSIGN_OR_RETURN(const std::int64_t count, GetInt(parameters, name));
  if (count < static_cast<std::int64_t>(least) || count > static_cast<std::int64_t>(most)) {
    return InvalidInput("parameter '" + std::string(name) + "': found " + std::to_string(count) + ", expected " +
                        std::to_string(least) + " ... " + std::to_string(most));
  }
  return static_cast<std::size_t>(count);
}

Result<bool> GetBool(const Parameters& parameters, std::string_view name) {
  return Get<bool>(parameters, name, "True or False");
}

Result<std::string> GetString(const Parameters& parameters, std::string_view name) {
  return Get<std::string>(parameters, name, "a text");
}

Result<std::vector<std::int64_t>> GetTuple(const Parameters& parameters, std::string_view name) {
  return Get<std::vector<std::int64_t>>(parameters, name, "a list of whole numbers");
}

Result<std::vector<double>> GetNumbers(const Parameters& parameters, std::string_view name) {
  METERHOUND_ASSIGN_OR_RETURN(const ParameterValue* value, Find(parameters, name));
  if (const auto* whole = std::get_if<std::vector<std::int64_t>>(value)) {
    return std::vector<double>(whole->begin(), whole->end());
  }
  return Get<std::vector<double>>(parameters, name, "a list of numbers");
}

}  // namespace meterhound::features
