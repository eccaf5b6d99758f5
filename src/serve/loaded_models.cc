// One model is held: the one that was asked for last.
#include "serve/loaded_models.h"

#include "detectors/evaluation.h"
#include "serve/temporary_folder.h"

namespace meterhound::serve {
namespace {

constexpr std::chrono::seconds kLookAgain{1};

}  // namespace

store::BundleInfo InfoOf(const pipeline::Model& model, const std::string& name) {
  return {.fingerprint = model.fingerprint,
          .name = name,
          .consumers = static_cast<std::int64_t>(model.training_rows.size()),
          .features = static_cast<std::int64_t>(model.detector.InputColumns().size()),
          .manifest = model.manifest,
          .evaluation = model.evaluation ? detectors::ToJson(*model.evaluation) : Json()};
}

Result<std::shared_ptr<const pipeline::Model>> LoadedModels::Active() {
  {
    const std::scoped_lock lock(mutex_);
    if (loaded_ && std::chrono::steady_clock::now() - looked_ < kLookAgain) return loaded_;
  }
  METERHOUND_ASSIGN_OR_RETURN(const std::optional<std::string> active, bundles_.Active());
  if (!active)
    return Unavailable("no model is active; add one by POST /v1/models or meterhound serve --model", "model");
  METERHOUND_ASSIGN_OR_RETURN(auto model, Find(*active));
  const std::scoped_lock lock(mutex_);
  loaded_ = model;
  looked_ = std::chrono::steady_clock::now();
  return model;
}

Result<std::shared_ptr<const pipeline::Model>> LoadedModels::Find(const std::string& fingerprint) {
  {
    const std::scoped_lock lock(mutex_);
    if (loaded_ && loaded_->fingerprint == fingerprint) return loaded_;
  }
  METERHOUND_ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::Create());
  const std::filesystem::path file = folder.path() / "model.mh";
  METERHOUND_RETURN_IF_ERROR(bundles_.Export(fingerprint, file.string()));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::Model model, pipeline::Model::Load(file));
  return std::shared_ptr<const pipeline::Model>(std::make_shared<pipeline::Model>(std::move(model)));
}

Result<LoadedModels::Added> LoadedModels::Add(const std::filesystem::path& file, const std::string& name) {
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Model model, pipeline::Model::Load(file));
  store::BundleInfo info = InfoOf(model, name);
  METERHOUND_ASSIGN_OR_RETURN(const bool is_new, bundles_.Add(info, file.string()));
  METERHOUND_ASSIGN_OR_RETURN(info, bundles_.Find(model.fingerprint));
  return Added{std::move(info), is_new};
}

}  // namespace meterhound::serve
