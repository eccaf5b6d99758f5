// Feedback and the status of its case change together.
#include "store/feedback_store.h"

#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kColumns =
    "id, run, rank, consumer_id, outcome, visited_on, recovered_kwh, note, selection_probability, at, who";

std::string Select(std::string_view rest) {
  return "SELECT " + std::string(kColumns) + " FROM feedback " + std::string(rest);
}

std::vector<Feedback> ReadAll(const Rows& rows) {
  std::vector<Feedback> all;
  for (const Row& row : rows) {
    all.push_back({.id = row.Text(0),
                   .of = {row.Text(1), row.Int(2)},
                   .consumer_id = row.Text(3),
                   .outcome = row.Text(4),
                   .visited_on = row.Text(5),
                   .recovered_kwh = row.OptionalReal(6),
                   .note = row.Text(7),
                   .selection_probability = row.OptionalReal(8),
                   .at = row.Int(9),
                   .who = row.Text(10)});
  }
  return all;
}

}  // namespace

Result<Feedback> FeedbackStore::Add(Transaction& transaction, const Feedback& feedback) {
  if (feedback.outcome != "found" && feedback.outcome != "not_found" && feedback.outcome != "no_access") {
    return InvalidInput("found '" + feedback.outcome + "', expected found, not_found or no_access", "outcome");
  }
  METERHOUND_RETURN_IF_ERROR(CaseStore::SetStatus(transaction, feedback.of, feedback.outcome));
  METERHOUND_ASSIGN_OR_RETURN(const auto consumer,
                              transaction.QueryOne("SELECT consumer_id FROM cases WHERE run=? AND rank=?",
                                                   {feedback.of.run, feedback.of.rank}));
  Feedback written = feedback;
  if (written.id.empty()) written.id = NewId();
  if (written.at == 0) written.at = NowMilliseconds();
  written.consumer_id = consumer ? consumer->Text(0) : "";
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
      "INSERT INTO feedback (" + std::string(kColumns) + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {written.id, written.of.run, written.of.rank, written.consumer_id, written.outcome, written.visited_on,
       written.recovered_kwh, written.note, written.selection_probability, written.at, written.who})));
  return written;
}

Result<std::vector<Feedback>> FeedbackStore::OfCase(const CaseName& name) {
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows,
                              database_->Query(Select("WHERE run=? AND rank=? ORDER BY id"), {name.run, name.rank}));
  return ReadAll(rows);
}

Result<std::vector<Feedback>> FeedbackStore::List(const std::string& run, const std::string& after,
                                                  std::int64_t limit) {
  const bool all = run.empty();
  Values values;
  if (!all) values.emplace_back(run);
  values.emplace_back(after);
  values.emplace_back(limit);
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query(Select(all ? "WHERE id>? ORDER BY id LIMIT ?" : "WHERE run=? AND id>? ORDER BY id LIMIT ?"),
                       values));
  return ReadAll(rows);
}

}  // namespace meterhound::store
