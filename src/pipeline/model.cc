// A bundle's parts put together and taken apart.
#include "pipeline/model.h"

namespace meterhound::pipeline {
namespace {

constexpr const char* kPlanPart = "pipeline.json";

}  // namespace

Result<detectors::Bundle> MakeBundle(const FeaturePipeline& features, const detectors::HybridDetector& detector,
                                     const Json& manifest) {
  detectors::Bundle bundle;
  bundle.manifest() = manifest;
  bundle.SetJsonPart(kPlanPart, features.ToJson());
  METERHOUND_RETURN_IF_ERROR(detector.Serialize(bundle));
  return bundle;
}

Result<Model> Model::Load(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const detectors::Bundle bundle, detectors::Bundle::Read(path));
  METERHOUND_ASSIGN_OR_RETURN(const Json plan, bundle.JsonPart(kPlanPart));
  METERHOUND_ASSIGN_OR_RETURN(FeaturePipeline features, FeaturePipeline::FromJson(plan));
  METERHOUND_ASSIGN_OR_RETURN(detectors::HybridDetector detector, detectors::HybridDetector::Load(bundle));
  return Model{.features = std::move(features),
               .detector = std::move(detector),
               .manifest = bundle.manifest(),
               .fingerprint = bundle.Fingerprint()};
}

}  // namespace meterhound::pipeline
