// Takes column names apart at their double underscores.
#include "explain/column_parts.h"

namespace meterhound::explain {
namespace {

std::vector<std::string> Split(const std::string& name) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = name.find("__", begin);
    parts.push_back(name.substr(begin, end == std::string::npos ? end : end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 2;
  }
}

// `q_0.1`, or `f_agg_"mean"`: a text value may hold underscores, so that its opening quote is where to cut.
void ReadParameter(const std::string& part, std::vector<std::pair<std::string, std::string>>& parameters) {
  if (const std::size_t quote = part.find("_\""); quote != std::string::npos) {
    std::string value = part.substr(quote + 2);
    if (value.ends_with('"')) value.pop_back();
    parameters.emplace_back(part.substr(0, quote), std::move(value));
  } else if (const std::size_t underscore = part.rfind('_'); underscore != std::string::npos) {
    parameters.emplace_back(part.substr(0, underscore), part.substr(underscore + 1));
  }
}

}  // namespace

ColumnParts ReadColumnName(const std::string& name) {
  const std::vector<std::string> parts = Split(name);
  ColumnParts column;
  if (parts.size() < 2) {
    column.calculator = name;
    return column;
  }
  column.kind = parts[0];
  column.calculator = parts[1];
  for (std::size_t i = 2; i < parts.size(); ++i) ReadParameter(parts[i], column.parameters);
  return column;
}

bool CountsDays(const std::string& column_name) {
  return column_name.find("__bill_event__attr_\"date\"") != std::string::npos ||
         column_name.find("__bill_dates__attr_\"first\"") != std::string::npos ||
         column_name.find("__bill_dates__attr_\"last\"") != std::string::npos;
}

}  // namespace meterhound::explain
