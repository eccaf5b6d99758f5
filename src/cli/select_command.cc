// `meterhound select`: the features of a table that say something about a target.
#include <memory>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "features/relevance.h"
#include "features/writers.h"
#include "pipeline/feature_files.h"

namespace meterhound::cli {
namespace {

struct Flags {
  std::string features;
  std::string target;
  std::string target_column;
  std::string task = "auto";
  std::string test = "mann";
  std::string relevance;
  std::string out;
  features::RelevanceOptions options;
};

std::string RelevanceText(const FeatureTable& table, const std::vector<features::Relevance>& relevances) {
  std::string text = "feature,type,p_value,relevant\n";
  for (const features::Relevance& relevance : relevances) {
    AppendCsvField(text, table.columns[relevance.column].name);
    text += ',';
    text += features::FeatureTypeName(relevance.type);
    text += ',';
    if (relevance.type != features::FeatureType::kConstant) AppendDouble(text, relevance.p_value);
    text += relevance.relevant ? ",True\n" : ",False\n";
  }
  return text;
}

Status Select(const Flags& flags, Session& session) {
  const StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(FeatureTable table, pipeline::ReadFeatureCsv(flags.features, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::Targets targets,
                              pipeline::ReadTargets(flags.target, flags.target_column, table.ids));
  features::RelevanceOptions options = flags.options;
  const bool classes = flags.task == "classification" || (flags.task == "auto" && targets.whole);
  options.task = classes ? features::Task::kClassification : features::Task::kRegression;
  options.kolmogorov_smirnov = flags.test == "smir";
  options.multiclass = options.n_significant > 1;
  pipeline::Impute(table);
  METERHOUND_ASSIGN_OR_RETURN(const auto relevances,
                              features::RelevanceTable(table, targets.values, options, session.context));
  std::vector<std::size_t> selected;
  for (const features::Relevance& relevance : relevances) {
    if (relevance.relevant) selected.push_back(relevance.column);
  }
  if (!flags.relevance.empty()) {
    METERHOUND_RETURN_IF_ERROR(WriteFile(flags.relevance, RelevanceText(table, relevances)));
  }
  if (!flags.out.empty()) {
    METERHOUND_RETURN_IF_ERROR(features::WriteFeatures(table.SelectColumns(selected), flags.out, session.context));
  }
  session.Say(WithThousands(selected.size()) + " of " + WithThousands(table.width()) +
              " features say something about the " + (classes ? "class" : "target") + " (false discovery rate " +
              FormatDouble(options.fdr_level) + ", " + WithThousands(table.rows()) + " rows, " +
              Duration(watch.Seconds()) + ")\n");
  Json names = Json::array();
  for (const std::size_t column : selected) names.push_back(table.columns[column].name);
  session.Answer({{"features", table.width()}, {"selected", names}, {"seconds", watch.Seconds()}});
  return {};
}

}  // namespace

Action DeclareSelect(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("FEATURES", flags->features, "Features as extract writes them to CSV; gaps are imputed")->required();
  app.add_option("--target", flags->target, "CSV with ids and targets; labelled readings will do")
      ->type_name("FILE")
      ->required();
  app.add_option("--target-column", flags->target_column, "The target's column; found by name when left out")
      ->type_name("NAME");
  app.add_option("--task", flags->task, "auto (whole numbers are classes), classification or regression")
      ->check(CLI::IsMember({"auto", "classification", "regression"}))
      ->capture_default_str();
  app.add_option("--test", flags->test,
                 "For classes and real features: mann (Mann-Whitney) or smir (Kolmogorov-Smirnov)")
      ->check(CLI::IsMember({"mann", "smir"}))
      ->capture_default_str();
  app.add_option("--fdr-level", flags->options.fdr_level, "Share of irrelevant features to tolerate among the selected")
      ->type_name("SHARE")
      ->capture_default_str();
  app.add_flag("--independent", flags->options.independent,
               "Tests are independent: Benjamini-Hochberg, not -Yekutieli");
  app.add_option("--n-significant", flags->options.n_significant,
                 "Of several classes, how many a feature must tell apart")
      ->type_name("N")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--relevance", flags->relevance, "Write every feature's type, p-value and verdict to this CSV")
      ->type_name("FILE");
  app.add_option("--out", flags->out, "Write the selected features: .csv or .parquet")->type_name("FILE");
  return [flags](Session& session) { return Select(*flags, session); };
}

}  // namespace meterhound::cli
