// `meterhound check`: data quality of a file of readings, as text, JSON or a page.
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "cli/command.h"
#include "pipeline/source_quality.h"
#include "report/quality_page.h"

namespace meterhound::cli {
namespace {

struct Flags {
  InputFlags input;
  std::string html;
};

Status Check(const Flags& flags, Session& session) {
  METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, flags.input.ToReadOptions(session.config));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::SourceData data, pipeline::ReadSource(options, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::SourceQuality quality,
                              pipeline::CheckSource(data, options.file, session.context));
  session.Say(report::QualityText(quality.lines));
  session.Answer(quality.json);
  if (flags.html.empty()) return {};
  const std::string title = std::filesystem::path(data.panel.source).filename().string();
  METERHOUND_RETURN_IF_ERROR(WriteFile(flags.html, report::QualityPage(title, quality.lines, quality.charts)));
  session.Say("\nDrawn: " + flags.html + "\n");
  return {};
}

}  // namespace

Action DeclareCheck(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->input.Declare(app);
  app.add_option("--html", flags->html, "Draw it as a page, too")->type_name("FILE");
  return [flags](Session& session) { return Check(*flags, session); };
}

}  // namespace meterhound::cli
