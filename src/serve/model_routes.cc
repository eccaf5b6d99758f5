// Models: which there are, which scores, and the way back.
#include "detectors/evaluation.h"
#include "report/model_card.h"
#include "serve/alerting.h"
#include "serve/retraining_jobs.h"
#include "serve/routes.h"
#include "serve/schemas.h"
#include "serve/uploads.h"
#include "store/identifiers.h"

namespace meterhound::serve {
namespace {

Json ModelJson(const store::BundleInfo& one) {
  return {{"fingerprint", one.fingerprint},
          {"name", one.name},
          {"added", store::FormatTime(one.added)},
          {"bytes", one.bytes},
          {"active", one.active},
          {"consumers", one.consumers},
          {"features", one.features},
          {"evaluation", one.evaluation},
          {"manifest", one.manifest}};
}

Result<http::Response> List(const Desk& desk, const http::Request&) {
  METERHOUND_ASSIGN_OR_RETURN(const auto models, desk.service->bundles.List());
  METERHOUND_ASSIGN_OR_RETURN(const auto active, desk.service->bundles.Active());
  METERHOUND_ASSIGN_OR_RETURN(const auto before, desk.service->bundles.Before());
  Json items = Json::array();
  for (const store::BundleInfo& one : models) items.push_back(ModelJson(one));
  return http::Response::OfJson(
      {{"active", active ? Json(*active) : Json()}, {"before", before ? Json(*before) : Json()}, {"items", items}});
}

Result<http::Response> Add(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  const auto result = service.models.Add(request.upload->path(), request.Text("name").value_or("uploaded"));
  if (!result) {  // to the store a damaged model is a fault of its own; here it is the caller's
    const Error& error = result.error();
    const bool damaged = error.code == ErrorCode::kCorrupt || error.code == ErrorCode::kUnsupported;
    return damaged ? InvalidInput(error.message, "body") : error;
  }
  const LoadedModels::Added& added = *result;
  METERHOUND_RETURN_IF_ERROR(Record(service, request, "model.add", "model:" + added.info.fingerprint));
  return http::Response::OfJson(ModelJson(added.info), added.is_new ? 201 : 200).With("Location", "/v1/models");
}

Result<http::Response> Changed(Service& service, const std::string& fingerprint) {
  METERHOUND_ASSIGN_OR_RETURN(const store::BundleInfo info, service.bundles.Find(fingerprint));
  return http::Response::OfJson(ModelJson(info));
}

Result<http::Response> Activate(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  const std::string fingerprint = request.PathText("fingerprint");
  const Status done = service.database->Write([&](store::Transaction& transaction) -> Status {
    METERHOUND_RETURN_IF_ERROR(store::AuditLog::TakeTurn(transaction));
    METERHOUND_RETURN_IF_ERROR(store::BundleStore::Activate(transaction, fingerprint, WhoAsks(request)));
    // Whoever chooses a model has decided what a retraining left open.
    METERHOUND_RETURN_IF_ERROR(
        ResolveAlert(service, transaction, kRetrainingAlert, "Somebody chose the model in use."));
    return store::AuditLog::AppendAll(transaction, {EntryOf(request, "model.activate", "model:" + fingerprint)});
  });
  METERHOUND_RETURN_IF_ERROR(done);
  return Changed(service, fingerprint);
}

Result<http::Response> RollBack(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  std::string fingerprint;
  const Status done = service.database->Write([&](store::Transaction& transaction) -> Status {
    METERHOUND_RETURN_IF_ERROR(store::AuditLog::TakeTurn(transaction));
    METERHOUND_ASSIGN_OR_RETURN(fingerprint, store::BundleStore::RollBack(transaction, WhoAsks(request)));
    return store::AuditLog::AppendAll(transaction, {EntryOf(request, "model.rollback", "model:" + fingerprint)});
  });
  if (!done.ok() && done.error().code == ErrorCode::kInvalidInput) return http::Problem(409, done.error().message);
  METERHOUND_RETURN_IF_ERROR(done);
  return Changed(service, fingerprint);
}

Result<http::Response> Card(const Desk& desk, const http::Request& request) {
  METERHOUND_ASSIGN_OR_RETURN(const store::BundleInfo info,
                              desk.service->bundles.Find(request.PathText("fingerprint")));
  report::ModelFacts facts{.fingerprint = info.fingerprint, .manifest = info.manifest, .evaluation = {}};
  if (!info.evaluation.is_null()) {
    METERHOUND_ASSIGN_OR_RETURN(facts.evaluation, detectors::EvaluationFromJson(info.evaluation));
  }
  if (request.Text("format").value_or("markdown") == "json") {
    return http::Response::OfJson(report::ModelCardJson(facts));
  }
  return http::Response::OfText(report::ModelCard(facts), "text/markdown; charset=utf-8");
}

// By hand: with readings in the body, or on those of the settings.
Result<http::Response> Retrain(const Desk& desk, const http::Request& request) {
  Service& service = *desk.service;
  METERHOUND_RETURN_IF_ERROR(CheckRoom(service, kMathQueue));
  RetrainingDetails details;
  if (request.principal) details.owner = request.principal->id;
  std::string content;
  if (request.upload) {
    METERHOUND_ASSIGN_OR_RETURN(const store::Input input, KeepFile(service.inputs, request.upload->path(),
                                                                   FileName(request), request.content_type));
    details.input = input.id;
    details.title = input.name;
    content = input.sha256;
  }
  details.key = IdempotencyOf(request, content);
  const auto job = service.database->WriteFor<store::Job>([&](store::Transaction& transaction) -> Result<store::Job> {
    METERHOUND_ASSIGN_OR_RETURN(store::Job ordered, OrderRetraining(service, transaction, kByHand, details));
    METERHOUND_RETURN_IF_ERROR(store::AuditLog::AppendAll(
        transaction, {EntryOf(request, "model.retrain", "job:" + ordered.id, {{"cause", kByHand}})}));
    return ordered;
  });
  const bool not_now = !job && job.error().code == ErrorCode::kInvalidInput && job.error().where == kRetrain;
  if (not_now) return http::Problem(409, job.error().message);
  if (!job) return job.error();
  return http::Response::OfJson(JobJson(*job), 202).With("Location", "/v1/jobs/" + job->id);
}

}  // namespace

Routes ModelRoutes(const Desk& desk) {
  using enum http::Method;
  http::RequestBody file{
      .contents = {
          {.type = "application/octet-stream", .schema = {{"type", "string"}, {"format", "binary"}}, .spooled = true}}};
  http::RequestBody readings = JsonBody(Object({}), false);
  TakeReadings(readings);
  return {Row(kGet, "/v1/models", "listModels", "Models, latest first", "models", "score", {},
              {Answers("the models", Component("ModelList"))},
              [desk](const http::Request& request) { return List(desk, request); }),
          Row(
              kPost, "/v1/models", "addModel", "Add a model file (model.mh)", "models", "admin",
              {Query("name", "for people", {{"type", "string"}, {"maxLength", 200}})},
              {Answers("it was there already", Component("Model")),
               Answers("added; not active yet", Component("Model"), 201)},
              [desk](const http::Request& request) { return Add(desk, request); }, file),
          Row(kGet, "/v1/models/{fingerprint}/card", "getModelCard",
              "What a model is, was made from and how well it does", "models", "score",
              {InPath("fingerprint", "of the model"), Query("format", "of the card", OneOf({"markdown", "json"}))},
              {Gives("the card", "text/markdown"), Answers("for machines", {{"type", "object"}}),
               Refuses(404, "no such model")},
              [desk](const http::Request& request) { return Card(desk, request); }),
          Row(
              kPost, "/v1/models/retrain", "retrainModel",
              "Train a model on readings sent along, or on those of the settings, and compare it with the active one",
              "models", "admin", {Query("filename", "of an uploaded file"), IdempotencyHeader()},
              {Answers("accepted: will be done", Component("Job"), 202),
               Refuses(409, "one is under way, or no model is active")},
              [desk](const http::Request& request) { return Retrain(desk, request); }, readings),
          Row(kPost, "/v1/models/{fingerprint}/activate", "activateModel", "Score by this model from now on", "models",
              "admin", {InPath("fingerprint", "of the model")},
              {Answers("the model", Component("Model")), Refuses(404, "no such model")},
              [desk](const http::Request& request) { return Activate(desk, request); }),
          Row(kPost, "/v1/models/rollback", "rollBackModel", "Score by the model that was active before", "models",
              "admin", {}, {Answers("the model", Component("Model")), Refuses(409, "none was active before")},
              [desk](const http::Request& request) { return RollBack(desk, request); })};
}

}  // namespace meterhound::serve
