// Self-describing files and mapped bills behind one call.
#include "pipeline/sources.h"

#include "readings/bills.h"
#include "readings/cut_off.h"

namespace meterhound::pipeline {

namespace {

Result<SourceData> AsOf(SourceData data, const readings::ReadOptions& options) {
  if (options.as_of) METERHOUND_RETURN_IF_ERROR(readings::CutOff(data.panel, *options.as_of));
  data.as_of = options.as_of;
  return data;
}

}  // namespace

Result<SourceData> ReadSource(const readings::ReadOptions& options, const RunContext& context) {
  SourceData data;
  if (options.source.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(data.panel, readings::ReadPanel(options, context));
    return AsOf(std::move(data), options);
  }
  METERHOUND_ASSIGN_OR_RETURN(const readings::SourceMapping mapping, readings::LoadSourceMapping(options.source));
  readings::BillsReport report;
  METERHOUND_ASSIGN_OR_RETURN(data.panel,
                              readings::ReadBills(mapping, options.data, options.date_order, context, &report));
  data.features = mapping.features;
  data.neighbours = mapping.neighbours;
  data.remarks = report.ToText();
  return AsOf(std::move(data), options);
}

}  // namespace meterhound::pipeline
