// Calculators that take short cuts, against their definitions written out.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <charconv>
#include <cmath>
#include <set>

#include "features/extractor.h"
#include "numerics/random.h"
#include "support/feature_panels.h"

namespace meterhound::features {
namespace {

double Value(const std::vector<double>& values, const std::string& calculator, const Json& parameters) {
  testing::Context context;
  const std::vector<KindInfo> kinds = {{"value", FeatureGroup::kBehaviour}};
  const Json grid = parameters.is_null() ? Json(nullptr) : Json::array({parameters});
  const auto settings = FeatureSettings::FromJson(Json{{calculator, grid}}).value();
  const auto table = Extractor::Create(settings, kinds).value().Extract(testing::PanelOf({{"x", values}}), context.run);
  return table.value().values.at(0);
}

std::vector<double> Series(std::size_t size) {
  const bool coarse = *rc::gen::arbitrary<bool>();
  numerics::Random random(*rc::gen::arbitrary<std::uint32_t>());
  std::vector<double> values;
  for (std::size_t i = 0; i < size; ++i) {
    values.push_back(coarse ? std::floor(random.Uniform() * 9) - 2 : std::exp(random.Normal() * 4) * random.Normal());
  }
  return values;
}

RC_GTEST_PROP(PlainCalculators, NumberPeaks, ()) {
  const auto x = Series(*rc::gen::inRange<std::size_t>(1, 120));
  const auto support = *rc::gen::inRange<std::size_t>(1, 12);
  double peaks = 0;
  for (std::size_t i = support; i + support < x.size(); ++i) {
    bool higher = true;
    for (std::size_t k = 1; k <= support; ++k) higher = higher && x[i] > x[i - k] && x[i] > x[i + k];
    peaks += higher ? 1 : 0;
  }
  RC_ASSERT(Value(x, "number_peaks", {{"n", support}}) == peaks);
}

// Few bins go through a table, many through a map.
RC_GTEST_PROP(PlainCalculators, LempelZiv, ()) {
  const auto x = Series(*rc::gen::inRange<std::size_t>(1, 300));
  const auto bins = *rc::gen::element<std::size_t>(1, 2, 7, 100, 128, 129, 5000);
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  std::set<std::vector<std::size_t>> phrases;
  std::vector<std::size_t> phrase;
  for (const double value : x) {
    std::size_t level = 0;
    while (level + 1 < bins &&
           *low + static_cast<double>(level + 1) * ((*high - *low) / static_cast<double>(bins)) < value)
      ++level;
    phrase.push_back(level);
    if (phrases.insert(phrase).second) phrase.clear();
  }
  RC_ASSERT(Value(x, "lempel_ziv_complexity", {{"bins", bins}}) ==
            static_cast<double>(phrases.size()) / static_cast<double>(x.size()));
}

RC_GTEST_PROP(PlainCalculators, Benford, ()) {
  const auto x = Series(*rc::gen::inRange<std::size_t>(2, 200));
  double found[9] = {};
  for (const double value : x) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, std::fabs(value)).ptr;
    const auto digit = std::find_if(text, end, [](char c) { return c >= '1' && c <= '9'; });
    if (digit != end) found[*digit - '1'] += 1;
  }
  double mean_found = 0;
  double mean_law = 0;
  for (int d = 0; d < 9; ++d) {
    mean_found += found[d] / 9;
    mean_law += std::log10(1 + 1.0 / (d + 1)) / 9;
  }
  double product = 0;
  double squares = 0;
  double law_squares = 0;
  for (int d = 0; d < 9; ++d) {
    const double law = std::log10(1 + 1.0 / (d + 1)) - mean_law;
    product += law * (found[d] - mean_found);
    squares += (found[d] - mean_found) * (found[d] - mean_found);
    law_squares += law * law;
  }
  const double value = Value(x, "benford_correlation", nullptr);
  if (squares == 0) {
    RC_ASSERT(std::isnan(value));
  } else {
    RC_ASSERT(std::fabs(value - product / std::sqrt(squares * law_squares)) < 1e-12);
  }
}

}  // namespace
}  // namespace meterhound::features
