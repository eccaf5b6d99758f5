// Plans, stores and applies the transformation from readings to features.
#include "pipeline/feature_pipeline.h"

#include <algorithm>

#include "pipeline/settings_file.h"

namespace meterhound::pipeline {
namespace {

// Fewer readings than this leave most of tsfresh's calculators undefined.
constexpr std::size_t kEnoughForEfficient = 60;

std::vector<features::KindInfo> KindsOf(const Panel& panel) {
  std::vector<features::KindInfo> kinds;
  for (const SeriesKind& kind : panel.kinds) kinds.push_back({kind.name, kind.group});
  return kinds;
}

Status CheckKinds(const Panel& panel, const std::vector<features::KindInfo>& planned) {
  for (std::size_t i = 0; i < std::max(panel.kinds.size(), planned.size()); ++i) {
    const std::string found = i < panel.kinds.size() ? "'" + panel.kinds[i].name + "'" : "nothing";
    const std::string expected = i < planned.size() ? "'" + planned[i].name + "'" : "nothing more";
    if (found != expected) {
      return InvalidInput("kind of readings " + std::to_string(i + 1) + ": found " + found + ", expected " + expected +
                              ", which the model was trained on",
                          panel.source);
    }
  }
  return {};
}

// A kind named in vain is most likely misspelt.
Status CheckNamedKinds(const features::FeatureSettings& settings, const Panel& panel, const std::string& source) {
  std::vector<std::string> known;
  for (const SeriesKind& kind : panel.kinds) known.push_back(kind.name);
  for (const std::string& kind : settings.Kinds()) {
    if (std::find(known.begin(), known.end(), kind) != known.end()) continue;
    std::string list;
    for (const std::string& name : known) list += (list.empty() ? "'" : ", '") + name + "'";
    return InvalidInput("found kind '" + kind + "', expected one that the readings have: " + list, source);
  }
  return {};
}

// "auto" stands for the mapping's own for bills, efficient and theft for readings with enough points, theft alone for
// shorter ones.
Result<features::FeatureSettings> ChooseSettings(const Panel& panel, const Config& config, const Json& mapped,
                                                 std::size_t longest) {
  if (!config.columns.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(features::FeatureSettings settings,
                                features::FeatureSettings::FromColumns(config.columns));
    METERHOUND_RETURN_IF_ERROR(CheckNamedKinds(settings, panel, "columns"));
    return settings;
  }
  if (config.tsfresh_settings != "auto") {
    METERHOUND_ASSIGN_OR_RETURN(features::FeatureSettings settings, LoadFeatureSettings(config.tsfresh_settings));
    METERHOUND_RETURN_IF_ERROR(CheckNamedKinds(settings, panel, config.tsfresh_settings));
    return settings;
  }
  if (!mapped.is_null()) return features::FeatureSettings::FromJson(mapped);
  return features::FeatureSettings::FromPreset(longest >= kEnoughForEfficient ? "efficient+theft" : "minimal+theft");
}

}  // namespace

std::vector<std::uint64_t> ContentHashes(const Panel& panel, const RunContext& context) {
  std::vector<std::uint64_t> hashes(panel.rows());
  context.pool.ParallelFor(hashes.size(), 64, [&](std::size_t begin, std::size_t end, std::size_t) {
    for (std::size_t row = begin; row < end; ++row) hashes[row] = panel.ContentHash(row);
  });
  return hashes;
}

std::size_t LongestSeries(const Panel& panel) {
  std::size_t longest = 0;
  for (const SeriesKind& kind : panel.kinds) {
    for (std::size_t row = 0; row < panel.rows(); ++row) longest = std::max(longest, kind.timeline->Length(row));
  }
  return longest;
}

FeaturePipeline::FeaturePipeline(clean::Policy policy, features::FeatureSettings settings,
                                 std::vector<features::KindInfo> kinds, features::AttributeEncoder encoder,
                                 features::Extractor extractor)
    : policy_(policy),
      settings_(std::move(settings)),
      kinds_(std::move(kinds)),
      encoder_(std::move(encoder)),
      extractor_(std::move(extractor)) {}

Result<FeaturePipeline> FeaturePipeline::Plan(const Panel& panel, const Config& config, const Json& mapped,
                                              std::size_t longest) {
  METERHOUND_ASSIGN_OR_RETURN(const clean::Policy policy, clean::ParsePolicy(config.clean_policy));
  METERHOUND_ASSIGN_OR_RETURN(features::FeatureSettings settings,
                              ChooseSettings(panel, config, mapped, std::max(longest, LongestSeries(panel))));
  auto kinds = KindsOf(panel);
  METERHOUND_ASSIGN_OR_RETURN(features::Extractor extractor, features::Extractor::Create(settings, kinds));
  return FeaturePipeline(policy, std::move(settings), std::move(kinds), features::AttributeEncoder::Fit(panel),
                         std::move(extractor));
}

Json FeaturePipeline::ToJson() const {
  Json json;
  json["clean_policy"] = clean::PolicyName(policy_);
  for (const features::KindInfo& kind : kinds_) {
    json["kinds"].push_back({{"name", kind.name}, {"group", FeatureGroupName(kind.group)}});
  }
  json["settings"] = settings_.ToJson();
  json["attributes"] = encoder_.ToJson();
  return json;
}

Result<FeaturePipeline> FeaturePipeline::FromJson(const Json& json) {
  try {
    METERHOUND_ASSIGN_OR_RETURN(const clean::Policy policy,
                                clean::ParsePolicy(json.at("clean_policy").get<std::string>()));
    std::vector<features::KindInfo> kinds;
    for (const Json& kind : json.at("kinds")) {
      METERHOUND_ASSIGN_OR_RETURN(const FeatureGroup group, ParseFeatureGroup(kind.at("group").get<std::string>()));
      kinds.push_back({kind.at("name").get<std::string>(), group});
    }
    METERHOUND_ASSIGN_OR_RETURN(features::FeatureSettings settings,
                                features::FeatureSettings::FromJson(json.at("settings")));
    METERHOUND_ASSIGN_OR_RETURN(features::AttributeEncoder encoder,
                                features::AttributeEncoder::FromJson(json.at("attributes")));
    METERHOUND_ASSIGN_OR_RETURN(features::Extractor extractor, features::Extractor::Create(settings, kinds));
    return FeaturePipeline(policy, std::move(settings), std::move(kinds), std::move(encoder), std::move(extractor));
  } catch (const nlohmann::json::exception& error) {
    return Corrupt(std::string("the feature plan is not as expected: ") + error.what(), "features.json");
  }
}

Status FeaturePipeline::RememberNeighbours(const NeighbourSpec& spec, const Panel& panel,
                                           std::span<const std::uint64_t> hashes, const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(neighbours_, features::NeighbourIndex::Build(spec, panel, hashes, context));
  return {};
}

Result<FeatureTable> FeaturePipeline::Apply(Panel& panel, const RunContext& context,
                                            std::vector<features::CalculatorTime>* times) const {
  METERHOUND_RETURN_IF_ERROR(CheckKinds(panel, kinds_));
  std::shared_ptr<const Neighbours> neighbours;
  if (neighbours_) {
    METERHOUND_ASSIGN_OR_RETURN(Neighbours found, neighbours_->Find(panel, ContentHashes(panel, context), context));
    neighbours = std::make_shared<const Neighbours>(std::move(found));
  }
  METERHOUND_RETURN_IF_ERROR(clean::Clean(panel, policy_, context));
  METERHOUND_ASSIGN_OR_RETURN(FeatureTable table, extractor_.Extract(panel, context, times));
  table.neighbours = std::move(neighbours);
  METERHOUND_RETURN_IF_ERROR(encoder_.Append(panel, table));
  return table;
}

}  // namespace meterhound::pipeline
