// ColumnParts: what a feature's column name is made of.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace meterhound::explain {

/// `kwh__quantile__q_0.1` -> kind "kwh", calculator "quantile", parameters {q, 0.1}. A column of the consumers' table
/// is of kind "attribute"; its name then stands for the calculator. A name without parts has neither kind nor
/// parameters.
struct ColumnParts {
  std::string kind;
  std::string calculator;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< name and value, without quotes

  bool IsAttribute() const { return kind == "attribute"; }
};

ColumnParts ReadColumnName(const std::string& name);

/// True for features whose value counts days since 1970-01-01.
bool CountsDays(const std::string& column_name);

}  // namespace meterhound::explain
