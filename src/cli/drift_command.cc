// `meterhound drift`: whether consumers still look like those of a reference, as text, JSON or a page.
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "cli/command.h"
#include "pipeline/drift_check.h"
#include "report/drift_page.h"

namespace meterhound::cli {
namespace {

constexpr int kDriftFound = 3;

struct Flags {
  std::string reference;
  std::string current;
  std::string model;
  std::string source;
  std::string by;
  std::string html;
};

Status Drift(const Flags& flags, Session& session) {
  const pipeline::DriftPaths paths{.reference = flags.reference,
                                   .current = flags.current,
                                   .model = flags.model,
                                   .source = flags.source,
                                   .by = flags.by};
  METERHOUND_ASSIGN_OR_RETURN(const monitor::DriftReport report,
                              pipeline::CompareFiles(paths, session.config, session.context));
  if (!flags.html.empty()) {
    METERHOUND_RETURN_IF_ERROR(WriteFile(flags.html, report::DriftPage(report, flags.reference, flags.current)));
  }
  session.Say(report::DriftText(report));
  if (!flags.html.empty()) session.Say("\nDrawn: " + flags.html + "\n");
  session.Answer(monitor::ToJson(report));
  session.exit_status = report.drift ? kDriftFound : 0;
  return {};
}

}  // namespace

Action DeclareDrift(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  app.add_option("REF", flags->reference,
                 "The reference: readings, a table of features, a run folder or its scores.csv, or a model")
      ->required();
  app.add_option("CUR", flags->current, "What is compared with it: readings, features or scores")->required();
  app.add_option("--model", flags->model, "Of two files of readings, take this model's features and compare its scores")
      ->type_name("FILE");
  app.add_option("--source", flags->source,
                 "Source mapping in YAML for bills; REF and CUR are then folders with its files")
      ->type_name("MAPPING");
  app.add_option("--by", flags->by, "Attribute whose segments are compared with one another (default: district)")
      ->type_name("ATTRIBUTE");
  app.add_option("--html", flags->html, "Draw it as a page, too")->type_name("FILE");
  return [flags](Session& session) { return Drift(*flags, session); };
}

}  // namespace meterhound::cli
