// What subcommands share: printing, input flags, the model flag.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "base/numbers.h"
#include "cli/command.h"
#include "pipeline/feedback.h"

namespace meterhound::cli {

void Session::Say(std::string_view text) const {
  if (json || quiet) return;
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void Session::Answer(const Json& json_document) const {
  if (!json) return;
  const std::string text = DumpJson(json_document);
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void InputFlags::Declare(CLI::App& app) {
  app.add_option("FILE", file, "Readings: wide (one row a consumer) or long (id, time, value) CSV, also .gz and .zst");
  app.add_option("--source", source, "Source mapping in YAML for bills (see config/sources)")->type_name("MAPPING");
  app.add_option("--data", data, "Folder that holds the mapping's files")->type_name("DIR");
  app.add_option("--date-order", date_order, "How 1/2/2014 is to be read: auto, mdy or dmy")->type_name("ORDER");
  app.add_option("--as-of", as_of, "Leave out readings that were not known by the end of this day")->type_name("DATE");
  app.add_option("--id-column", id_column, "Long CSV: the column with the consumer's id")->type_name("NAME");
  app.add_option("--time-column", time_column, "Long CSV: the column with the time")->type_name("NAME");
  app.add_option("--value-column", value_column, "Long CSV: the column with the reading")->type_name("NAME");
  app.add_option("--kind-column", kind_column, "Long CSV: the column with the kind of reading")->type_name("NAME");
}

Result<readings::ReadOptions> InputFlags::ToReadOptions(const pipeline::Config& config) const {
  if (file.empty() == source.empty()) {
    return InvalidInput(file.empty() ? "no input given; expected FILE, or --source MAPPING with --data DIR"
                                     : "found both FILE and --source; expected one of them",
                        "input");
  }
  if (!source.empty() && data.empty())
    return InvalidInput("--source needs --data DIR, the folder with its files", "--data");
  readings::ReadOptions options;
  options.file = file;
  options.source = source;
  options.data = data;
  options.id_column = id_column;
  options.time_column = time_column;
  options.value_column = value_column;
  options.kind_column = kind_column;
  METERHOUND_ASSIGN_OR_RETURN(options.date_order,
                              readings::ParseDateOrder(date_order.empty() ? config.date_order : date_order));
  if (const std::string& day = as_of.empty() ? config.as_of : as_of; !day.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(options.as_of, readings::ParseDay(day, as_of.empty() ? "readings.as_of" : "--as-of"));
  }
  return options;
}

void TrainingFlags::Declare(CLI::App& app) {
  app.add_option("--without", without,
                 "Groups of features to train and evaluate without: behaviour, coverage, attributes, inspection")
      ->type_name("GROUP[,GROUP...]");
  app.add_flag("--strict", strict, "Fail on whatever the leak check warns of, too");
}

Status TrainingFlags::Apply(pipeline::Config& config) const {
  if (without) METERHOUND_RETURN_IF_ERROR(pipeline::SetConfigValue(config, "detection.without", *without, "--without"));
  if (strict) {
    METERHOUND_RETURN_IF_ERROR(pipeline::SetConfigValue(config, "evaluation.leak_warnings", "fail", "--strict"));
  }
  return {};
}

void FeedbackFlags::Declare(CLI::App& app, const std::string& purpose) {
  app.add_option("--feedback", file, purpose)->type_name("FILE");
  app.add_flag("--skip-unknown", skip_unknown, "Leave out visits to consumers that are not there");
}

void FeedbackFlags::DeclareForLabels(CLI::App& app) {
  Declare(app, "What visits found: CSV with consumer_id, visited_on, outcome (found, not_found, no_access)");
  app.add_option("--labels-from", labels_from,
                 "all, or inspections: consumers labelled honest whom nobody visited are then unknown")
      ->type_name("WHOM");
}

Status FeedbackFlags::TakeLabelsFrom(pipeline::Config& config) const {
  if (labels_from.empty()) return {};
  return pipeline::SetConfigValue(config, "detection.labels_from", labels_from, "--labels-from");
}

Status FeedbackFlags::Apply(pipeline::SourceData& data, pipeline::Config& config) const {
  METERHOUND_RETURN_IF_ERROR(TakeLabelsFrom(config));
  return pipeline::ApplyFeedback(data, {.file = file, .skip_unknown = skip_unknown}, config);
}

void RankingFlags::Declare(CLI::App& app) {
  input.Declare(app);
  app.add_option("--model", model, "The saved model (model.mh of a run folder)")
      ->type_name("FILE")
      ->envname("MODEL_PATH");
}

Result<RankedInput> RankingFlags::Rank(Session& session) const {
  if (model.empty()) return InvalidInput("no model given; expected --model FILE or MODEL_PATH", "--model");
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::Model loaded, pipeline::Model::Load(model));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_ASSIGN_OR_RETURN(pipeline::Ranking ranking,
                              pipeline::RankWithModel(std::move(data), loaded, session.context));
  return RankedInput{std::move(loaded), std::move(ranking)};
}

void DeclareOutFolder(CLI::App& app, std::string& out, const std::string& what) {
  app.add_option("--out", out, what)
      ->type_name("DIR")
      ->capture_default_str()
      ->check([](const std::string& name) -> std::string {
        const std::string extension = std::filesystem::path(name).extension().string();
        for (const char* file : {".csv", ".json", ".html", ".mh", ".parquet"})
          if (extension == file) return name + ": the name of a file; expected a folder";
        std::error_code error;
        if (std::filesystem::exists(name, error) && !std::filesystem::is_directory(name, error))
          return name + ": a file; expected a folder";
        return {};
      });
}

std::string SeenRemark(const pipeline::Ranking& ranking) {
  if (ranking.seen == 0) return {};
  return "Note: the model was trained on " + WithThousands(ranking.seen) + " of these " +
         WithThousands(ranking.panel.rows()) + " consumers; their scores look better than they are.\n";
}

}  // namespace meterhound::cli
