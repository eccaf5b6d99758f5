// TypicalEnergy: what a theft withholds where no drop is dated, learnt from those where one is.
#pragma once

#include <vector>

#include "explain/evidence.h"
#include "numerics/random.h"

namespace meterhound::pipeline {

/// The middle 80 % of a weighted sample, so that a few factories do not speak for homes.
class TypicalEnergy {
 public:
  /// Nothing to learn from: zero.
  TypicalEnergy() = default;
  /// @param weights one a value, above 0.
  TypicalEnergy(std::vector<double> kwh, std::vector<double> weights);

  bool known() const { return !kwh_.empty(); }
  const explain::Estimate& estimate() const { return estimate_; }  ///< mean, and the ends of the middle 80 %
  double Draw(numerics::Random& random) const;                     ///< of mean estimate().value

 private:
  std::vector<double> kwh_;         ///< ascending
  std::vector<double> cumulative_;  ///< weight up to and with each
  explain::Estimate estimate_;
};

}  // namespace meterhound::pipeline
