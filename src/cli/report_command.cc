// `meterhound report`: the list, its cases and the report page from a saved model.
#include <filesystem>
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "pipeline/case_writing.h"
#include "pipeline/inspection_list.h"
#include "report/run_report.h"

namespace meterhound::cli {
namespace {

struct Flags {
  RankingFlags ranked;
  std::string out = "out";
};

Status Report(const Flags& flags, Session& session) {
  const StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(const RankedInput ranked, flags.ranked.Rank(session));
  const pipeline::Ranking& ranking = ranked.ranking;
  METERHOUND_ASSIGN_OR_RETURN(const report::RunReport run,
                              pipeline::MakeReport(ranking, ranked.model, {}, session.config, session.context));
  const std::filesystem::path folder = flags.out;
  METERHOUND_RETURN_IF_ERROR(session.context.CheckStopped());
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::ScoredList list,
                              pipeline::ListOf(ranking, session.config, session.context));
  METERHOUND_RETURN_IF_ERROR(pipeline::WriteScoredList(folder / pipeline::kScoresFile, list));
  METERHOUND_ASSIGN_OR_RETURN(const auto writer, pipeline::MakeCaseWriter(session.config, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const report::Writers writers,
                              report::WriteRunReport(folder, run, *writer, session.context));
  session.Say(pipeline::WritersRemark(writers));
  session.Say(SeenRemark(ranking) + WithThousands(run.consumers) + " consumers ranked, " +
              WithThousands(run.cases.size()) + " cases in " + Duration(watch.Seconds()) + ": " +
              (folder / "report.html").string() + "\n");
  session.Answer({{"report", (folder / "report.html").string()},
                  {"consumers", run.consumers},
                  {"cases", run.cases.size()},
                  {"high", run.high},
                  {"medium", run.medium},
                  {"seconds", watch.Seconds()}});
  return {};
}

}  // namespace

Action DeclareReport(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->ranked.Declare(app);
  DeclareOutFolder(app, flags->out, "Run folder to write: scores.csv, cases/, report.html");
  return [flags](Session& session) { return Report(*flags, session); };
}

}  // namespace meterhound::cli
