// `meterhound explain`: why consumers got their score, in words or JSON.
#include <algorithm>
#include <memory>

#include "base/nearest_name.h"
#include "cli/command.h"
#include "pipeline/case_writing.h"
#include "pipeline/inspection_list.h"
#include "report/case_report.h"

namespace meterhound::cli {
namespace {

struct Flags {
  RankingFlags ranked;
  std::vector<std::string> ids;
  std::size_t top = 0;
};

Result<std::vector<std::size_t>> ChosenRows(const Flags& flags, const pipeline::Ranking& ranking) {
  std::vector<std::size_t> rows;
  for (const std::string& id : flags.ids) {
    const auto found = std::find(ranking.panel.ids.begin(), ranking.panel.ids.end(), id);
    if (found == ranking.panel.ids.end()) {
      return NotFound("no consumer '" + id + "' in " + ranking.panel.source + Suggestion(id, ranking.panel.ids),
                      "--id");
    }
    rows.push_back(static_cast<std::size_t>(found - ranking.panel.ids.begin()));
  }
  const std::size_t top = flags.ids.empty() && flags.top == 0 ? 1 : flags.top;
  for (std::size_t i = 0; i < std::min(top, ranking.order.size()); ++i) rows.push_back(ranking.order[i]);
  return rows;
}

Status Explain(const Flags& flags, Session& session) {
  METERHOUND_ASSIGN_OR_RETURN(const RankedInput ranked, flags.ranked.Rank(session));
  const pipeline::Ranking& ranking = ranked.ranking;
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<std::size_t> rows, ChosenRows(flags, ranking));
  METERHOUND_ASSIGN_OR_RETURN(const report::RunReport run,
                              pipeline::MakeReport(ranking, ranked.model, rows, session.config, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const auto writer, pipeline::MakeCaseWriter(session.config, session.context));
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<report::CaseReport> reports, writer->WriteAll(run.cases, run));
  Json cases = Json::array();
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    session.Say((i == 0 ? "" : "\n\n") + report::CaseText(run.cases[i], reports[i], run));
    cases.push_back(report::CaseJson(run.cases[i], reports[i], run));
  }
  session.Say("\n" + SeenRemark(ranking));
  session.Answer({{"cases", cases}});
  return {};
}

}  // namespace

Action DeclareExplain(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->ranked.Declare(app);
  app.add_option("--id", flags->ids, "A consumer; may be repeated")->type_name("ID")->allow_extra_args(false);
  app.add_option("--top", flags->top, "The first N of the ranking (default: 1, unless --id is given)")->type_name("N");
  return [flags](Session& session) { return Explain(*flags, session); };
}

}  // namespace meterhound::cli
