// The chain: one row holds its head and is locked by whoever appends, so entries have one order in every backend.
#include "store/audit_log.h"

#include "base/hashing.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr std::string_view kSelect = "SELECT seq, at, who, action, target, detail, hash FROM audit ";
constexpr std::int64_t kVerifyAtOnce = 2000;

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

struct Head {
  std::int64_t seq = 0;
  std::string hash;
};

/// The detail as it lies in the store, so that reading and writing numbers anew cannot change it.
std::string Seal(const std::string& previous, const AuditEntry& entry, const std::string& detail) {
  const Json row = {
      {"seq", entry.seq}, {"at", entry.at}, {"who", entry.who}, {"action", entry.action}, {"target", entry.target}};
  std::string canonical = Dump(row);
  canonical.pop_back();
  return Sha256Hex(previous + canonical + ",\"detail\":" + detail + "}");
}

Result<AuditEntry> ReadEntry(const Row& row) {
  METERHOUND_ASSIGN_OR_RETURN(Json detail, ParseJson(row.Text(5), "audit entry " + std::to_string(row.Int(0))));
  return AuditEntry{row.Int(0), row.Int(1), row.Text(2), row.Text(3), row.Text(4), std::move(detail), row.Text(6)};
}

Result<std::vector<AuditEntry>> ReadEntries(const Rows& rows) {
  std::vector<AuditEntry> entries;
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(AuditEntry entry, ReadEntry(row));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<Head> TakeHead(Transaction& transaction) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              transaction.QueryOne("SELECT seq, hash FROM audit_head WHERE id=1 {FOR UPDATE}"));
  if (!row) return Corrupt("the audit log has lost its head");
  return Head{row->Int(0), row->Text(1)};
}

Status AppendAfter(Transaction& transaction, Head& head, AuditEntry& entry) {
  entry.seq = head.seq + 1;
  entry.at = entry.at == 0 ? NowMilliseconds() : entry.at;
  const std::string detail = Dump(entry.detail);
  entry.hash = Seal(head.hash, entry, detail);
  METERHOUND_RETURN_IF_ERROR(Done(
      transaction.Execute("INSERT INTO audit (seq, at, who, action, target, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                          {entry.seq, entry.at, entry.who, entry.action, entry.target, detail, entry.hash})));
  head = {entry.seq, entry.hash};
  return {};
}

Status PutHead(Transaction& transaction, const Head& head) {
  return Done(transaction.Execute("UPDATE audit_head SET seq=?, hash=? WHERE id=1", {head.seq, head.hash}));
}

Result<AuditVerdict> Check(Transaction& transaction) {
  AuditVerdict verdict;
  const auto broken = [&](std::int64_t seq, const char* reason) {
    verdict.intact = false;
    verdict.first_broken = seq;
    verdict.reason = reason;
    return verdict;
  };
  METERHOUND_ASSIGN_OR_RETURN(const auto head_row, transaction.QueryOne("SELECT seq, hash FROM audit_head WHERE id=1"));
  if (!head_row) return broken(0, "the head of the chain is missing");
  Head head;
  for (bool more = true; more;) {
    METERHOUND_ASSIGN_OR_RETURN(
        const Rows rows,
        transaction.Query(std::string(kSelect) + "WHERE seq>? ORDER BY seq LIMIT ?", {head.seq, kVerifyAtOnce}));
    for (const Row& row : rows) {
      AuditEntry entry{row.Int(0), row.Int(1), row.Text(2), row.Text(3), row.Text(4), {}, row.Text(6)};
      if (entry.seq != head.seq + 1) return broken(head.seq + 1, "an entry is missing");
      if (Seal(head.hash, entry, row.Text(5)) != entry.hash) return broken(entry.seq, "an entry was changed");
      head = {entry.seq, entry.hash};
      ++verdict.entries;
    }
    more = !rows.empty();
  }
  if (head.seq != head_row->Int(0) || head.hash != head_row->Text(1)) {
    return broken(head.seq + 1, "entries are missing at the end");
  }
  return verdict;
}

}  // namespace

Status AuditLog::TakeTurn(Transaction& transaction) {
  const Result<Head> head = TakeHead(transaction);
  return head ? Status() : Status(head.error());
}

Result<AuditEntry> AuditLog::Append(Transaction& transaction, const AuditEntry& entry) {
  METERHOUND_ASSIGN_OR_RETURN(Head head, TakeHead(transaction));
  AuditEntry written = entry;
  METERHOUND_RETURN_IF_ERROR(AppendAfter(transaction, head, written));
  METERHOUND_RETURN_IF_ERROR(PutHead(transaction, head));
  return written;
}

Status AuditLog::AppendAll(Transaction& transaction, const std::vector<AuditEntry>& entries) {
  METERHOUND_ASSIGN_OR_RETURN(Head head, TakeHead(transaction));
  for (AuditEntry entry : entries) METERHOUND_RETURN_IF_ERROR(AppendAfter(transaction, head, entry));
  return PutHead(transaction, head);
}

Result<AuditPage> AuditLog::Page(std::int64_t limit, const std::string& cursor) {
  Values values;
  std::string condition;
  if (!cursor.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(const std::string text, DecodeCursor(cursor));
    const Json before = Json::parse(text, nullptr, false);
    if (!before.is_number_integer()) return InvalidInput("was not made by this list", "cursor");
    condition = "WHERE seq<? ";
    values.emplace_back(before.get<std::int64_t>());
  }
  values.emplace_back(limit + 1);
  METERHOUND_ASSIGN_OR_RETURN(const Rows rows,
                              database_->Query(std::string(kSelect) + condition + "ORDER BY seq DESC LIMIT ?", values));
  AuditPage page;
  METERHOUND_ASSIGN_OR_RETURN(page.entries, ReadEntries(rows));
  if (static_cast<std::int64_t>(page.entries.size()) > limit) {
    page.entries.pop_back();
    page.next = EncodeCursor(std::to_string(page.entries.back().seq));
  }
  return page;
}

Result<std::vector<AuditEntry>> AuditLog::Of(const std::string& target, std::int64_t limit) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows, database_->Query(std::string(kSelect) + "WHERE target=? ORDER BY seq LIMIT ?", {target, limit}));
  return ReadEntries(rows);
}

Result<AuditVerdict> AuditLog::Verify() { return database_->ReadFor<AuditVerdict>(Check); }

}  // namespace meterhound::store
