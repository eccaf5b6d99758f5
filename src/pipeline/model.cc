// A bundle's parts put together and taken apart.
#include "pipeline/model.h"

#include <algorithm>

namespace meterhound::pipeline {
namespace {

constexpr const char* kPlanPart = "pipeline.json";
constexpr const char* kNeighboursPart = "neighbours.bin";
constexpr const char* kRowsPart = "training_rows.bin";
constexpr const char* kEvaluationPart = "evaluation.json";
constexpr const char* kBaselinePart = "baseline.bin";

std::string EncodeRows(const std::vector<std::uint64_t>& rows) {
  std::string bytes;
  bytes.reserve(rows.size() * 8);
  for (const std::uint64_t row : rows) {
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(row >> shift & 0xFF);
  }
  return bytes;
}

Result<std::vector<std::uint64_t>> DecodeRows(std::string_view bytes) {
  if (bytes.size() % 8 != 0) return Corrupt("its length is no multiple of 8", kRowsPart);
  std::vector<std::uint64_t> rows(bytes.size() / 8);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    rows[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (i % 8 * 8);
  }
  return rows;
}

}  // namespace

Result<detectors::Bundle> MakeBundle(const FeaturePipeline& features, const detectors::HybridDetector& detector,
                                     const Json& manifest, std::vector<std::uint64_t> rows,
                                     const detectors::Evaluation* evaluation, const monitor::Baseline* baseline) {
  detectors::Bundle bundle;
  bundle.manifest() = manifest;
  bundle.SetJsonPart(kPlanPart, features.ToJson());
  if (features.neighbours()) bundle.SetPart(kNeighboursPart, features.neighbours()->Serialize());
  std::sort(rows.begin(), rows.end());
  bundle.SetPart(kRowsPart, EncodeRows(rows));
  if (evaluation != nullptr) {
    detectors::Evaluation timeless = *evaluation;
    timeless.seconds.clear();
    timeless.leaks.reset();  // names consumers and speaks of the file's order
    bundle.SetJsonPart(kEvaluationPart, detectors::ToJson(timeless));
  }
  if (baseline != nullptr) bundle.SetPart(kBaselinePart, baseline->Encode());
  METERHOUND_RETURN_IF_ERROR(detector.Serialize(bundle));
  return bundle;
}

Result<Model> Model::Load(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const detectors::Bundle bundle, detectors::Bundle::Read(path));
  METERHOUND_ASSIGN_OR_RETURN(const Json plan, bundle.JsonPart(kPlanPart));
  METERHOUND_ASSIGN_OR_RETURN(FeaturePipeline features, FeaturePipeline::FromJson(plan));
  if (bundle.HasPart(kNeighboursPart)) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string_view bytes, bundle.Part(kNeighboursPart));
    METERHOUND_ASSIGN_OR_RETURN(features::NeighbourIndex index, features::NeighbourIndex::Load(bytes));
    features.SetNeighbours(std::move(index));
  }
  METERHOUND_ASSIGN_OR_RETURN(detectors::HybridDetector detector, detectors::HybridDetector::Load(bundle));
  METERHOUND_ASSIGN_OR_RETURN(const std::string_view row_bytes, bundle.Part(kRowsPart));
  METERHOUND_ASSIGN_OR_RETURN(std::vector<std::uint64_t> rows, DecodeRows(row_bytes));
  std::optional<detectors::Evaluation> evaluation;
  if (bundle.HasPart(kEvaluationPart)) {
    METERHOUND_ASSIGN_OR_RETURN(const Json json, bundle.JsonPart(kEvaluationPart));
    METERHOUND_ASSIGN_OR_RETURN(evaluation, detectors::EvaluationFromJson(json));
  }
  std::optional<monitor::Baseline> baseline;
  if (bundle.HasPart(kBaselinePart)) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string_view bytes, bundle.Part(kBaselinePart));
    METERHOUND_ASSIGN_OR_RETURN(baseline, monitor::Baseline::Decode(bytes, path.string()));
  }
  return Model{.features = std::move(features),
               .detector = std::move(detector),
               .manifest = bundle.manifest(),
               .fingerprint = bundle.Fingerprint(),
               .training_rows = std::move(rows),
               .evaluation = std::move(evaluation),
               .baseline = std::move(baseline)};
}

bool Model::HasSeen(std::uint64_t content_hash) const {
  return std::binary_search(training_rows.begin(), training_rows.end(), content_hash);
}

}  // namespace meterhound::pipeline
