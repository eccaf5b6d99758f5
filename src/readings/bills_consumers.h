// BillsConsumers: the consumers' table of a bills export: ids, labels, attributes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/panel.h"
#include "base/result.h"
#include "readings/bills_columns.h"
#include "readings/source_mapping.h"

namespace meterhound::readings {

/// One entry a consumer, in the table's order.
struct BillsConsumers {
  bool present = false;  ///< false: the mapping names no table, or the folder holds none
  std::string name;      ///< the file read
  ConsumerIndex index;
  std::vector<std::int8_t> labels;
  std::vector<double> label_times;    ///< as Panel's
  std::vector<Attribute> attributes;  ///< as the mapping lists them, also when there is no table
};

Result<BillsConsumers> ReadBillsConsumers(const ConsumersTable& mapping, const std::filesystem::path& data,
                                          DateOrder dates);

}  // namespace meterhound::readings
