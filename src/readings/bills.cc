// The two tables joined into a panel.
#include "readings/bills.h"

#include <cmath>
#include <limits>

#include "base/numbers.h"
#include "readings/bills_columns.h"
#include "readings/bills_consumers.h"
#include "readings/bills_dates.h"
#include "readings/bills_series.h"

namespace meterhound::readings {
namespace {

std::string Count(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::size_t CountWithoutBills(const BillsColumns& bills, std::size_t rows) {
  std::vector<bool> seen(rows, false);
  for (const std::uint32_t row : bills.rows) seen[row] = true;
  std::size_t without = 0;
  for (const bool each : seen) without += each ? 0 : 1;
  return without;
}

}  // namespace

std::string BillsReport::ToText() const {
  std::string text;
  const auto say = [&text](const std::string& sentence) { text += sentence + "\n"; };
  if (without_bills > 0) say(Count(without_bills, "consumer has", "consumers have") + " no bills");
  if (not_in_table > 0) {
    say(Count(not_in_table, "consumer is", "consumers are") + " in the bills but not in the consumers' table");
  }
  for (const OutOfRange& each : out_of_range) {
    say(each.kind + ": " + Count(each.values, "value", "values") + " outside " + FormatDouble(each.valid_min) + " to " +
        FormatDouble(each.valid_max) + " taken as missing, such as " + FormatDouble(each.example));
  }
  if (index_pairs > 0) {
    const auto share = [this](std::size_t count) {
      return std::to_string(
                 static_cast<int>(std::lround(100.0 * static_cast<double>(count) / static_cast<double>(index_pairs)))) +
             " %";
    };
    say("dates are in doubt: " + share(index_continues) +
        " of the bills go on from the index of the one before; with day and "
        "month of every date up to the 12th exchanged it would be " +
        share(index_continues_exchanged) + " (see bills: date_repair)");
  }
  return text;
}

Result<Panel> ReadBills(const SourceMapping& mapping, const std::filesystem::path& data, DateOrder dates,
                        const RunContext& context, BillsReport* report) {
  BillsReport found;
  METERHOUND_ASSIGN_OR_RETURN(BillsConsumers consumers, ReadBillsConsumers(mapping.consumers, data, dates));
  const std::size_t in_table = consumers.labels.size();
  METERHOUND_ASSIGN_OR_RETURN(
      const BillsColumns bills,
      ReadBillsColumns(mapping.bills, data, dates, mapping.consumers.keep_unknown || !consumers.present, consumers.name,
                       consumers.index, context));

  Panel panel;
  panel.source = data.string();
  panel.ids = consumers.index.ids();
  panel.labels = std::move(consumers.labels);
  panel.labels.resize(panel.rows(), kUnlabelled);
  panel.label_times = std::move(consumers.label_times);
  if (!panel.label_times.empty()) panel.label_times.resize(panel.rows(), std::numeric_limits<double>::quiet_NaN());
  panel.attributes = std::move(consumers.attributes);
  for (Attribute& attribute : panel.attributes) {
    attribute.values.resize(panel.rows(), std::numeric_limits<double>::quiet_NaN());
  }
  IndexContinuity continuity;
  for (std::size_t prefix = 0; prefix < mapping.bills.prefixes.size(); ++prefix) {
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    const BillsOrder order = OrderBills(bills, prefix, panel.rows(), context);
    METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
    auto kinds = MakeSeries(mapping.bills, bills, prefix, order, context, found);
    for (SeriesKind& kind : kinds) panel.kinds.push_back(std::move(kind));
    continuity.Add(CheckContinuity(mapping.bills, bills, order, context));
  }
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  if (continuity.Doubtful()) {
    found.index_pairs = continuity.pairs;
    found.index_continues = continuity.as_read;
    found.index_continues_exchanged = continuity.exchanged;
  }
  found.bills = bills.size();
  found.consumers = panel.rows();
  found.not_in_table = consumers.present ? panel.rows() - in_table : 0;
  found.without_bills = CountWithoutBills(bills, panel.rows());
  if (report != nullptr) *report = std::move(found);
  METERHOUND_RETURN_IF_ERROR(panel.Validate());
  return panel;
}

Result<Panel> ReadBills(const ReadOptions& options, const RunContext& context, BillsReport* report) {
  METERHOUND_ASSIGN_OR_RETURN(const SourceMapping mapping, LoadSourceMapping(options.source));
  return ReadBills(mapping, options.data, options.date_order, context, report);
}

}  // namespace meterhound::readings
