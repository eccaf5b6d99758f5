// The database sums; only jobs come as rows, for each has a duration.
#include "store/statistics.h"

namespace meterhound::store {

Result<std::vector<EndedJob>> Statistics::JobsEnded(std::int64_t from, std::int64_t to) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query("SELECT queue, kind, state, started, finished FROM jobs WHERE finished>=? AND finished<?",
                       {from, to}));
  std::vector<EndedJob> jobs;
  jobs.reserve(rows.size());
  for (const Row& row : rows) {
    EndedJob job{.queue = row.Text(0), .kind = row.Text(1), .state = row.Text(2)};
    if (const auto started = row.OptionalInt(3)) job.seconds = static_cast<double>(row.Int(4) - *started) / 1000;
    jobs.push_back(std::move(job));
  }
  return jobs;
}

Result<ScoredCounts> Statistics::ConsumersScored(std::int64_t from, std::int64_t to,
                                                 const std::vector<double>& bounds) {
  std::string sql = "SELECT tier, COUNT(*), SUM(probability)";
  Values values;
  for (const double bound : bounds) {
    sql += ", SUM(CASE WHEN probability<=? THEN 1 ELSE 0 END)";
    values.emplace_back(bound);
  }
  sql += " FROM cases WHERE run IN (SELECT id FROM runs WHERE created>=? AND created<?) GROUP BY tier";
  values.emplace_back(from);
  values.emplace_back(to);
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows, database_->Query(sql, values));
  ScoredCounts counts;
  counts.by_probability.assign(bounds.size() + 1, 0);
  for (const Row& row : rows) {
    counts.by_tier[row.Text(0)] = row.Int(1);
    counts.sum += row.Real(2);
    std::int64_t below = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      counts.by_probability[i] += row.Int(3 + i) - below;
      below = row.Int(3 + i);
    }
    counts.by_probability.back() += row.Int(1) - below;
  }
  return counts;
}

Result<std::map<std::string, std::int64_t>> Statistics::FeedbackByOutcome() {
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows,
                              database_->Query("SELECT outcome, COUNT(*) FROM feedback GROUP BY outcome"));
  std::map<std::string, std::int64_t> counts;
  for (const Row& row : rows) counts[row.Text(0)] = row.Int(1);
  return counts;
}

Result<std::map<std::string, Promised>> Statistics::Calibration(const std::string& model) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query(
          "SELECT c.tier, COUNT(*), SUM(CASE WHEN f.outcome='found' THEN 1 ELSE 0 END), SUM(c.probability), "
          "SUM(c.probability*(1-c.probability)) FROM feedback f JOIN runs r ON r.id=f.run "
          "JOIN cases c ON c.run=f.run AND c.rank=f.rank WHERE r.model=? AND f.id=(SELECT MAX(g.id) FROM "
          "feedback g WHERE g.run=f.run AND g.rank=f.rank AND g.outcome<>'no_access') GROUP BY c.tier",
          {model}));
  std::map<std::string, Promised> tiers;
  for (const Row& row : rows) {
    tiers[row.Text(0)] = {.visits = row.Int(1), .found = row.Int(2), .expected = row.Real(3), .variance = row.Real(4)};
  }
  return tiers;
}

}  // namespace meterhound::store
