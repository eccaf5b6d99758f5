// BillsDates: whether the bills' dates are what they seem, judged by the meters' index, which should go on from bill to
// bill.
#pragma once

#include <cstddef>
#include <vector>

#include "base/run_context.h"
#include "readings/bills_columns.h"
#include "readings/bills_series.h"

namespace meterhound::readings {

/// Of neighbouring bills of one consumer and prefix, how many go on from the index at which the one before ended.
struct IndexContinuity {
  std::size_t pairs = 0;
  std::size_t as_read = 0;
  std::size_t exchanged = 0;  ///< with day and month of every date up to the 12th changing places

  void Add(const IndexContinuity& other);
  /// Whether the other way of reading dates fits so much better that dates as read are in doubt: by a tenth of all
  /// pairs.
  bool Doubtful() const;
};

/// Zero pairs unless the mapping defines a jump from one index column to another.
IndexContinuity CheckContinuity(const BillsTable& mapping, const BillsColumns& bills, const BillsOrder& order,
                                const RunContext& context);

}  // namespace meterhound::readings
