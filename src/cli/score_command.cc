// `meterhound score`: consumers ranked by a saved model.
#include <filesystem>
#include <memory>

#include "base/numbers.h"
#include "base/stop_watch.h"
#include "cli/command.h"
#include "cli/format.h"
#include "pipeline/inspection_list.h"

namespace meterhound::cli {
namespace {

constexpr std::size_t kShown = 10;

struct Flags {
  RankingFlags ranked;
  std::string out = "out";
};

Status Score(const Flags& flags, Session& session) {
  const StopWatch watch;
  METERHOUND_ASSIGN_OR_RETURN(const RankedInput ranked, flags.ranked.Rank(session));
  const pipeline::Ranking& ranking = ranked.ranking;
  const std::filesystem::path file = std::filesystem::path(flags.out) / pipeline::kScoresFile;
  METERHOUND_RETURN_IF_ERROR(session.context.CheckStopped());
  METERHOUND_ASSIGN_OR_RETURN(const pipeline::ScoredList list,
                              pipeline::ListOf(ranking, session.config, session.context));
  METERHOUND_RETURN_IF_ERROR(pipeline::WriteScoredList(file, list));
  session.Say(SeenRemark(ranking));
  Json first = Json::array();
  for (std::size_t i = 0; i < std::min(kShown, ranking.order.size()); ++i) {
    const std::size_t row = ranking.order[i];
    const detectors::RowScore& score = ranking.scores[row];
    session.Say(Decimal(100 * score.probability, 1) + " %  " + detectors::TierName(score.tier) + "  " +
                ranking.panel.ids[row] + (score.listed_for_sign ? "  (for a rare sign)\n" : "\n"));
    first.push_back({{"consumer_id", ranking.panel.ids[row]},
                     {"probability", score.probability},
                     {"tier", detectors::TierName(score.tier)},
                     {"anomaly_score", score.anomaly_score},
                     {"listed_for", score.listed_for_sign ? "sign" : "probability"}});
  }
  session.Say(WithThousands(ranking.panel.rows()) + " consumers scored in " + Duration(watch.Seconds()) + ": " +
              file.string() + "\n");
  session.Answer({{"scores", file.string()},
                  {"consumers", ranking.panel.rows()},
                  {"trained_on", ranking.seen},
                  {"first", first},
                  {"seconds", watch.Seconds()}});
  return {};
}

}  // namespace

Action DeclareScore(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->ranked.Declare(app);
  DeclareOutFolder(app, flags->out, "Folder for scores.csv");
  return [flags](Session& session) { return Score(*flags, session); };
}

}  // namespace meterhound::cli
