// What a file is that somebody wants compared, and its snapshot.
#include <algorithm>
#include <fstream>

#include "pipeline/drift_check.h"
#include "pipeline/feature_files.h"
#include "readings/columns.h"
#include "readings/csv.h"
#include "readings/input.h"
#include "readings/parquet.h"

namespace meterhound::pipeline {
namespace {

constexpr std::string_view kModelMagic = "MHBUNDLE";

bool IsModel(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string magic(kModelMagic.size(), '\0');
  return file.read(magic.data(), static_cast<std::streamsize>(magic.size())) && magic == kModelMagic;
}

}  // namespace

Result<DriftSource> DriftSourceOf(const std::filesystem::path& path, const RunContext& context) {
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    if (std::filesystem::exists(path / kScoresFile, error)) return DriftSource::kScores;
    return NotFound("a folder without " + std::string(kScoresFile) + ", expected a run folder or a file",
                    path.string());
  }
  if (IsModel(path)) return DriftSource::kModel;
  if (readings::IsParquet(path)) return DriftSource::kReadings;
  METERHOUND_ASSIGN_OR_RETURN(const readings::Input input, readings::Input::Open(path));
  readings::CsvReader csv(input.text(), input.name());
  METERHOUND_ASSIGN_OR_RETURN(const bool has_header, csv.Next());
  if (!has_header) return InvalidInput("holds no lines, expected readings, features or scores", input.name());
  const auto& header = csv.fields();
  if (readings::FindColumn(header, "consumer_id", {}) && readings::FindColumn(header, "probability", {}) &&
      readings::FindColumn(header, "tier", {})) {
    return DriftSource::kScores;
  }
  // Features are called kind__calculator__parameters.
  const bool features = std::any_of(header.begin(), header.end(),
                                    [](std::string_view name) { return name.find("__") != std::string_view::npos; });
  return features ? DriftSource::kFeatures : DriftSource::kReadings;
}

Result<monitor::Snapshot> SnapshotOfFile(const std::filesystem::path& path, DriftSource source,
                                         const RunContext& context) {
  monitor::Snapshot snapshot;
  if (source == DriftSource::kFeatures) {
    METERHOUND_ASSIGN_OR_RETURN(snapshot.features, ReadFeatureCsv(path, context));
    return snapshot;
  }
  METERHOUND_ASSIGN_OR_RETURN(const ScoredList list, ReadScoredList(path));
  for (const ScoredConsumer& consumer : list.consumers) snapshot.scores.push_back(consumer.probability.value);
  return snapshot;
}

}  // namespace meterhound::pipeline
