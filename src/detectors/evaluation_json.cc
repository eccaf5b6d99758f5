// evaluation.json: what an evaluation looks like on disk, and reading it back.
#include <cmath>
#include <limits>

#include "detectors/evaluation.h"

namespace meterhound::detectors {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

Json NumberJson(double value) { return value == value ? Json(value) : Json(nullptr); }

Json IntervalJson(const Interval& interval) {
  return {
      {"value", NumberJson(interval.value)}, {"low", NumberJson(interval.low)}, {"high", NumberJson(interval.high)}};
}

std::string ShareKey(double share) { return std::to_string(std::lround(share * 100)) + "%"; }

/// The part that is read at a glance.
Json ShortJson(const Metrics& metrics) {
  Json to = {{"roc_auc", IntervalJson(metrics.roc_auc)}, {"pr_auc", IntervalJson(metrics.pr_auc)}};
  for (const auto& [key, member] : {std::pair{"precision_at", &AtShare::precision},
                                    std::pair{"recall_at", &AtShare::recall}, std::pair{"lift_at", &AtShare::lift}}) {
    Json shares = Json::object();
    for (const AtShare& at : metrics.at_share) shares[ShareKey(at.share)] = IntervalJson(at.*member);
    to[key] = std::move(shares);
  }
  to["map_at_100"] = IntervalJson(metrics.map_at_100);
  to["map_at_200"] = IntervalJson(metrics.map_at_200);
  to["brier"] = IntervalJson(metrics.brier);
  to["ece"] = IntervalJson(metrics.ece);
  to["calibration_slope"] = IntervalJson(metrics.calibration_slope);
  return to;
}

Json CurveJson(const std::vector<CurvePoint>& curve) {
  Json to = Json::array();
  for (const CurvePoint& point : curve) {
    to.push_back({NumberJson(point.x), NumberJson(point.y), NumberJson(point.low), NumberJson(point.high)});
  }
  return to;
}

Json NumbersJson(const std::vector<double>& numbers) {
  Json to = Json::array();
  for (const double number : numbers) to.push_back(NumberJson(number));
  return to;
}

Json ViewJson(const EvaluatedView& view) {
  Json to = {{"name", view.name}, {"features", view.features}};
  to.update(ShortJson(view.pooled));
  to["fold_roc_auc"] = NumbersJson(view.fold_roc_auc);
  to["fold_pr_auc"] = NumbersJson(view.fold_pr_auc);
  Json bins = Json::array();
  for (const ReliabilityBin& bin : view.pooled.reliability) {
    bins.push_back({{"predicted", NumberJson(bin.predicted)},
                    {"observed", NumberJson(bin.observed)},
                    {"low", NumberJson(bin.low)},
                    {"high", NumberJson(bin.high)},
                    {"consumers", bin.consumers}});
  }
  to["reliability"] = std::move(bins);
  to["curve_columns"] = {"x", "y", "low", "high"};
  to["roc"] = CurveJson(view.pooled.roc);
  to["precision_recall"] = CurveJson(view.pooled.precision_recall);
  to["hit_rate"] = CurveJson(view.pooled.hit_rate);
  return to;
}

/// Reads an object key by key and remembers the first thing that was not as expected.
class Reader {
 public:
  const Json& Get(const Json& from, const char* key) {
    static const Json nothing;
    const auto found = from.is_object() ? from.find(key) : from.end();
    if (!from.is_object() || found == from.end()) {
      Fail(key, "is missing");
      return nothing;
    }
    return *found;
  }
  double Number(const Json& value, const char* key) {
    if (value.is_null()) return kNaN;
    if (!value.is_number()) return Fail(key, "is not a number"), kNaN;
    return value.get<double>();
  }
  std::uint64_t Count(const Json& value, const char* key) {
    if (!value.is_number_unsigned()) return Fail(key, "is not a whole number"), 0;
    return value.get<std::uint64_t>();
  }
  Interval ReadInterval(const Json& from, const char* key) {
    const Json& value = Get(from, key);
    return {Number(Get(value, "value"), key), Number(Get(value, "low"), key), Number(Get(value, "high"), key)};
  }
  const Json& Array(const Json& from, const char* key) {
    static const Json empty = Json::array();
    const Json& value = Get(from, key);
    if (value.is_array()) return value;
    Fail(key, "is not an array");
    return empty;
  }
  std::vector<double> Numbers(const Json& from, const char* key) {
    std::vector<double> to;
    for (const Json& value : Array(from, key)) to.push_back(Number(value, key));
    return to;
  }
  std::vector<CurvePoint> Curve(const Json& from, const char* key) {
    std::vector<CurvePoint> to;
    for (const Json& point : Array(from, key)) {
      if (!point.is_array() || point.size() != 4) {
        Fail(key, "holds a point that is not four numbers");
        return to;
      }
      to.push_back({Number(point[0], key), Number(point[1], key), Number(point[2], key), Number(point[3], key)});
    }
    return to;
  }
  void Fail(const char* key, const char* what) {
    if (!error_) error_ = InvalidInput(std::string("evaluation: `") + key + "` " + what);
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

Metrics ReadMetrics(const Json& from, Reader& reader) {
  Metrics metrics;
  metrics.roc_auc = reader.ReadInterval(from, "roc_auc");
  metrics.pr_auc = reader.ReadInterval(from, "pr_auc");
  metrics.map_at_100 = reader.ReadInterval(from, "map_at_100");
  metrics.map_at_200 = reader.ReadInterval(from, "map_at_200");
  const Json& precision = reader.Get(from, "precision_at");
  const Json& recall = reader.Get(from, "recall_at");
  const Json& lift = reader.Get(from, "lift_at");
  for (const double share : {0.01, 0.05, 0.10}) {
    const std::string key = ShareKey(share);
    metrics.at_share.push_back({share, reader.ReadInterval(precision, key.c_str()),
                                reader.ReadInterval(recall, key.c_str()), reader.ReadInterval(lift, key.c_str())});
  }
  metrics.brier = reader.ReadInterval(from, "brier");
  metrics.ece = reader.ReadInterval(from, "ece");
  metrics.calibration_slope = reader.ReadInterval(from, "calibration_slope");
  for (const Json& bin : reader.Array(from, "reliability")) {
    metrics.reliability.push_back(
        {reader.Number(reader.Get(bin, "predicted"), "predicted"),
         reader.Number(reader.Get(bin, "observed"), "observed"), reader.Number(reader.Get(bin, "low"), "low"),
         reader.Number(reader.Get(bin, "high"), "high"), reader.Count(reader.Get(bin, "consumers"), "consumers")});
  }
  metrics.roc = reader.Curve(from, "roc");
  metrics.precision_recall = reader.Curve(from, "precision_recall");
  metrics.hit_rate = reader.Curve(from, "hit_rate");
  return metrics;
}

}  // namespace

Json ToJson(const Evaluation& evaluation) {
  Json to = Json::object();
  if (!evaluation.views.empty()) {
    to["headline"] = evaluation.Headline().name;
    to.update(ShortJson(evaluation.Headline().pooled));
  }
  for (const EvaluatedView& view : evaluation.views) {
    if (view.name == "coverage") to["baseline_coverage"] = ShortJson(view.pooled);
  }
  to["base_rate"] = NumberJson(evaluation.theft_share);
  to["consumers"] = evaluation.consumers;
  to["thefts"] = evaluation.thefts;
  to["labels_from"] = evaluation.inspected_only ? "inspections" : "all";
  to["effective_consumers"] = evaluation.effective ? Json(*evaluation.effective) : Json();
  to["folds"] = evaluation.folds;
  to["seeds"] = evaluation.seeds;
  to["bootstraps"] = evaluation.bootstraps;
  to["without"] = Json::array();
  for (const FeatureGroup group : evaluation.without) to["without"].push_back(FeatureGroupName(group));
  Json seconds = Json::object();
  for (const auto& [stage, spent] : evaluation.seconds) seconds[stage] = NumberJson(spent);
  to["seconds"] = std::move(seconds);
  to["leak_check"] = evaluation.leaks ? ToJson(*evaluation.leaks) : Json(nullptr);
  to["fairness"] = ToJson(evaluation.fairness);
  Json views = Json::array();
  for (const EvaluatedView& view : evaluation.views) views.push_back(ViewJson(view));
  to["views"] = std::move(views);
  return to;
}

Result<Evaluation> EvaluationFromJson(const Json& json) {
  Reader reader;
  Evaluation evaluation;
  evaluation.consumers = reader.Count(reader.Get(json, "consumers"), "consumers");
  evaluation.thefts = reader.Count(reader.Get(json, "thefts"), "thefts");
  evaluation.theft_share = reader.Number(reader.Get(json, "base_rate"), "base_rate");
  evaluation.inspected_only = reader.Get(json, "labels_from") == Json("inspections");
  const double effective = reader.Number(reader.Get(json, "effective_consumers"), "effective_consumers");
  if (!std::isnan(effective)) evaluation.effective = effective;
  evaluation.folds = reader.Count(reader.Get(json, "folds"), "folds");
  for (const Json& seed : reader.Array(json, "seeds")) evaluation.seeds.push_back(reader.Count(seed, "seeds"));
  evaluation.bootstraps = reader.Count(reader.Get(json, "bootstraps"), "bootstraps");
  for (const Json& name : reader.Array(json, "without")) {
    const auto group = ParseFeatureGroup(name.is_string() ? name.get<std::string>() : name.dump());
    if (!group.ok()) return InvalidInput("evaluation: `without`: " + group.error().message);
    evaluation.without.push_back(*group);
  }
  METERHOUND_ASSIGN_OR_RETURN(evaluation.fairness, FairnessFromJson(reader.Array(json, "fairness")));
  if (const Json& leaks = reader.Get(json, "leak_check"); !leaks.is_null()) {
    METERHOUND_ASSIGN_OR_RETURN(evaluation.leaks, LeakReportFromJson(leaks));
  }
  const Json& seconds = reader.Get(json, "seconds");
  if (!seconds.is_object()) reader.Fail("seconds", "is not an object");
  if (reader.error()) return *reader.error();
  for (const auto& [stage, spent] : seconds.items())
    evaluation.seconds.emplace_back(stage, reader.Number(spent, "seconds"));
  for (const Json& from : reader.Array(json, "views")) {
    EvaluatedView view;
    const Json& name = reader.Get(from, "name");
    if (!name.is_string()) reader.Fail("name", "is not text");
    if (reader.error()) return *reader.error();
    view.name = name.get<std::string>();
    view.features = reader.Count(reader.Get(from, "features"), "features");
    view.pooled = ReadMetrics(from, reader);
    view.fold_roc_auc = reader.Numbers(from, "fold_roc_auc");
    view.fold_pr_auc = reader.Numbers(from, "fold_pr_auc");
    evaluation.views.push_back(std::move(view));
  }
  if (reader.error()) return *reader.error();
  return evaluation;
}

}  // namespace meterhound::detectors
