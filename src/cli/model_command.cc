// `meterhound model`: language models on this machine: list, download, inspect, quantize, remove, try.
#include <memory>

#include "base/file.h"
#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "llm/gguf.h"
#include "llm/memory_need.h"
#include "llm/model_store.h"
#include "llm/quantize.h"
#include "pipeline/language_engine.h"

namespace meterhound::cli {
namespace {

constexpr std::size_t kMegabyte = 1'000'000;

struct ModelFlags {
  std::string model;
  std::string url;
  std::string sha256;
  std::string mirror;
  std::string input;
  std::string output;
  std::string type;
  std::string importance;
  std::string prompt;
  std::string prefix;
  std::string grammar;
  std::string schema;
  std::int64_t count = 1;
};

std::string Megabytes(std::size_t bytes) { return WithThousands((bytes + kMegabyte / 2) / kMegabyte) + " MB"; }

std::string Padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

Status ListModels(Session& session) {
  const llm::ModelStore store;
  const auto stored = store.List();
  Json answer = {{"folder", store.folder().string()}, {"models", Json::array()}};
  session.Say("Models in " + store.folder().string() + "\n");
  const auto show = [&](const std::string& name, const llm::StoredModel* there, const llm::KnownModel* known) {
    session.Say(Padded("  " + name, 18) + Padded(there != nullptr ? Megabytes(there->bytes) : "not here", 14) +
                (known != nullptr ? known->note + " (" + known->licence + ")" : "") + "\n");
    answer["models"].push_back({{"name", name},
                                {"here", there != nullptr},
                                {"path", there != nullptr ? Json(there->path.string()) : Json()},
                                {"bytes", there != nullptr ? Json(there->bytes) : Json()},
                                {"licence", known != nullptr ? Json(known->licence) : Json()},
                                {"sha256", known != nullptr ? Json(known->sha256) : Json()},
                                {"url", known != nullptr ? Json(known->url) : Json()}});
  };
  for (const llm::KnownModel& known : llm::KnownModels()) {
    const auto there = std::find_if(stored.begin(), stored.end(), [&](const auto& m) { return m.name == known.name; });
    show(known.name, there == stored.end() ? nullptr : &*there, &known);
  }
  for (const llm::StoredModel& model : stored) {
    const auto all = llm::KnownModels();
    if (std::none_of(all.begin(), all.end(), [&](const auto& known) { return known.name == model.name; })) {
      show(model.name, &model, nullptr);
    }
  }
  session.Answer(answer);
  return {};
}

Status DownloadModel(Session& session, const ModelFlags& flags) {
  const char* mirror = std::getenv("METERHOUND_MODEL_MIRROR");
  METERHOUND_ASSIGN_OR_RETURN(
      const auto path,
      llm::ModelStore().Fetch({.name = flags.model,
                               .url = flags.url,
                               .sha256 = flags.sha256,
                               .mirror = flags.mirror.empty() && mirror != nullptr ? mirror : flags.mirror},
                              session.context));
  session.Say(path.string() + "\n");
  session.Answer({{"name", flags.model}, {"path", path.string()}});
  return {};
}

Json OrNull(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }
Json OrNull(const std::optional<std::int64_t>& number) { return number ? Json(*number) : Json(); }

Json NeedJson(const llm::MemoryNeed& need) {
  return {{"weights", need.weights},
          {"cache", need.cache},
          {"buffers", need.buffers},
          {"program", need.program},
          {"total", need.total()}};
}

std::string MemoryText(const pipeline::Config& config, const llm::MemoryNeed& need) {
  std::string text = "memory          " + Megabytes(need.total()) + " with a context of " +
                     WithThousands(static_cast<std::size_t>(config.llm_context)) + " tokens (weights " +
                     Megabytes(need.weights) + ", cache " + Megabytes(need.cache) + ", buffers " +
                     Megabytes(need.buffers) + ", program " + Megabytes(need.program) + ")\n";
  if (config.llm_memory_limit == 0) return text;
  const auto limit = static_cast<std::size_t>(config.llm_memory_limit) * kMegabyte;
  return text + "limit           " + Megabytes(limit) + (need.total() <= limit ? ": fits\n" : ": does not fit\n");
}

Status InspectModel(Session& session, const ModelFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto path, llm::ModelStore().Find(flags.model));
  METERHOUND_ASSIGN_OR_RETURN(const llm::GgufFile file, llm::ReadGguf(path));
  const llm::MemoryShape shape{.context = session.config.llm_context, .parallel = session.config.llm_parallel};
  const auto need = llm::EstimateMemory(file, shape);
  const auto context = file.ShapeNumber("context_length");
  const auto chat_template = file.Text("tokenizer.chat_template");
  const auto limit = static_cast<std::size_t>(session.config.llm_memory_limit) * kMegabyte;
  session.Say("file            " + path.string() + " (" + Megabytes(file.file_bytes) + ")\n");
  session.Say("name            " + file.Text("general.name").value_or("not said") + "\n");
  session.Say("architecture    " + file.architecture() + ", " +
              Significant(static_cast<double>(file.parameters()) / 1e6) + " million parameters\n");
  session.Say("quantization    " + file.quantization() + "\n");
  session.Say("trained context " + (context ? std::to_string(*context) + " tokens" : "not said") + "\n");
  session.Say("licence         " + file.Text("general.license").value_or("not said") + "\n");
  session.Say("chat template   " + std::string(chat_template ? "yes" : "none") + "\n");
  session.Say(need ? MemoryText(session.config, *need) : "memory          unknown: " + need.error().message + "\n");
  session.Answer({{"path", path.string()},
                  {"bytes", file.file_bytes},
                  {"name", OrNull(file.Text("general.name"))},
                  {"architecture", file.architecture()},
                  {"parameters", file.parameters()},
                  {"quantization", file.quantization()},
                  {"context", OrNull(context)},
                  {"licence", OrNull(file.Text("general.license"))},
                  {"chat_template", OrNull(chat_template)},
                  {"tensors", file.tensors.size()},
                  {"memory", need ? NeedJson(*need) : Json()},
                  {"fits", need ? Json(limit == 0 || need->total() <= limit) : Json()}});
  return {};
}

Status QuantizeModel(Session& session, const ModelFlags& flags) {
  METERHOUND_ASSIGN_OR_RETURN(const auto input, llm::ModelStore().Find(flags.input));
  METERHOUND_RETURN_IF_ERROR(llm::Quantize(
      {.input = input, .output = flags.output, .type = flags.type, .importance = flags.importance, .worker = {}},
      session.context));
  METERHOUND_ASSIGN_OR_RETURN(const llm::GgufFile before, llm::ReadGguf(input));
  METERHOUND_ASSIGN_OR_RETURN(const llm::GgufFile after, llm::ReadGguf(flags.output));
  session.Say(flags.output + ": " + after.quantization() + ", " + Megabytes(before.file_bytes) + " -> " +
              Megabytes(after.file_bytes) + "\n");
  session.Answer({{"path", flags.output},
                  {"quantization", after.quantization()},
                  {"bytes_before", before.file_bytes},
                  {"bytes", after.file_bytes}});
  return {};
}

Status RemoveModel(Session& session, const ModelFlags& flags) {
  METERHOUND_RETURN_IF_ERROR(llm::ModelStore().Remove(flags.model));
  session.Answer({{"removed", flags.model}});
  return {};
}

Result<std::vector<llm::Request>> TrialRequests(const pipeline::Config& config, const ModelFlags& flags) {
  llm::Request request = pipeline::MakeRequest(config);
  request.accept_cut = true;
  request.prompt = flags.prompt;
  request.prefix = flags.prefix;
  if (!flags.grammar.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(request.grammar, ReadFile(flags.grammar));
  }
  if (!flags.schema.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string text, ReadFile(flags.schema));
    METERHOUND_ASSIGN_OR_RETURN(request.choices, ParseJson(text, flags.schema));
  }
  std::vector<llm::Request> requests;
  for (std::int64_t i = 0; i < flags.count; ++i, ++request.seed) requests.push_back(request);
  return requests;
}

Status TryModel(Session& session, const ModelFlags& flags) {
  pipeline::Config& config = session.config;
  if (config.llm_engine == "template") config.llm_engine = "llama";
  if (!flags.model.empty()) config.llm_model = flags.model;
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<llm::Request> requests, TrialRequests(config, flags));
  StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(const auto engine, pipeline::MakeEngine(config, session.context));
  const double load_seconds = watch.Lap();
  const auto results = engine->CompleteAll(requests, session.context);
  const double seconds = watch.Lap();
  Json texts = Json::array();
  std::int64_t tokens = 0;
  std::optional<Error> first_error;
  for (const auto& result : results) {
    if (!result) {
      if (!first_error) first_error = result.error();
      texts.push_back({{"error", result.error().ToString()}});
      continue;
    }
    tokens += result->tokens;
    session.Say(result->text + "\n");
    texts.push_back({{"text", result->text},
                     {"finish_reason", result->finish_reason},
                     {"prompt_tokens", result->prompt_tokens},
                     {"cached_tokens", result->cached_tokens},
                     {"tokens", result->tokens},
                     {"seconds", result->seconds}});
  }
  const auto* llama = dynamic_cast<const llm::LlamaEngine*>(engine.get());
  const double rate = static_cast<double>(tokens) / seconds;
  session.Say("-- " + engine->Name() + ": " + std::to_string(tokens) + " tokens in " + Significant(seconds) + " s (" +
              Significant(rate) + "/s), loaded in " + Significant(load_seconds) + " s\n");
  session.Answer({{"engine", engine->Name()},
                  {"texts", std::move(texts)},
                  {"load_seconds", load_seconds},
                  {"seconds", seconds},
                  {"tokens_per_second", rate},
                  {"peak_memory", llama != nullptr ? Json(llama->peak_memory()) : Json()}});
  return first_error ? Status(*first_error) : Status();
}

using Flags = std::shared_ptr<ModelFlags>;

void DeclareDownload(CLI::App& app, const Flags& flags) {
  app.add_option("NAME", flags->model, "A known model, or with --url the name it shall have")->required();
  app.add_option("--mirror", flags->mirror, "Folder or URL that holds the file (or METERHOUND_MODEL_MIRROR)");
  app.add_option("--url", flags->url, "Where a model that is not known lies; needs --sha256");
  app.add_option("--sha256", flags->sha256, "SHA-256 that the file must have")->type_name("HEX");
}

void DeclareQuantize(CLI::App& app, const Flags& flags) {
  app.add_option("IN", flags->input, "A model's name or GGUF file, in F32, F16 or BF16")->required();
  app.add_option("OUT", flags->output, "The GGUF file to write")->required();
  app.add_option("TYPE", flags->type, "Q4_K_M, Q5_K_M or Q8_0")->required();
  app.add_option("--imatrix", flags->importance,
                 "A text to learn from which weights matter, or llama.cpp's importance matrix in GGUF")
      ->type_name("FILE");
}

void DeclareTry(CLI::App& app, const Flags& flags) {
  app.add_option("NAME", flags->model, "A model's name or GGUF file; otherwise llm.model");
  app.add_option("--prompt", flags->prompt, "What is asked")->required()->type_name("TEXT");
  app.add_option("--prefix", flags->prefix, "The system message, whose work is kept between texts")->type_name("TEXT");
  app.add_option("--grammar", flags->grammar, "GBNF that the text must follow")->type_name("FILE");
  app.add_option("--schema", flags->schema, "JSON schema for a server (llm.engine=openai)")->type_name("FILE");
  app.add_option("--count", flags->count, "Texts, each with another seed")->check(CLI::Range(1, 10000));
}

}  // namespace

Action DeclareModel(CLI::App& app) {
  const auto flags = std::make_shared<ModelFlags>();
  app.require_subcommand(1);
  const auto action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    sub->fallthrough();  // the flags of every command may come after it
    return sub;
  };
  CLI::App* list = action("list", "Models that are known, and those on this machine");
  CLI::App* download = action("download", "Fetch a model and check its SHA-256");
  DeclareDownload(*download, flags);
  CLI::App* inspect = action("inspect", "What a file says of itself, and the memory it will need");
  inspect->add_option("NAME", flags->model, "A model's name or GGUF file")->required();
  CLI::App* quantize = action("quantize", "Make a model's weights smaller");
  DeclareQuantize(*quantize, flags);
  CLI::App* remove = action("remove", "Delete a model from this machine");
  remove->add_option("NAME", flags->model, "A model's name")->required();
  CLI::App* trial = action("try", "Have a model write, and measure it");
  DeclareTry(*trial, flags);
  return [=](Session& session) -> Status {
    if (list->parsed()) return ListModels(session);
    if (download->parsed()) return DownloadModel(session, *flags);
    if (inspect->parsed()) return InspectModel(session, *flags);
    if (quantize->parsed()) return QuantizeModel(session, *flags);
    if (remove->parsed()) return RemoveModel(session, *flags);
    return TryModel(session, *flags);
  };
}

}  // namespace meterhound::cli
