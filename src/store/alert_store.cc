// Alerts: the row is locked, judged and written in the transaction of whoever found out.
#include "store/alert_store.h"

#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kColumns =
    "alert_key, severity, title, text, detail, link, firing, since, updated, resolved, last_told, told_severity, times";

struct StoredAlert {
  AlertRecord record;
  std::optional<Severity> told;  // how severe it was when people were last told
};

Result<StoredAlert> ReadRow(const Row& row) {
  StoredAlert stored;
  AlertRecord& record = stored.record;
  record.alert.key = row.Text(0);
  const auto severity = ParseSeverity(row.Text(1));
  if (!severity) return Corrupt("found severity '" + row.Text(1) + "', expected a known one", "alert " + row.Text(0));
  record.alert.severity = *severity;
  record.alert.title = row.Text(2);
  record.alert.text = row.Text(3);
  METERHOUND_ASSIGN_OR_RETURN(record.alert.detail, ParseJson(row.Text(4), "alert " + row.Text(0)));
  record.alert.link = row.Text(5);
  record.firing = row.Int(6) != 0;
  record.since = row.Int(7);
  record.updated = row.Int(8);
  record.resolved = row.OptionalInt(9);
  record.last_told = row.OptionalInt(10);
  if (const auto told = row.OptionalText(11)) stored.told = ParseSeverity(*told);
  record.times = row.Int(12);
  return stored;
}

std::string Select(std::string_view rest) {
  return "SELECT " + std::string(kColumns) + " FROM alerts " + std::string(rest);
}

// The row, nobody else's until the transaction ends.
Result<std::optional<StoredAlert>> Lock(Transaction& transaction, const std::string& key) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row, transaction.QueryOne(Select("WHERE alert_key=? {FOR UPDATE}"), {key}));
  if (!row) return std::optional<StoredAlert>();
  METERHOUND_ASSIGN_OR_RETURN(StoredAlert stored, ReadRow(*row));
  return std::optional<StoredAlert>(std::move(stored));
}

Status Save(Transaction& transaction, const StoredAlert& stored) {
  const AlertRecord& record = stored.record;
  const Alert& alert = record.alert;
  std::optional<std::string_view> told;
  if (stored.told) told = SeverityName(*stored.told);
  return Done(transaction.Execute(
      "UPDATE alerts SET severity=?, title=?, text=?, detail=?, link=?, firing=?, since=?, updated=?, resolved=?, "
      "last_told=?, told_severity=?, times=? WHERE alert_key=?",
      {SeverityName(alert.severity), alert.title, alert.text,
       alert.detail.dump(-1, ' ', false, Json::error_handler_t::replace), alert.link, record.firing ? 1 : 0,
       record.since, record.updated, record.resolved, record.last_told, told, record.times, alert.key}));
}

}  // namespace

Result<AlertChange> AlertStore::Raise(Transaction& transaction, const Alert& alert, std::int64_t cool_down) {
  // Whoever is first makes the row, at rest; then one at a time has it.
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
      "INSERT INTO alerts (" + std::string(kColumns) +
          ") VALUES (?, 'info', '', '', '{}', '', 0, 0, 0, NULL, NULL, NULL, 0) ON CONFLICT (alert_key) DO NOTHING",
      {alert.key})));
  METERHOUND_ASSIGN_OR_RETURN(auto stored, Lock(transaction, alert.key));
  if (!stored) return Error{ErrorCode::kInternal, "a row that was just made is not there", "alert " + alert.key};
  AlertRecord& record = stored->record;
  const std::int64_t now = NowMilliseconds();
  if (!record.firing) {
    stored->told.reset();
    record = {.alert = {}, .firing = true, .since = now, .updated = now, .resolved = {}, .last_told = {}, .times = 0};
  }
  record.alert = alert;
  record.updated = now;
  ++record.times;
  METERHOUND_RETURN_IF_ERROR(Save(transaction, *stored));
  const bool tell =
      !record.last_told || !stored->told || alert.severity > *stored->told || now - *record.last_told >= cool_down;
  return AlertChange{.record = record, .tell = tell};
}

Result<std::optional<AlertChange>> AlertStore::Resolve(Transaction& transaction, const std::string& key,
                                                       const std::string& text) {
  METERHOUND_ASSIGN_OR_RETURN(auto stored, Lock(transaction, key));
  if (!stored || !stored->record.firing) return std::optional<AlertChange>();
  AlertRecord& record = stored->record;
  record.firing = false;
  record.updated = NowMilliseconds();
  record.resolved = record.updated;
  record.alert.text = text;
  METERHOUND_RETURN_IF_ERROR(Save(transaction, *stored));
  return std::optional<AlertChange>({.record = record, .tell = record.last_told.has_value()});
}

Status AlertStore::MarkTold(Transaction& transaction, const std::string& key) {
  return Done(transaction.Execute("UPDATE alerts SET last_told=?, told_severity=severity WHERE alert_key=?",
                                  {NowMilliseconds(), key}));
}

Result<std::vector<AlertRecord>> AlertStore::List() {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query(Select("ORDER BY firing DESC, CASE severity WHEN 'critical' THEN 0 WHEN 'warning' THEN 1 ELSE 2 "
                              "END, updated DESC, alert_key")));
  std::vector<AlertRecord> records;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(StoredAlert stored, ReadRow(row));
    records.push_back(std::move(stored.record));
  }
  return records;
}

Result<std::optional<AlertRecord>> AlertStore::Find(const std::string& key) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row, database_->QueryOne(Select("WHERE alert_key=?"), {key}));
  if (!row) return std::optional<AlertRecord>();
  METERHOUND_ASSIGN_OR_RETURN(StoredAlert stored, ReadRow(*row));
  return std::optional<AlertRecord>(std::move(stored.record));
}

}  // namespace meterhound::store
