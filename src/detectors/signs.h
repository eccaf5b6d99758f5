// Signs: marks on a load curve that few honest consumers show, for thefts unlike any that the model has learnt from.
//
// Each sign is one feature of which more is stranger, chosen for what tampering does to a meter rather than by labels.
// A consumer's strangeness is how rare its rarest sign is among consumers known as honest: "one in 2,000 has a run of
// equal readings as long". Nothing is weighed or tuned.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/feature_table.h"
#include "base/json.h"
#include "base/result.h"

namespace meterhound::detectors {

/// Nothing strange: rarest_share 1.
struct Strangeness {
  double rarest_share = 1;  ///< of honest consumers with as much of the rarest sign, (0, 1]
  double product = 1;       ///< of the shares of all signs: decides between equally rare ones
  std::string_view sign;    ///< what is rare: "equal_readings", "near_highest", "halvings", "zeros"; empty when nothing is

  bool StrangerThan(const Strangeness& other) const {
    return rarest_share != other.rarest_share ? rarest_share < other.rarest_share : product < other.product;
  }
};

class Signs {
 public:
  /// Remembers the largest twentieth of every sign's values. Columns that are no signs are passed over, so that a table
  /// without any gives an object to which nothing is strange.
  /// @param honest rows known as honest. @param columns positions in the table that may be used.
  static Signs Learn(const FeatureTable& table, std::span<const std::size_t> honest,
                     std::span<const std::size_t> columns);

  /// @param column_of for each position of `columns` at learning, its position in this table.
  Strangeness Of(const FeatureTable& table, std::size_t row, std::span<const std::size_t> column_of) const;

  bool empty() const { return tails_.empty(); }
  Json ToJson() const;
  /// @param columns how many there were at learning. kCorrupt when the parts do not fit together.
  static Result<Signs> FromJson(const Json& json, std::size_t columns);

 private:
  struct Tail {
    std::size_t column = 0;  ///< position in `columns`
    std::size_t sign = 0;    ///< of the table in signs.cc
    std::size_t honest = 0;
    std::vector<double> largest;  ///< ascending
  };
  std::vector<Tail> tails_;
};

}  // namespace meterhound::detectors
