// A HybridDetector as parts of a bundle, and back.
#include <cmath>

#include "detectors/hybrid_state.h"

namespace meterhound::detectors {
namespace {

Json ColumnsJson(const std::vector<FeatureColumn>& columns) {
  Json json = Json::array();
  for (const FeatureColumn& column : columns) {
    json.push_back({{"name", column.name}, {"group", FeatureGroupName(column.group)}});
    if (column.categorical) json.back()["categorical"] = true;
  }
  return json;
}

Result<std::vector<FeatureColumn>> ColumnsFromJson(const Json& json) {
  std::vector<FeatureColumn> columns;
  for (const Json& from : json) {
    METERHOUND_ASSIGN_OR_RETURN(const FeatureGroup group, ParseFeatureGroup(from.at("group").get<std::string>()));
    columns.push_back({from.at("name").get<std::string>(), group, from.value("categorical", false)});
  }
  return columns;
}

Json SummaryJson(const FitSummary& summary) {
  return {{"rows", summary.rows},
          {"labelled", summary.labelled},
          {"thefts", summary.thefts},
          {"unlabelled", summary.unlabelled},
          {"unlabelled_theft_share", summary.unlabelled_theft_share},
          {"share_known_by", summary.share_known_by},
          {"training", summary.training},
          {"validation", summary.validation},
          {"calibration", summary.calibration},
          {"calibration_thefts", summary.calibration_thefts},
          {"columns_given", summary.columns_given},
          {"columns_used", summary.columns_used},
          {"constant_columns", summary.constant_columns},
          {"rounds", summary.rounds},
          {"synthetic", summary.synthetic},
          {"removed", summary.removed}};
}

FitSummary SummaryFromJson(const Json& json) {
  FitSummary summary;
  json.at("rows").get_to(summary.rows);
  json.at("labelled").get_to(summary.labelled);
  json.at("thefts").get_to(summary.thefts);
  json.at("unlabelled").get_to(summary.unlabelled);
  json.at("unlabelled_theft_share").get_to(summary.unlabelled_theft_share);
  json.at("share_known_by").get_to(summary.share_known_by);
  json.at("training").get_to(summary.training);
  json.at("validation").get_to(summary.validation);
  json.at("calibration").get_to(summary.calibration);
  json.at("calibration_thefts").get_to(summary.calibration_thefts);
  json.at("columns_given").get_to(summary.columns_given);
  json.at("columns_used").get_to(summary.columns_used);
  json.at("constant_columns").get_to(summary.constant_columns);
  json.at("rounds").get_to(summary.rounds);
  json.at("synthetic").get_to(summary.synthetic);
  json.at("removed").get_to(summary.removed);
  return summary;
}

const char* EarlyStoppingName(EarlyStopping watched) {
  return watched == EarlyStopping::kAuto ? "auto" : watched == EarlyStopping::kLogLoss ? "logloss" : "aucpr";
}

}  // namespace

Json ToJson(const HybridOptions& options) {
  const TreeOptions& trees = options.trees;
  Json excluded = Json::array();
  for (const FeatureGroup group : options.excluded_groups) excluded.push_back(FeatureGroupName(group));
  return {
      {"seed", options.seed},
      {"use_forest", options.use_forest},
      {"isolation_forest",
       {{"n_estimators", options.forest.n_estimators},
        {"max_samples", options.forest.max_samples},
        {"contamination", options.forest.contamination}}},
      {"xgboost",
       {{"max_depth", trees.max_depth},
        {"learning_rate", trees.learning_rate},
        {"n_estimators", trees.n_estimators},
        {"early_stopping_rounds", trees.early_stopping_rounds},
        {"scale_pos_weight", trees.scale_pos_weight},
        {"subsample", trees.subsample},
        {"colsample_bytree", trees.colsample_bytree},
        {"min_child_weight", trees.min_child_weight},
        {"reg_lambda", trees.reg_lambda},
        {"max_bin", trees.max_bin},
        {"early_stopping", EarlyStoppingName(trees.early_stopping)}}},
      {"resampling", ResamplingName(options.resampling)},
      {"smote_tomek",
       {{"k_neighbours", options.smote_tomek.k_neighbours}, {"sampling_ratio", options.smote_tomek.sampling_ratio}}},
      {"calibration", CalibrationMethodName(options.calibration)},
      {"calibration_share", options.calibration_share},
      {"validation_share", options.validation_share},
      {"bags", options.bags},
      {"high_share", options.high_share},
      {"medium_share", options.medium_share},
      {"positive_unlabelled", options.positive_unlabelled},
      {"unlabelled_theft_share", options.unlabelled_theft_share ? Json(*options.unlabelled_theft_share) : Json()},
      {"novelty_share", options.novelty_share},
      {"excluded_groups", excluded}};
}

Result<HybridOptions> HybridOptionsFromJson(const Json& json, std::string_view where) {
  HybridOptions options;
  try {
    json.at("seed").get_to(options.seed);
    json.at("use_forest").get_to(options.use_forest);
    const Json& forest = json.at("isolation_forest");
    forest.at("n_estimators").get_to(options.forest.n_estimators);
    forest.at("max_samples").get_to(options.forest.max_samples);
    forest.at("contamination").get_to(options.forest.contamination);
    const Json& trees = json.at("xgboost");
    trees.at("max_depth").get_to(options.trees.max_depth);
    trees.at("learning_rate").get_to(options.trees.learning_rate);
    trees.at("n_estimators").get_to(options.trees.n_estimators);
    trees.at("early_stopping_rounds").get_to(options.trees.early_stopping_rounds);
    trees.at("scale_pos_weight").get_to(options.trees.scale_pos_weight);
    trees.at("subsample").get_to(options.trees.subsample);
    trees.at("colsample_bytree").get_to(options.trees.colsample_bytree);
    trees.at("min_child_weight").get_to(options.trees.min_child_weight);
    trees.at("reg_lambda").get_to(options.trees.reg_lambda);
    trees.at("max_bin").get_to(options.trees.max_bin);
    const std::string watched = trees.at("early_stopping").get<std::string>();
    for (const auto one : {EarlyStopping::kAuto, EarlyStopping::kLogLoss, EarlyStopping::kAucPr}) {
      if (watched == EarlyStoppingName(one)) options.trees.early_stopping = one;
    }
    METERHOUND_ASSIGN_OR_RETURN(options.resampling, ParseResampling(json.at("resampling").get<std::string>()));
    json.at("smote_tomek").at("k_neighbours").get_to(options.smote_tomek.k_neighbours);
    json.at("smote_tomek").at("sampling_ratio").get_to(options.smote_tomek.sampling_ratio);
    METERHOUND_ASSIGN_OR_RETURN(options.calibration, ParseCalibrationMethod(json.at("calibration").get<std::string>()));
    json.at("calibration_share").get_to(options.calibration_share);
    json.at("validation_share").get_to(options.validation_share);
    json.at("bags").get_to(options.bags);
    json.at("high_share").get_to(options.high_share);
    json.at("medium_share").get_to(options.medium_share);
    json.at("positive_unlabelled").get_to(options.positive_unlabelled);
    if (const Json& share = json.at("unlabelled_theft_share"); !share.is_null()) {
      options.unlabelled_theft_share = share.get<double>();
    }
    json.at("novelty_share").get_to(options.novelty_share);
    for (const Json& name : json.at("excluded_groups")) {
      METERHOUND_ASSIGN_OR_RETURN(const FeatureGroup group, ParseFeatureGroup(name.get<std::string>()));
      options.excluded_groups.push_back(group);
    }
  } catch (const Json::exception& error) {
    return Corrupt(std::string("the detector's settings are damaged: ") + error.what(), std::string(where));
  }
  return options;
}

Status HybridDetector::Serialize(Bundle& bundle) const {
  const State& state = *state_;
  bundle.SetJsonPart("detector.json", {{"settings", ToJson(state.options)},
                                       {"kept", state.kept},
                                       {"imputation", state.imputation.ToJson()},
                                       {"signs", state.signs.ToJson()},
                                       {"high_threshold", state.high},
                                       {"medium_threshold", state.medium},
                                       {"fit", SummaryJson(state.summary)}});
  bundle.SetJsonPart("features.json",
                     {{"input", ColumnsJson(state.input_columns)}, {"model", ColumnsJson(state.model_columns)}});
  if (state.neighbour_rates) bundle.SetPart("neighbour_rates.bin", state.neighbour_rates->Serialize());
  if (state.forest) bundle.SetPart("forest.bin", state.forest->Serialize());
  for (std::size_t bag = 0; bag < state.trees.size(); ++bag) {
    METERHOUND_ASSIGN_OR_RETURN(std::string bytes, state.trees[bag].SaveUbj());
    bundle.SetPart("trees-" + std::to_string(bag) + ".ubj", std::move(bytes));
  }
  bundle.SetJsonPart("calibration.json", state.calibrator.ToJson());
  bundle.SetJsonPart("reference.json", {{"features", ToJson(state.feature_reference)},
                                        {"score", ToJson(std::vector{state.score_reference})}});
  bundle.manifest()["seed"] = state.options.seed;
  bundle.manifest()["settings"] = ToJson(state.options);
  bundle.manifest()["features"] = ColumnsJson(state.model_columns);
  bundle.manifest()["fit"] = SummaryJson(state.summary);
  return {};
}

Result<HybridDetector> HybridDetector::Load(const Bundle& bundle) {
  auto state = std::make_unique<State>();
  METERHOUND_ASSIGN_OR_RETURN(const Json detector, bundle.JsonPart("detector.json"));
  METERHOUND_ASSIGN_OR_RETURN(const Json features, bundle.JsonPart("features.json"));
  METERHOUND_ASSIGN_OR_RETURN(const Json calibration, bundle.JsonPart("calibration.json"));
  METERHOUND_ASSIGN_OR_RETURN(const Json reference, bundle.JsonPart("reference.json"));
  const auto damaged = [](const std::string& what) { return Corrupt("the model is damaged: " + what); };
  try {
    METERHOUND_ASSIGN_OR_RETURN(state->options, HybridOptionsFromJson(detector.at("settings"), "detector.json"));
    METERHOUND_ASSIGN_OR_RETURN(state->input_columns, ColumnsFromJson(features.at("input")));
    METERHOUND_ASSIGN_OR_RETURN(state->model_columns, ColumnsFromJson(features.at("model")));
    detector.at("kept").get_to(state->kept);
    METERHOUND_ASSIGN_OR_RETURN(state->imputation, Imputation::FromJson(detector.at("imputation"), state->kept.size()));
    METERHOUND_ASSIGN_OR_RETURN(state->signs, Signs::FromJson(detector.at("signs"), state->kept.size()));
    detector.at("high_threshold").get_to(state->high);
    detector.at("medium_threshold").get_to(state->medium);
    state->summary = SummaryFromJson(detector.at("fit"));
    METERHOUND_ASSIGN_OR_RETURN(state->feature_reference,
                                ReferenceFromJson(reference.at("features"), "reference.json"));
    METERHOUND_ASSIGN_OR_RETURN(auto score, ReferenceFromJson(reference.at("score"), "reference.json"));
    if (score.size() != 1) return damaged("reference.json has no score distribution");
    state->score_reference = std::move(score[0]);
  } catch (const Json::exception& error) {
    return damaged(error.what());
  }
  METERHOUND_ASSIGN_OR_RETURN(state->calibrator, Calibrator::FromJson(calibration));
  for (const std::size_t column : state->kept) {
    if (column >= state->input_columns.size()) return damaged("detector.json keeps a column that does not exist");
  }
  if (state->options.use_forest) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string_view bytes, bundle.Part("forest.bin"));
    METERHOUND_ASSIGN_OR_RETURN(state->forest, IsolationForest::Load(bytes));
    if (state->forest->width() != state->kept.size()) return damaged("forest.bin is for other columns");
  }
  if (bundle.HasPart("neighbour_rates.bin")) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string_view bytes, bundle.Part("neighbour_rates.bin"));
    METERHOUND_ASSIGN_OR_RETURN(state->neighbour_rates, NeighbourRates::Load(bytes));
  }
  if (state->model_columns.size() != state->kept.size() + state->MadeWidth()) {
    return damaged("features.json and detector.json speak of different columns");
  }
  if (state->options.bags < 1 || state->options.bags > 100) return damaged("its number of bags is impossible");
  for (std::size_t bag = 0; bag < state->options.bags; ++bag) {
    const std::string name = "trees-" + std::to_string(bag) + ".ubj";
    METERHOUND_ASSIGN_OR_RETURN(const std::string_view bytes, bundle.Part(name));
    METERHOUND_ASSIGN_OR_RETURN(BoostedTrees trees, BoostedTrees::LoadUbj(bytes));
    if (trees.width() != state->model_columns.size()) return damaged(name + " is for other columns");
    state->trees.push_back(std::move(trees));
  }
  return HybridDetector(std::move(state));
}

}  // namespace meterhound::detectors
