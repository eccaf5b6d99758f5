// Each sort of the list has a column that grows along it, so that a page is one range of one index.
#include "store/case_store.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "store/compressed_text.h"
#include "store/identifiers.h"

namespace meterhound::store {
namespace {

constexpr double kLast = 1e308;  // where an unknown value sorts

constexpr std::string_view kColumns =
    "run, rank, consumer_id, probability, probability_low, probability_high, tier, anomaly_score, listed_for, "
    "missing_kwh, missing_low, missing_high, missing_money, change_date, district, attributes, status, detailed";

struct SortRow {
  CaseSort sort;
  std::string_view name;
  std::string_view column;
};
constexpr std::array<SortRow, 5> kSorts = {{
    {CaseSort::kRank, "rank", "rank"},
    {CaseSort::kProbability, "-probability", "by_probability"},
    {CaseSort::kMissingKwh, "-missing_kwh", "by_missing"},
    {CaseSort::kAnomalyScore, "-anomaly_score", "by_anomaly"},
    {CaseSort::kConsumerId, "consumer_id", "consumer_id"},
}};
const SortRow& RowOf(CaseSort sort) { return kSorts.at(static_cast<std::size_t>(sort)); }

std::string LowerAscii(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::string Select(const std::string& rest, std::string_view more = {}) {
  return "SELECT " + std::string(kColumns) + std::string(more) + " FROM cases " + rest;
}

Result<CaseSummary> ReadCase(const Row& row) {
  CaseSummary one;
  one.run = row.Text(0);
  one.rank = row.Int(1);
  one.consumer_id = row.Text(2);
  one.probability = row.Real(3);
  one.probability_low = row.Real(4);
  one.probability_high = row.Real(5);
  one.tier = row.Text(6);
  one.anomaly_score = row.OptionalReal(7);
  one.listed_for = row.Text(8);
  if (!row.IsNull(9)) one.missing_kwh = CaseSummary::Energy{row.Real(9), row.Real(10), row.Real(11)};
  one.missing_money = row.OptionalReal(12);
  one.change_date = row.OptionalText(13);
  one.district = row.OptionalText(14);
  METERHOUND_ASSIGN_OR_RETURN(one.attributes, ParseJson(row.Text(15), "case " + one.id()));
  one.status = row.Text(16);
  one.detailed = row.Int(17) != 0;
  return one;
}

Values ToValues(const CaseSummary& one) {
  Value missing;
  Value low;
  Value high;
  if (one.missing_kwh) {
    missing = one.missing_kwh->value;
    low = one.missing_kwh->low;
    high = one.missing_kwh->high;
  }
  return {one.run,
          one.rank,
          one.consumer_id,
          one.probability,
          one.probability_low,
          one.probability_high,
          one.tier,
          one.anomaly_score,
          one.listed_for,
          missing,
          low,
          high,
          one.missing_money,
          one.change_date,
          one.district,
          one.attributes.dump(-1, ' ', false, Json::error_handler_t::replace),
          one.status,
          one.detailed,
          LowerAscii(one.consumer_id),
          -one.probability,
          one.missing_kwh ? -one.missing_kwh->value : kLast,
          one.anomaly_score ? -*one.anomaly_score : kLast};
}

std::vector<std::string> InsertColumns() {
  std::vector<std::string> names;
  const std::string all = std::string(kColumns) + ", search, by_probability, by_missing, by_anomaly";
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find(", ", begin), all.size());
    names.push_back(all.substr(begin, end - begin));
    begin = end + 2;
  }
  return names;
}

/// A condition and its values, grown piece by piece.
struct Condition {
  std::string sql;
  Values values;

  void Add(const std::string& piece, Value value) {
    sql += piece;
    values.push_back(std::move(value));
  }
  /// One of a few known names; no names: no condition.
  Status AddChoice(const std::string& column, const std::vector<std::string>& chosen,
                   const std::vector<std::string>& known) {
    std::string marks;
    for (const std::string& name : known) {
      if (std::find(chosen.begin(), chosen.end(), name) == chosen.end()) continue;
      marks += marks.empty() ? "?" : ", ?";
      values.emplace_back(name);
    }
    for (const std::string& name : chosen) {
      if (std::find(known.begin(), known.end(), name) != known.end()) continue;
      std::string names;
      for (const std::string& each : known) names += (names.empty() ? "" : ", ") + each;
      return InvalidInput("found '" + name + "', expected some of " + names, column);
    }
    if (!marks.empty()) sql += " AND " + column + " IN (" + marks + ")";
    return {};
  }
};

Result<Condition> ToCondition(const CaseFilter& filter) {
  Condition condition;
  condition.Add("WHERE run=?", filter.run);
  METERHOUND_RETURN_IF_ERROR(condition.AddChoice("tier", filter.tiers, {"high", "medium", "low"}));
  METERHOUND_RETURN_IF_ERROR(
      condition.AddChoice("status", filter.statuses, {"open", "found", "not_found", "no_access"}));
  if (filter.district) condition.Add(" AND district=?", *filter.district);
  if (!filter.query.empty()) condition.Add(" AND {FIND}(search, ?)>0", LowerAscii(filter.query));
  return condition;
}

/// After the last row of the page before: [sort, value, rank].
Status AddCursor(Condition& condition, const CaseFilter& filter) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, DecodeCursor(filter.cursor));
  const auto cursor = Json::parse(text, nullptr, false);
  const SortRow& sort = RowOf(filter.sort);
  const bool by_text = filter.sort == CaseSort::kConsumerId;
  if (!cursor.is_array() || cursor.size() != 3 || !cursor[0].is_string() || cursor[0] != sort.name ||
      !cursor[2].is_number_integer() || !(by_text ? cursor[1].is_string() : cursor[1].is_number())) {
    return InvalidInput("was not made by this list in this order; expected the 'next' of an earlier page", "cursor");
  }
  if (filter.sort == CaseSort::kRank) {
    condition.Add(" AND rank>?", cursor[2].get<std::int64_t>());
    return {};
  }
  const std::string pair = " AND (" + std::string(sort.column) + ", rank)>(?";
  if (by_text) {
    condition.Add(pair, cursor[1].get<std::string>());
  } else {
    condition.Add(pair, cursor[1].get<double>());
  }
  condition.Add(", ?)", cursor[2].get<std::int64_t>());
  return {};
}

Result<CasePage> ReadPage(Transaction& transaction, const CaseFilter& filter) {
  METERHOUND_ASSIGN_OR_RETURN(Condition condition, ToCondition(filter));
  CasePage page;
  METERHOUND_ASSIGN_OR_RETURN(const auto total,
                              transaction.QueryOne("SELECT COUNT(*) FROM cases " + condition.sql, condition.values));
  page.total = total ? total->Int(0) : 0;
  if (!filter.cursor.empty()) METERHOUND_RETURN_IF_ERROR(AddCursor(condition, filter));
  const SortRow& sort = RowOf(filter.sort);
  const std::string column(sort.column);
  condition.Add(" ORDER BY " + (filter.sort == CaseSort::kRank ? column : column + ", rank") + " LIMIT ?",
                filter.limit + 1);
  METERHOUND_ASSIGN_OR_RETURN(Rows rows, transaction.Query(Select(condition.sql, ", " + column), condition.values));
  const bool more = static_cast<std::int64_t>(rows.size()) > filter.limit;
  if (more) rows.pop_back();
  for (const Row& row : rows) {
    METERHOUND_ASSIGN_OR_RETURN(CaseSummary one, ReadCase(row));
    page.cases.push_back(std::move(one));
  }
  if (more) {
    const Row& last = rows.back();
    const std::size_t key = last.size() - 1;
    const Json value = filter.sort == CaseSort::kConsumerId ? Json(last.Text(key)) : Json(last.Real(key));
    page.next = EncodeCursor(Json::array({sort.name, value, last.Int(1)}).dump());
  }
  return page;
}

Error NoSuchCase(std::string_view id) { return NotFound("there is no case '" + std::string(id) + "'"); }

Result<Json> ReadDocument(const std::string& blob, const std::string& what) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, UncompressText(blob));
  return ParseJson(text, what);
}

}  // namespace

Result<CaseName> ParseCaseId(std::string_view id) {
  const std::size_t dash = id.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return NoSuchCase(id);
  CaseName name{std::string(id.substr(0, dash)), 0};
  const char* const end = id.data() + id.size();
  const auto [last, error] = std::from_chars(id.data() + dash + 1, end, name.rank);
  if (error != std::errc() || last != end || name.rank < 1) return NoSuchCase(id);
  return name;
}

std::optional<CaseSort> ParseCaseSort(std::string_view name) {
  for (const SortRow& row : kSorts) {
    if (row.name == name) return row.sort;
  }
  return std::nullopt;
}

Status CaseStore::InsertAll(Transaction& transaction, const std::vector<CaseSummary>& cases) {
  constexpr std::size_t kAtOnce = 4096;  // so that 100,000 cases are not in memory twice
  static const std::vector<std::string> columns = InsertColumns();
  std::vector<Values> rows;
  for (std::size_t begin = 0; begin < cases.size(); begin += kAtOnce) {
    rows.clear();
    for (std::size_t i = begin; i < std::min(begin + kAtOnce, cases.size()); ++i) rows.push_back(ToValues(cases[i]));
    METERHOUND_RETURN_IF_ERROR(transaction.InsertMany("cases", columns, rows));
  }
  return {};
}

Status CaseStore::PutDetail(Transaction& transaction, const CaseName& name, const CaseDetail& detail) {
  const auto blob = [](const Json& json) {
    return CompressText(json.dump(-1, ' ', false, Json::error_handler_t::replace));
  };
  METERHOUND_RETURN_IF_ERROR(Done(transaction.Execute(
      "INSERT INTO case_details (run, rank, document, series) VALUES (?, ?, ?, ?) ON CONFLICT (run, rank) DO UPDATE "
      "SET document=excluded.document, series=excluded.series",
      {name.run, name.rank, blob(detail.document), blob(detail.series)})));
  return Done(transaction.Execute("UPDATE cases SET detailed=1 WHERE run=? AND rank=?", {name.run, name.rank}));
}

Status CaseStore::SetStatus(Transaction& transaction, const CaseName& name, const std::string& status) {
  METERHOUND_ASSIGN_OR_RETURN(
      const std::int64_t changed,
      transaction.Execute("UPDATE cases SET status=? WHERE run=? AND rank=?", {status, name.run, name.rank}));
  return changed == 1 ? Status() : Status(NoSuchCase(name.run + "-" + std::to_string(name.rank)));
}

Result<CasePage> CaseStore::Page(const CaseFilter& filter) {
  return database_->ReadFor<CasePage>([&](Transaction& transaction) { return ReadPage(transaction, filter); });
}

Result<CaseSummary> CaseStore::Find(const CaseName& name) {
  METERHOUND_ASSIGN_OR_RETURN(const auto row,
                              database_->QueryOne(Select("WHERE run=? AND rank=?"), {name.run, name.rank}));
  if (!row) return NoSuchCase(name.run + "-" + std::to_string(name.rank));
  return ReadCase(*row);
}

Result<CaseSummary> CaseStore::FindConsumer(const std::string& run, const std::string& consumer_id) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row,
      database_->QueryOne(Select("WHERE run=? AND consumer_id=? ORDER BY rank LIMIT 1"), {run, consumer_id}));
  if (!row) return NotFound("run " + run + " has no consumer '" + consumer_id + "'");
  return ReadCase(*row);
}

Result<CaseDetail> CaseStore::Detail(const CaseName& name) {
  METERHOUND_ASSIGN_OR_RETURN(
      const auto row,
      database_->QueryOne("SELECT document, series FROM case_details WHERE run=? AND rank=?", {name.run, name.rank}));
  CaseDetail detail;
  if (!row) return detail;
  const std::string what = "case " + name.run + "-" + std::to_string(name.rank);
  METERHOUND_ASSIGN_OR_RETURN(detail.document, ReadDocument(row->Bytes(0), what));
  METERHOUND_ASSIGN_OR_RETURN(detail.series, ReadDocument(row->Bytes(1), what));
  return detail;
}

Result<std::vector<std::string>> CaseStore::Districts(const std::string& run) {
  METERHOUND_ASSIGN_OR_RETURN(
      const Rows rows,
      database_->Query("SELECT DISTINCT district FROM cases WHERE run=? AND district IS NOT NULL ORDER BY district",
                       {run}));
  std::vector<std::string> districts;
  for (const Row& row : rows) districts.push_back(row.Text(0));
  return districts;
}

}  // namespace meterhound::store
