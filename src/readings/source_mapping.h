// SourceMapping: which files of a utility's export hold bills and consumers, and what series their columns make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/neighbours.h"
#include "base/panel.h"
#include "base/result.h"

namespace meterhound::readings {

/// How a series' value comes from a bill, and from the bill of the same kind before it. Operands are columns of the
/// bills' file or series defined above; a missing operand makes the value missing.
enum class BillForm : std::uint8_t {
  kSum,         ///< `column: a` or `sum: [a, b, ...]`
  kDifference,  ///< `difference: [a, b]`: a - b
  kRatio,       ///< `ratio: [a, b]`: a / b; missing where b is 0
  kChanged,     ///< `changed: a`: 1 where a differs from the bill before, else 0; the first bill: missing
  kJump,        ///< `jump: {from: a, to: b}`: this bill's b less the bill before's a; the first bill: missing
};

/// One number a bill gives.
struct BillSeries {
  std::string name;  ///< without the kind's prefix
  std::string unit;
  FeatureGroup group = FeatureGroup::kBehaviour;
  BillForm form = BillForm::kSum;
  std::vector<std::string> operands;
  double valid_min = -std::numeric_limits<double>::infinity();  ///< values outside become missing, and are counted
  double valid_max = std::numeric_limits<double>::infinity();
  std::map<std::string, double, std::less<>> texts;  ///< numbers that stand for texts such as the status code 'A'
  std::string where;                                 ///< "steg.yaml:17:5"
};

/// One column of the consumers' table.
struct MappedAttribute {
  std::string name;
  std::string column;
  Attribute::Type type = Attribute::Type::kCategorical;
  FeatureGroup group = FeatureGroup::kAttribute;
  std::string where;
};

struct BillsTable {
  std::vector<std::string> files;  ///< names relative to the data folder; the first that exists is read
  std::string consumer;
  std::string date;
  bool exchange_day_and_month = false;  ///< see ExchangeDayAndMonth
  std::string kind;                     ///< column; empty: all bills are of one kind without a prefix
  std::vector<std::pair<std::string, std::string>>
      prefixes;                    ///< value of the kind column -> prefix, in the file's order
  std::vector<std::string> order;  ///< columns that order bills of one date before the remaining content does
  std::vector<BillSeries> series;
};

struct ConsumersTable {
  std::vector<std::string> files;  ///< empty: there is no such table; none of them present: the same
  std::string id;
  std::string label;  ///< column; empty, or absent from the file: rows are unlabelled
  std::string theft = "1";
  std::string honest = "0";
  std::string label_date;  ///< column; empty: nothing says when a label was found out
  std::vector<MappedAttribute> attributes;
  bool keep_unknown = false;  ///< bills of consumers that the table lacks: kept without attributes, or an error
};

struct SourceMapping {
  std::string name;
  std::string path;  ///< of the YAML file, for messages
  BillsTable bills;
  ConsumersTable consumers;
  /// {"default": settings, "kinds": {kind: settings}} in tsfresh's dictionary form: settings = {calculator: null |
  /// [{...}]} or a preset's name. Patterns (`*_changed`) are already resolved to kinds; the first that matches a kind
  /// holds.
  Json features;
  std::optional<NeighbourSpec> neighbours;

  /// The panel's kinds: every series for the first prefix, then for the second, ...: "elec_consumption".
  std::vector<std::string> KindNames() const;
};

/// Reads and checks a mapping. Errors name file:line:column, what was found and what is expected; an unknown key names
/// the nearest known one.
Result<SourceMapping> LoadSourceMapping(const std::filesystem::path& path);
/// The same from text. @param path for messages.
Result<SourceMapping> ParseSourceMapping(std::string_view text, std::string_view path);

}  // namespace meterhound::readings
