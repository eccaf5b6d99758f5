// Drift reports, compressed, by time.
#include "store/drift_store.h"

#include "store/compressed_text.h"
#include "store/identifiers.h"

namespace meterhound::store {

Result<std::string> DriftStore::Insert(Transaction& transaction, const std::string& model, const Json& report) {
  const std::string id = NewId();
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
      "INSERT INTO drift_reports (id, at, model, report) VALUES (?, ?, ?, ?)",
      {id, NowMilliseconds(), model, CompressText(report.dump(-1, ' ', false, Json::error_handler_t::replace))})));
  return id;
}

Result<std::vector<DriftRecord>> DriftStore::List(std::int64_t limit) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query("SELECT id, at, model, report FROM drift_reports ORDER BY id DESC LIMIT ?", {limit}));
  std::vector<DriftRecord> records;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string text, UncompressText(row.Bytes(3)));
    METERHOUND_ASSIGN_OR_RETURN(Json report, ParseJson(text, "drift report " + row.Text(0)));
    records.push_back({row.Text(0), row.Int(1), row.Text(2), std::move(report)});
  }
  return records;
}

Result<std::optional<DriftRecord>> DriftStore::Latest() {
  METERHOUND_ASSIGN_OR_RETURN(auto records, List(1));
  if (records.empty()) return std::optional<DriftRecord>();
  return std::optional<DriftRecord>(std::move(records.front()));
}

}  // namespace meterhound::store
