// The document of a drift check.
#include <cmath>

#include "monitor/drift.h"

namespace meterhound::monitor {
namespace {

Json NumberJson(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json ColumnJson(const ColumnDrift& from) {
  return {{"name", from.column.name},
          {"group", FeatureGroupName(from.column.group)},
          {"drifted", from.drifted},
          {"calendar_bound", from.calendar_bound},
          {"psi", NumberJson(from.psi)},
          {"psi_bar", NumberJson(from.psi_bar)},
          {"ks", NumberJson(from.ks)},
          {"p", NumberJson(from.p)},
          {"p_adjusted", NumberJson(from.p_adjusted)},
          {"shift", NumberJson(from.shift)},
          {"missing",
           {{"drifted", from.missing_drifted},
            {"reference", NumberJson(from.missing_reference)},
            {"current", NumberJson(from.missing_current)},
            {"p", NumberJson(from.missing_p)},
            {"p_adjusted", NumberJson(from.missing_p_adjusted)}}}};
}

Json ScoreJson(const ColumnDrift& from) {
  return {{"drifted", from.drifted},   {"psi", NumberJson(from.psi)}, {"psi_bar", NumberJson(from.psi_bar)},
          {"ks", NumberJson(from.ks)}, {"p", NumberJson(from.p)},     {"shift", NumberJson(from.shift)}};
}

Json RateJson(const RateDrift& from) {
  return {{"drifted", from.drifted},
          {"reference", NumberJson(from.reference)},
          {"current", NumberJson(from.current)},
          {"n_reference", from.n_reference},
          {"n_current", from.n_current},
          {"p", NumberJson(from.p)}};
}

Json LevelJson(const LevelDrift& from) {
  return {{"drifted", from.drifted},
          {"change", NumberJson(from.change)},
          {"p", NumberJson(from.p)},
          {"paired", from.paired}};
}

Json SegmentJson(const SegmentDrift& from) {
  return {{"name", from.name},
          {"consumers", from.consumers},
          {"level", LevelJson(from.level)},
          {"missing",
           {{"drifted", from.missing_drifted},
            {"change", NumberJson(from.missing_change)},
            {"p", NumberJson(from.missing_p)}}}};
}

Json WindowJson(const std::optional<Window>& window, std::size_t rows) {
  Json to = {{"consumers", rows}, {"first", nullptr}, {"last", nullptr}, {"readings", nullptr}};
  if (!window) return to;
  if (std::isfinite(window->first)) {
    to["first"] = FormatDate(window->first);
    to["last"] = FormatDate(window->last);
  }
  to["readings"] = window->longest;
  return to;
}

template <typename T, typename Write>
Json OptionalJson(const std::optional<T>& from, const Write& write) {
  return from ? write(*from) : Json(nullptr);
}

}  // namespace

Json ToJson(const DriftReport& report) {
  Json to = {{"format", 1},
             {"verdict", report.drift ? "drift" : "stable"},
             {"kinds", Json::array()},
             {"reasons", report.reasons},
             {"notes", report.notes},
             {"reference", WindowJson(report.reference_window, report.reference_rows)},
             {"current", WindowJson(report.current_window, report.current_rows)},
             {"same_season", report.same_season},
             {"psi_threshold", report.psi_threshold},
             {"false_alarms", kFalseAlarms}};
  for (const DriftKind kind : report.kinds) to["kinds"].push_back(DriftKindName(kind));
  to["score"] = OptionalJson(report.score, ScoreJson);
  to["label_rate"] = OptionalJson(report.label, RateJson);
  to["missing_readings"] = OptionalJson(report.missing_readings, RateJson);
  to["level"] = OptionalJson(report.level, LevelJson);
  to["segmented_by"] = report.segmented_by.empty() ? Json(nullptr) : Json(report.segmented_by);
  to["segments"] = Json::array();
  for (const SegmentDrift& segment : report.segments) to["segments"].push_back(SegmentJson(segment));
  to["groups"] = Json::array();
  for (const GroupDrift& group : report.groups) {
    to["groups"].push_back({{"group", FeatureGroupName(group.group)},
                            {"features", group.features},
                            {"drifted", group.drifted},
                            {"psi_median", NumberJson(group.psi_median)},
                            {"psi_max", NumberJson(group.psi_max)}});
  }
  to["features"] = Json::array();
  for (const std::size_t at : report.ByImportance()) to["features"].push_back(ColumnJson(report.columns[at]));
  return to;
}

}  // namespace meterhound::monitor
