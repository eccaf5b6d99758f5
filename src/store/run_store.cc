// Rows of runs; documents beside them by name.
#include "store/run_store.h"

#include "store/compressed_text.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kColumns =
    "id, title, created, model, consumers, high, medium, detailed, simulated, trained_on, currency, tariff, districts, "
    "job";

std::string Select(std::string_view rest) {
  return "SELECT " + std::string(kColumns) + " FROM runs " + std::string(rest);
}

Result<Run> ReadRun(const Row& row) {
  METERHOUND_ASSIGN_OR_RETURN(Json districts, ParseJson(row.Text(12), "run " + row.Text(0)));
  return Run{.id = row.Text(0),
             .title = row.Text(1),
             .created = row.Int(2),
             .model = row.Text(3),
             .consumers = row.Int(4),
             .high = row.Int(5),
             .medium = row.Int(6),
             .detailed = row.Int(7),
             .simulated = row.Int(8) != 0,
             .trained_on = row.Int(9),
             .currency = row.Text(10),
             .tariff = row.Real(11),
             .districts = std::move(districts),
             .job = row.Text(13)};
}

}  // namespace

Result<std::string> RunStore::Insert(Transaction& transaction, const Run& run) {
  const std::string id = run.id.empty() ? NewId() : run.id;
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
      "INSERT INTO runs (" + std::string(kColumns) + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {id, run.title, run.created == 0 ? NowMilliseconds() : run.created, run.model, run.consumers, run.high,
       run.medium, run.detailed, run.simulated, run.trained_on, run.currency, run.tariff, run.districts.dump(),
       run.job})));
  return id;
}

Status RunStore::PutDetail(Transaction& transaction, const std::string& run, const std::string& name,
                           const Json& detail) {
  return Done(transaction.Execute(
      "INSERT INTO run_details (run, name, data) VALUES (?, ?, ?) ON CONFLICT (run, name) DO UPDATE SET "
      "data=excluded.data",
      {run, name, CompressText(detail.dump(-1, ' ', false, Json::error_handler_t::replace))}));
}

Result<Run> RunStore::Find(const std::string& id) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row, database_->QueryOne(Select("WHERE id=?"), {id}));
  if (!row) return NotFound("there is no run '" + id + "'");
  return ReadRun(*row);
}

Result<std::vector<Run>> RunStore::List(std::int64_t limit) {
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows,
                              database_->Query(Select("ORDER BY created DESC, id DESC LIMIT ?"), {limit}));
  std::vector<Run> runs;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(Run run, ReadRun(row));
    runs.push_back(std::move(run));
  }
  return runs;
}

Result<std::optional<std::string>> RunStore::Latest() {
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              database_->QueryOne("SELECT id FROM runs ORDER BY created DESC, id DESC LIMIT 1"));
  return row ? row->OptionalText(0) : std::nullopt;
}

Result<Json> RunStore::Detail(const std::string& run, const std::string& name) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              database_->QueryOne("SELECT data FROM run_details WHERE run=? AND name=?", {run, name}));
  if (!row) return Json();
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, UncompressText(row->Bytes(0)));
  return ParseJson(text, name + " of run " + run);
}

Status RunStore::Delete(const std::string& id) {
  return database_->Write([&](Transaction& transaction) -> Status {
    for (const char* sql : {"DELETE FROM case_details WHERE run=?", "DELETE FROM cases WHERE run=?",
                            "DELETE FROM run_details WHERE run=?"}) {
      METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(sql, {id})));
    }
    METERHOUND_ASSIGN_OR_RETURN(const std::int64_t runs, transaction.Execute("DELETE FROM runs WHERE id=?", {id}));
    return runs == 1 ? Status() : Status(NotFound("there is no run '" + id + "'"));
  });
}

}  // namespace meterhound::store
