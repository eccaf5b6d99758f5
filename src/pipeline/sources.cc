// Self-describing files and mapped bills behind one call.
#include "pipeline/sources.h"

#include "readings/bills.h"

namespace meterhound::pipeline {

Result<SourceData> ReadSource(const readings::ReadOptions& options, const RunContext& context) {
  SourceData data;
  if (options.source.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(data.panel, readings::ReadPanel(options, context));
    return data;
  }
  METERHOUND_ASSIGN_OR_RETURN(const readings::SourceMapping mapping, readings::LoadSourceMapping(options.source));
  readings::BillsReport report;
  METERHOUND_ASSIGN_OR_RETURN(data.panel,
                              readings::ReadBills(mapping, options.data, options.date_order, context, &report));
  data.features = mapping.features;
  data.neighbours = mapping.neighbours;
  data.remarks = report.ToText();
  return data;
}

}  // namespace meterhound::pipeline
