// BillsSeries: bills in their one order, turned into the series that a mapping defines.
#pragma once

#include <cstddef>
#include <vector>

#include "base/panel.h"
#include "base/run_context.h"
#include "readings/bills.h"
#include "readings/bills_columns.h"

namespace meterhound::readings {

/// Positions of one prefix's bills: consumer by consumer, each consumer's in the order that ReadBills promises.
struct BillsOrder {
  std::vector<std::size_t> offsets;   ///< rows + 1
  std::vector<std::uint32_t> places;  ///< into BillsColumns
};

/// @param rows consumers of the panel.
BillsOrder OrderBills(const BillsColumns& bills, std::size_t prefix, std::size_t rows, const RunContext& context);

/// The kinds of one prefix, in the mapping's order, on one timeline. Adds to `report` what fell out of range.
std::vector<SeriesKind> MakeSeries(const BillsTable& mapping, const BillsColumns& bills, std::size_t prefix,
                                   const BillsOrder& order, const RunContext& context, BillsReport& report);

}  // namespace meterhound::readings
