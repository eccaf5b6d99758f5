// scores.csv, out and in.
#include "pipeline/scored_list.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/numbers.h"
#include "pipeline/cases.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/input.h"

namespace meterhound::pipeline {
namespace {

using readings::CsvReader;
using readings::Quote;

constexpr std::array<std::string_view, 10> kColumns = {"consumer_id",   "probability",     "tier",
                                                       "anomaly_score", "probability_low", "probability_high",
                                                       "missing_kwh",   "missing_kwh_low", "missing_kwh_high",
                                                       "listed_for"};
enum Column { kId, kProbability, kTier, kAnomaly, kLow, kHigh, kKwh, kKwhLow, kKwhHigh, kListedFor };
constexpr std::string_view kForProbability = "probability";
constexpr std::string_view kForSign = "sign";

struct Layout {
  std::array<std::size_t, kColumns.size()> at{};
  std::vector<std::size_t> further;
  std::size_t width = 0;
};

Result<Layout> FindColumns(const CsvReader& csv) {
  Layout layout;
  layout.width = csv.fields().size();
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto found = readings::FindColumn(csv.fields(), kColumns[i], {});
    if (!found) {
      return InvalidInput(
          "found no column " + std::string(kColumns[i]) + ", expected a scores.csv as run, score and report write it",
          csv.Place());
    }
    layout.at[i] = *found;
  }
  for (std::size_t i = 0; i < layout.width; ++i) {
    if (std::find(layout.at.begin(), layout.at.end(), i) == layout.at.end()) layout.further.push_back(i);
  }
  return layout;
}

// A number in [low, high]; nothing for an empty field.
Result<std::optional<double>> Number(const CsvReader& csv, std::size_t field, double low, double high) {
  const std::string_view text = readings::Trim(csv.fields()[field]);
  if (text.empty()) return std::optional<double>();
  const auto number = ParseDouble(text);
  if (!number || !(*number >= low && *number <= high)) {
    return InvalidInput(
        "found " + Quote(text) + ", expected a number from " + FormatDouble(low) + " to " + FormatDouble(high),
        csv.Place(field));
  }
  return number;
}

// Three fields that hold all or nothing of an estimate: its value between its ends.
Result<std::optional<explain::Estimate>> ReadEstimate(const CsvReader& csv, std::size_t value, std::size_t low,
                                                      std::size_t high, double most) {
  METERHOUND_ASSIGN_OR_RETURN(const auto middle, Number(csv, value, 0, most));
  METERHOUND_ASSIGN_OR_RETURN(const auto lower, Number(csv, low, 0, most));
  METERHOUND_ASSIGN_OR_RETURN(const auto upper, Number(csv, high, 0, most));
  if (!middle && !lower && !upper) return std::optional<explain::Estimate>();
  if (!middle || !lower || !upper || *lower > *middle || *middle > *upper) {
    return InvalidInput("found " + Quote(csv.fields()[value]) + ", expected a number from " + Quote(csv.fields()[low]) +
                            " to " + Quote(csv.fields()[high]) + ", its interval's ends",
                        csv.Place(value));
  }
  return std::optional(explain::Estimate{*middle, *lower, *upper});
}

Result<ScoredConsumer> ReadConsumer(const CsvReader& csv, const Layout& layout) {
  const auto& fields = csv.fields();
  const auto& at = layout.at;
  ScoredConsumer one;
  one.id = readings::Trim(fields[at[kId]]);
  one.tier = readings::Trim(fields[at[kTier]]);
  METERHOUND_ASSIGN_OR_RETURN(const auto probability, ReadEstimate(csv, at[kProbability], at[kLow], at[kHigh], 1));
  if (!probability) return InvalidInput("found no probability, expected one", csv.Place(at[kProbability]));
  one.probability = *probability;
  METERHOUND_ASSIGN_OR_RETURN(one.missing_kwh, ReadEstimate(csv, at[kKwh], at[kKwhLow], at[kKwhHigh], 1e15));
  METERHOUND_ASSIGN_OR_RETURN(const auto anomaly, Number(csv, at[kAnomaly], 0, 1));
  one.anomaly_score = anomaly.value_or(std::numeric_limits<double>::quiet_NaN());
  const std::string_view listed_for = readings::Trim(fields[at[kListedFor]]);
  if (listed_for != kForProbability && listed_for != kForSign) {
    return InvalidInput(
        "found " + Quote(listed_for) + ", expected " + std::string(kForProbability) + " or " + std::string(kForSign),
        csv.Place(at[kListedFor]));
  }
  one.listed_for_sign = listed_for == kForSign;
  for (const std::size_t field : layout.further) one.further.emplace_back(readings::Trim(fields[field]));
  return one;
}

void AppendNumber(std::string& to, double value) {
  to += ',';
  if (!std::isnan(value)) AppendDouble(to, value);
}

}  // namespace

ScoredList MakeScoredList(const Panel& panel, const std::vector<detectors::RowScore>& scores,
                          const std::vector<std::size_t>& order,
                          const std::vector<std::optional<explain::Estimate>>& missing_kwh) {
  ScoredList list;
  for (const Attribute& attribute : panel.attributes) list.further.push_back(attribute.name);
  for (const std::size_t row : order) {
    const detectors::RowScore& score = scores[row];
    ScoredConsumer& one = list.consumers.emplace_back();
    one = {.id = panel.ids[row],
           .probability = {score.probability, score.low, score.high},
           .tier = detectors::TierName(score.tier),
           .anomaly_score = score.anomaly_score,
           .missing_kwh = missing_kwh[row],
           .listed_for_sign = score.listed_for_sign,
           .further = {}};
    for (const Attribute& attribute : panel.attributes) one.further.push_back(AttributeText(attribute, row));
  }
  return list;
}

Status WriteScoredList(const std::filesystem::path& path, const ScoredList& list) {
  std::string text;
  for (const std::string_view column : kColumns) text += (text.empty() ? "" : ",") + std::string(column);
  for (const std::string& column : list.further) AppendCsvField(text += ',', column);
  text += '\n';
  for (const ScoredConsumer& one : list.consumers) {
    AppendCsvField(text, one.id);
    AppendNumber(text, one.probability.value);
    text += "," + one.tier;
    AppendNumber(text, one.anomaly_score);
    AppendNumber(text, one.probability.low);
    AppendNumber(text, one.probability.high);
    for (const auto member : {&explain::Estimate::value, &explain::Estimate::low, &explain::Estimate::high}) {
      AppendNumber(text, one.missing_kwh ? *one.missing_kwh.*member : std::numeric_limits<double>::quiet_NaN());
    }
    text.append(",").append(one.listed_for_sign ? kForSign : kForProbability);
    for (const std::string& field : one.further) AppendCsvField(text += ',', field);
    text += '\n';
  }
  return WriteFile(path, text);
}

Result<ScoredList> ReadScoredList(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::Input input,
                              readings::Input::Open(std::filesystem::is_directory(path) ? path / kScoresFile : path));
  CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header) return InvalidInput("holds no lines, expected a scores.csv", input.name());
  METERHOUND_ASSIGN_OR_RETURN(const Layout layout, FindColumns(csv));
  ScoredList list;
  for (const std::size_t field : layout.further) list.further.emplace_back(readings::Trim(csv.fields()[field]));
  std::unordered_set<std::string> seen;
  while (true) {
    METERHOUND_ASSIGN_OR_RETURN(const bool more, csv.Next());
    if (!more) break;
    METERHOUND_RETURN_IF_ERROR(CheckWidth(csv, layout.width));
    METERHOUND_ASSIGN_OR_RETURN(ScoredConsumer one, ReadConsumer(csv, layout));
    if (!seen.insert(one.id).second) {
      return InvalidInput("found consumer " + Quote(one.id) + " again", csv.Place(layout.at[kId]));
    }
    list.consumers.push_back(std::move(one));
  }
  if (list.consumers.empty()) return InvalidInput("holds a header and no consumers", input.name());
  return list;
}

}  // namespace meterhound::pipeline
