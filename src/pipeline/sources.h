// Sources: reading a panel and, for mapped bills, what the mapping says of its features.
#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/neighbours.h"
#include "base/panel.h"
#include "base/run_context.h"
#include "readings/readings.h"

namespace meterhound::pipeline {

struct SourceData {
  Panel panel;
  Json features;                            ///< a source mapping's `features` section; null for self-describing files
  std::optional<NeighbourSpec> neighbours;  ///< its `neighbours` section
  std::optional<double> as_of;              ///< the day that nothing in the panel is later than, if one was asked for
  std::string remarks;                      ///< what reading left out, one sentence a finding; may be empty
  std::vector<double> stands_for;           ///< for how many consumers each one inspected stands (feedback.h); or empty
};

Result<SourceData> ReadSource(const readings::ReadOptions& options, const RunContext& context);

}  // namespace meterhound::pipeline
