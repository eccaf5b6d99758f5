// augmented_dickey_fuller: whether the series wanders like a random walk or returns to a level.
#include <array>
#include <optional>

#include "features/calculator.h"
#include "features/series_context.h"
#include "numerics/autoregression.h"

namespace meterhound::features {
namespace {

using numerics::LagChoice;

enum class Part { kStatistic, kPValue, kUsedLag };

struct Request {
  Part part;
  LagChoice choice;
};

// "AIC" unless given; None means the largest lag.
const ParameterValue* FindAutolag(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (name == "autolag") return &value;
  }
  return nullptr;
}

Result<Request> ReadRequest(const Parameters& parameters) {
  Request request{Part::kStatistic, LagChoice::kAic};
  METERHOUND_ASSIGN_OR_RETURN(const std::string part, GetString(parameters, "attr"));
  if (part == "pvalue")
    request.part = Part::kPValue;
  else if (part == "usedlag")
    request.part = Part::kUsedLag;
  else if (part != "teststat") {
    return InvalidInput("parameter 'attr': found \"" + part + "\", expected \"teststat\", \"pvalue\" or \"usedlag\"");
  }
  const ParameterValue* autolag = FindAutolag(parameters);
  if (autolag == nullptr) return request;
  const std::string* name = std::get_if<std::string>(autolag);
  if (std::holds_alternative<std::monostate>(*autolag) || (name != nullptr && *name == "None"))
    request.choice = LagChoice::kMaximum;
  else if (name != nullptr && *name == "BIC")
    request.choice = LagChoice::kBic;
  else if (name != nullptr && *name == "t-stat")
    request.choice = LagChoice::kTStatistic;
  else if (name == nullptr || *name != "AIC") {
    return InvalidInput("parameter 'autolag': expected \"AIC\", \"BIC\", \"t-stat\" or None");
  }
  return request;
}

// tsfresh always names the lag choice, in double quotes even where it is None.
std::string Suffix(const Parameters& parameters) {
  Parameters attribute;
  for (const auto& parameter : parameters) {
    if (parameter.first == "attr") attribute.push_back(parameter);
  }
  const ParameterValue* autolag = FindAutolag(parameters);
  const std::string* name = autolag == nullptr ? nullptr : std::get_if<std::string>(autolag);
  const std::string choice = name != nullptr ? *name : autolag == nullptr ? "AIC" : "None";
  return ParameterSuffix(attribute) + "__autolag_\"" + choice + '"';
}

constexpr std::array<std::string_view, 1> kMoreParameters = {"autolag"};

std::vector<Parameters> DefaultGrid() {
  return OneParameterGrid("attr", {std::string("teststat"), std::string("pvalue"), std::string("usedlag")});
}

Result<Kernel> Bind(std::span<const Parameters> grid) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<Request> requests, ReadGrid<&ReadRequest>(grid));
  return Kernel([requests](SeriesContext& series, std::span<double> out) {
    std::optional<LagChoice> tested;
    numerics::DickeyFuller test;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      if (tested != requests[i].choice) {
        test = numerics::TestUnitRoot(series.Centred(), series.Mean(), requests[i].choice);
        tested = requests[i].choice;
      }
      switch (requests[i].part) {
        case Part::kStatistic:
          out[i] = test.statistic;
          break;
        case Part::kPValue:
          out[i] = test.p_value;
          break;
        case Part::kUsedLag:
          out[i] = test.used_lag;
          break;
      }
    }
  });
}

}  // namespace

extern const Calculator k_augmented_dickey_fuller{.name = "augmented_dickey_fuller",
                                                  .doc =
                                                      "Augmented Dickey-Fuller test whether the level wanders "
                                                      "(a unit root): statistic, p-value or lags used (attr)",
                                                  .presets = kEfficient | kComprehensive,
                                                  .position = 63,
                                                  .cost = CostClass::kRegression,
                                                  .default_grid = &DefaultGrid,
                                                  .more_parameters = kMoreParameters,
                                                  .bind = &Bind,
                                                  .suffix = &Suffix,
                                                  .tolerance = {.error = 1e-6,
                                                                .reason = "regressions on nearly dependent lags; a "
                                                                          "p-value multiplies the statistic's error"}};

}  // namespace meterhound::features
