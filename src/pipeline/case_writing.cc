// The engine behind report's TextModel, and which way of writing suits it.
#include "pipeline/case_writing.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/numbers.h"
#include "llm/gguf.h"
#include "llm/model_store.h"
#include "pipeline/language_engine.h"
#include "report/plan_writer.h"
#include "report/prose_writer.h"

namespace meterhound::pipeline {
namespace {

/// Below it a model's own sentences are wrong more often than right (SmolLM2, 135 million: numbers in wrong roles in
/// half of its reports), above it they are worth checking one by one.
constexpr std::uint64_t kProseParameters = 2'000'000'000;

/// A list of sentence numbers for servers that take a schema but no grammar.
Json ChoicesSchema(const std::vector<std::string>& choices) {
  if (choices.empty()) return {};
  return {{"type", "object"},
          {"properties",
           {{"sentences", {{"type", "array"}, {"minItems", 1}, {"items", {{"type", "string"}, {"enum", choices}}}}}}},
          {"required", {"sentences"}},
          {"additionalProperties", false}};
}

/// What a plan reads: the numbers, whichever form the engine was held to.
std::string Numbers(std::string text) {
  const Json answer = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!answer.is_object() || !answer.contains("sentences") || !answer["sentences"].is_array()) return text;
  std::string numbers;
  for (const Json& one : answer["sentences"]) numbers += (one.is_string() ? one.get<std::string>() : one.dump()) + " ";
  return numbers;
}

class EngineModel final : public report::TextModel {
 public:
  EngineModel(std::unique_ptr<llm::Engine> engine, llm::Request settings, const RunContext& context)
      : engine_(std::move(engine)), settings_(std::move(settings)), context_(context) {}

  std::string Name() const override { return engine_->Name(); }

  std::vector<Result<std::string>> CompleteAll(std::span<const report::TextRequest> asked) const override {
    std::vector<llm::Request> requests;
    for (const report::TextRequest& one : asked) {
      llm::Request request = settings_;
      request.prefix = one.prefix;
      request.prompt = one.prompt;
      request.grammar = one.grammar;
      request.choices = ChoicesSchema(one.choices);
      requests.push_back(std::move(request));
    }
    std::vector<Result<std::string>> answers;
    for (Result<llm::Completion>& one : engine_->CompleteAll(requests, context_)) {
      if (!one) {
        answers.emplace_back(one.error());
      } else {
        answers.emplace_back(asked[answers.size()].choices.empty() ? std::move(one->text)
                                                                   : Numbers(std::move(one->text)));
      }
    }
    return answers;
  }

 private:
  std::unique_ptr<llm::Engine> engine_;
  llm::Request settings_;
  const RunContext& context_;
};

/// A writer and the model that it asks.
class EngineCaseWriter final : public report::CaseWriter {
 public:
  /// @param most cases that it words; the template words the others.
  EngineCaseWriter(std::unique_ptr<EngineModel> model, bool prose, std::size_t max_tokens, std::size_t most)
      : model_(std::move(model)), most_(most) {
    if (prose) {
      writer_ = std::make_unique<report::ProseCaseWriter>(*model_, max_tokens);
    } else {
      writer_ = std::make_unique<report::PlanCaseWriter>(*model_, max_tokens);
    }
  }
  Result<std::vector<report::CaseReport>> WriteAll(std::span<const report::Case> cases,
                                                   const report::RunReport& run) const override {
    const std::span<const report::Case> head = cases.first(std::min(most_, cases.size()));
    METERHOUND_ASSIGN_OR_RETURN(std::vector<report::CaseReport> reports, writer_->WriteAll(head, run));
    METERHOUND_ASSIGN_OR_RETURN(std::vector<report::CaseReport> rest,
                                report::TemplateCaseWriter().WriteAll(cases.subspan(head.size()), run));
    std::move(rest.begin(), rest.end(), std::back_inserter(reports));
    return reports;
  }

 private:
  std::unique_ptr<EngineModel> model_;
  std::unique_ptr<report::ModelCaseWriter> writer_;
  std::size_t most_;
};

/// The template in the place of a model that could not be had.
class StandIn final : public report::CaseWriter {
 public:
  explicit StandIn(std::string reason) : reason_(std::move(reason)) {}
  Result<std::vector<report::CaseReport>> WriteAll(std::span<const report::Case> cases,
                                                   const report::RunReport& run) const override {
    METERHOUND_ASSIGN_OR_RETURN(std::vector<report::CaseReport> reports,
                                report::TemplateCaseWriter().WriteAll(cases, run));
    for (report::CaseReport& report : reports) report.fallback = reason_;
    return reports;
  }

 private:
  std::string reason_;
};

Result<bool> WantsProse(const Config& config) {
  if (config.llm_mode != "auto") return config.llm_mode == "prose";
  if (config.llm_engine != "llama" || config.report_language != "en") return false;
  METERHOUND_ASSIGN_OR_RETURN(const auto path, llm::ModelStore().Find(config.llm_model));
  METERHOUND_ASSIGN_OR_RETURN(const llm::GgufFile file, llm::ReadGguf(path));
  return file.parameters() >= kProseParameters;
}

}  // namespace

Result<std::unique_ptr<report::CaseWriter>> MakeCaseWriter(const Config& config, const RunContext& context) {
  using Writer = std::unique_ptr<report::CaseWriter>;
  if (config.llm_engine == "template") return Writer(std::make_unique<report::TemplateCaseWriter>());
  const auto stand_in = [](const Error& error) -> Result<Writer> {
    if (error.code == ErrorCode::kCancelled) return error;
    return Writer(std::make_unique<StandIn>(error.ToString()));
  };
  const Result<bool> prose = WantsProse(config);
  if (!prose) return stand_in(prose.error());
  Result<std::unique_ptr<llm::Engine>> engine = MakeEngine(config, context);
  if (!engine) return stand_in(engine.error());
  return Writer(std::make_unique<EngineCaseWriter>(
      std::make_unique<EngineModel>(*std::move(engine), MakeRequest(config), context), *prose,
      static_cast<std::size_t>(config.llm_max_tokens),
      config.llm_cases == 0 ? std::numeric_limits<std::size_t>::max() : static_cast<std::size_t>(config.llm_cases)));
}

std::string WritersRemark(const report::Writers& writers) {
  std::string text;
  if (writers.by_model > 0) {
    text += WithThousands(writers.by_model) + " cases worded by " + writers.model + " (" + writers.mode + ")\n";
  }
  if (writers.fallen_back > 0) {
    text += WithThousands(writers.fallen_back) + " cases worded by the template instead: " + writers.why + "\n";
  }
  return text;
}

}  // namespace meterhound::pipeline
