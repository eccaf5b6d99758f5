// `meterhound plan`: whom to visit under a budget, and what that is expected to bring.
#include <filesystem>
#include <memory>

#include "base/file.h"
#include "base/numbers.h"
#include "cli/command.h"
#include "pipeline/inspection_list.h"
#include "pipeline/planning.h"

namespace meterhound::cli {
namespace {

struct Flags {
  RankingFlags ranked;
  std::string scores;
  std::string travel_costs;
  std::string out = "plan";
  FeedbackFlags feedback;
  std::optional<double> visit_cost;
  std::optional<double> tariff;
  std::optional<double> random_share;
  std::string travel_by;
  pipeline::PlanOptions options;
};

// What a plan is made from.
struct Source {
  std::string title;
  pipeline::ScoredList list;
  std::optional<detectors::Evaluation> evaluation;
  std::size_t seen = 0;
};

// A list on disk, with the evaluation that lies beside it.
Result<Source> FromList(const std::string& scores) {
  Source source{.title = scores, .list = {}, .evaluation = {}};
  METERHOUND_ASSIGN_OR_RETURN(source.list, pipeline::ReadScoredList(scores));
  const std::filesystem::path path = scores;
  const auto folder = std::filesystem::is_directory(path) ? path : path.parent_path();
  METERHOUND_ASSIGN_OR_RETURN(source.evaluation, pipeline::ReadEvaluation(folder));
  return source;
}

Result<Source> FromReadings(const Flags& flags, Session& session) {
  METERHOUND_ASSIGN_OR_RETURN(const RankedInput ranked, flags.ranked.Rank(session));
  const pipeline::Ranking& ranking = ranked.ranking;
  session.Say(SeenRemark(ranking));
  Source source{.title = ranking.panel.source, .list = {}, .evaluation = ranked.model.evaluation, .seen = ranking.seen};
  METERHOUND_ASSIGN_OR_RETURN(source.list, pipeline::ListOf(ranking, session.config, session.context));
  return source;
}

Status Plan(const Flags& flags, Session& session) {
  pipeline::PlanOptions options = flags.options;
  pipeline::Config& config = session.config;
  for (const auto& [flag, key] :
       {std::pair{flags.visit_cost, "plan.visit_cost"}, std::pair{flags.tariff, "explain.tariff"},
        std::pair{flags.random_share, "plan.random_share"}}) {
    if (flag) METERHOUND_RETURN_IF_ERROR(pipeline::SetConfigValue(config, key, FormatDouble(*flag), "plan"));
  }
  if (flags.travel_by.empty() != (!options.travel_cost && flags.travel_costs.empty())) {
    return InvalidInput(flags.travel_by.empty() ? "found costs of travel, expected --travel-by NAME, the column with "
                                                  "the district, beside them"
                                                : "found no costs, expected --travel-cost or --travel-costs beside it",
                        flags.travel_by.empty() ? "--travel-cost" : "--travel-by");
  }
  options.terms.visit_cost = config.visit_cost;
  options.terms.tariff = config.tariff;
  options.terms.currency = config.currency;
  options.terms.travel_by = flags.travel_by;
  options.terms.random_share = config.random_share;
  options.terms.seed = static_cast<std::uint64_t>(config.seed);
  options.skip_unknown = flags.feedback.skip_unknown;
  if (!flags.travel_costs.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(options.travel_costs, pipeline::ReadTravelCosts(flags.travel_costs));
  }
  pipeline::Feedback feedback;
  if (!flags.feedback.file.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(feedback, pipeline::ReadFeedback(flags.feedback.file, config));
  }
  METERHOUND_ASSIGN_OR_RETURN(const Source source,
                              flags.scores.empty() ? FromReadings(flags, session) : FromList(flags.scores));
  METERHOUND_ASSIGN_OR_RETURN(report::VisitPlan plan,
                              pipeline::MakePlan(source.list, feedback, options, source.evaluation));
  plan.title = source.title;
  plan.seen = source.seen;
  METERHOUND_RETURN_IF_ERROR(session.context.CheckStopped());
  METERHOUND_RETURN_IF_ERROR(pipeline::WritePlan(flags.out, plan));
  session.Say(report::PlanText(plan) + "\n" + (std::filesystem::path(flags.out) / "plan.csv").string() + "\n");
  session.Answer(report::PlanJson(plan));
  return {};
}

}  // namespace

Action DeclarePlan(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->ranked.Declare(app);
  app.add_option("--scores", flags->scores, "Plan from this scores.csv, or the run folder that holds it")
      ->type_name("LIST")
      ->excludes("FILE")
      ->excludes("--source");
  app.add_option("--visits", flags->options.terms.visits, "Plan as many visits")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app.add_option("--budget", flags->options.terms.budget, "Plan visits that cost no more, travel included")
      ->type_name("MONEY")
      ->check(CLI::PositiveNumber)
      ->excludes("--visits");
  app.add_option("--visit-cost", flags->visit_cost, "Money a visit, without travel")->type_name("MONEY");
  app.add_option("--tariff", flags->tariff, "Money a kWh")->type_name("MONEY");
  app.add_option("--travel-by", flags->travel_by,
                 "Column of the list with the district; its first visit pays the travel")
      ->type_name("NAME");
  app.add_option("--travel-cost", flags->options.travel_cost, "Travel to a district that --travel-costs does not name")
      ->type_name("MONEY")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--travel-costs", flags->travel_costs, "CSV with the columns district and cost")->type_name("FILE");
  app.add_option("--random-share", flags->random_share, "Share of the visits drawn at random, to learn from")
      ->type_name("SHARE");
  app.add_option("--typical-kwh", flags->options.typical_kwh,
                 "Energy that a theft withholds where no drop is dated; estimated when left out")
      ->type_name("KWH")
      ->check(CLI::PositiveNumber);
  flags->feedback.Declare(app, "Leave out whom these visits have reached (see train)");
  DeclareOutFolder(app, flags->out, "Folder for plan.csv, plan.json and plan.txt");
  return [flags](Session& session) { return Plan(*flags, session); };
}

}  // namespace meterhound::cli
