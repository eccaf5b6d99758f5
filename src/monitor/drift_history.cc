// One check in one line, out and in.
#include "monitor/drift_history.h"

#include <cmath>

namespace meterhound::monitor {
namespace {

constexpr std::size_t kTop = 10;

Json NumberJson(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }
double NumberOf(const Json& json) { return json.is_null() ? std::nan("") : json.get<double>(); }

Result<std::vector<DriftKind>> KindsOf(const Json& json, std::string_view where) {
  std::vector<DriftKind> kinds;
  for (const Json& name : json) {
    const auto text = name.get<std::string>();
    std::size_t at = 0;
    while (at <= static_cast<std::size_t>(DriftKind::kLabel) && text != DriftKindName(static_cast<DriftKind>(at))) ++at;
    if (at > static_cast<std::size_t>(DriftKind::kLabel)) {
      return InvalidInput("found kind '" + text + "', expected covariate, missingness, score or label",
                          std::string(where));
    }
    kinds.push_back(static_cast<DriftKind>(at));
  }
  return kinds;
}

Result<DriftEntry> EntryOf(const Json& json, std::string_view where) {
  DriftEntry entry;
  entry.time_ms = json.at("time_ms").get<std::int64_t>();
  entry.model = json.at("model").get<std::string>();
  entry.drift = json.at("verdict").get<std::string>() == "drift";
  METERHOUND_ASSIGN_OR_RETURN(entry.kinds, KindsOf(json.at("kinds"), where));
  entry.reference_rows = json.at("reference_rows").get<std::size_t>();
  entry.current_rows = json.at("current_rows").get<std::size_t>();
  entry.features = json.at("features").get<std::size_t>();
  entry.drifted = json.at("drifted").get<std::size_t>();
  if (!json.at("score_psi").is_null()) entry.score_psi = json.at("score_psi").get<double>();
  for (const Json& group : json.at("groups")) {
    METERHOUND_ASSIGN_OR_RETURN(const FeatureGroup parsed, ParseFeatureGroup(group.at("group").get<std::string>()));
    entry.groups.push_back({.group = parsed,
                            .features = group.at("features").get<std::size_t>(),
                            .drifted = group.at("drifted").get<std::size_t>(),
                            .psi_median = NumberOf(group.at("psi_median")),
                            .psi_max = NumberOf(group.at("psi_max"))});
  }
  for (const Json& feature : json.at("top")) {
    entry.top.push_back({.name = feature.at("name").get<std::string>(),
                         .psi = NumberOf(feature.at("psi")),
                         .p_adjusted = NumberOf(feature.at("p_adjusted"))});
  }
  entry.segments = json.at("segments").get<std::vector<std::string>>();
  entry.reasons = json.at("reasons").get<std::vector<std::string>>();
  return entry;
}

}  // namespace

DriftEntry Summarise(const DriftReport& report, std::int64_t time_ms, std::string model) {
  DriftEntry entry{.time_ms = time_ms,
                   .model = std::move(model),
                   .drift = report.drift,
                   .kinds = report.kinds,
                   .reference_rows = report.reference_rows,
                   .current_rows = report.current_rows,
                   .features = report.columns.size(),
                   .groups = report.groups,
                   .reasons = report.reasons};
  for (const GroupDrift& group : report.groups) entry.drifted += group.drifted;
  if (report.score) entry.score_psi = report.score->psi;
  for (const std::size_t at : report.ByImportance()) {
    if (entry.top.size() == kTop) break;
    const ColumnDrift& column = report.columns[at];
    entry.top.push_back({column.column.name, column.psi, column.p_adjusted});
  }
  for (const SegmentDrift& segment : report.segments) {
    if (segment.drifted()) entry.segments.push_back(segment.name);
  }
  return entry;
}

std::string ToLine(const DriftEntry& entry) {
  Json to = {{"time_ms", entry.time_ms},
             {"model", entry.model},
             {"verdict", entry.drift ? "drift" : "stable"},
             {"kinds", Json::array()},
             {"reference_rows", entry.reference_rows},
             {"current_rows", entry.current_rows},
             {"features", entry.features},
             {"drifted", entry.drifted},
             {"score_psi", entry.score_psi ? NumberJson(*entry.score_psi) : Json(nullptr)},
             {"groups", Json::array()},
             {"top", Json::array()},
             {"segments", entry.segments},
             {"reasons", entry.reasons}};
  for (const DriftKind kind : entry.kinds) to["kinds"].push_back(DriftKindName(kind));
  for (const GroupDrift& group : entry.groups) {
    to["groups"].push_back({{"group", FeatureGroupName(group.group)},
                            {"features", group.features},
                            {"drifted", group.drifted},
                            {"psi_median", NumberJson(group.psi_median)},
                            {"psi_max", NumberJson(group.psi_max)}});
  }
  for (const DriftEntry::Feature& feature : entry.top) {
    to["top"].push_back(
        {{"name", feature.name}, {"psi", NumberJson(feature.psi)}, {"p_adjusted", NumberJson(feature.p_adjusted)}});
  }
  return to.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<DriftEntry> ParseEntry(std::string_view line, std::string_view where) {
  METERHOUND_ASSIGN_OR_RETURN(const Json json, ParseJson(line, where));
  try {
    return EntryOf(json, where);
  } catch (const Json::exception& error) {
    return Corrupt(std::string("a line of the drift history is not as expected: ") + error.what(), std::string(where));
  }
}

}  // namespace meterhound::monitor
