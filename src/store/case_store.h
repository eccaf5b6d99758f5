// CaseStore: one row a scored consumer, filtered, searched, sorted and paged quickly at 100,000 rows a run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "store/database.h"

namespace meterhound::store {

struct CaseName {
  std::string run{};
  std::int64_t rank = 0;

  /// "RUN-RANK": how a case is named everywhere.
  std::string id() const { return run + "-" + std::to_string(rank); }
};

struct CaseSummary {
  std::string run{};
  std::int64_t rank = 0;  ///< from 1, unique within the run
  std::string consumer_id{};
  double probability = 0;
  double probability_low = 0;
  double probability_high = 0;
  std::string tier{};  ///< "high", "medium", "low"
  std::optional<double> anomaly_score{};
  std::string listed_for = "probability";  ///< or "sign"
  struct Energy {
    double value = 0;
    double low = 0;
    double high = 0;
    bool operator==(const Energy&) const = default;
  };
  std::optional<Energy> missing_kwh{};
  std::optional<double> missing_money{};
  std::optional<std::string> change_date{};  ///< "2014-01-31"
  std::optional<std::string> district{};
  Json attributes = Json::object();
  std::string status = "open";  ///< then "found", "not_found", "no_access"
  bool detailed = false;        ///< has a document (Detail)

  std::string id() const { return CaseName{run, rank}.id(); }
  bool operator==(const CaseSummary&) const = default;
};

/// kNotFound when `id` cannot be the name of a case.
Result<CaseName> ParseCaseId(std::string_view id);

/// What the page of a case shows besides its row.
struct CaseDetail {
  Json document{};  ///< of docs/case.schema.json, or null
  Json series{};    ///< {"kind", "unit", "cadence", "times", "values"}, or null
};

enum class CaseSort { kRank, kProbability, kMissingKwh, kAnomalyScore, kConsumerId };
/// "rank", "-probability", "-missing_kwh", "-anomaly_score", "consumer_id".
std::optional<CaseSort> ParseCaseSort(std::string_view name);

struct CaseFilter {
  std::string run{};
  std::vector<std::string> tiers{};     ///< empty: all
  std::vector<std::string> statuses{};  ///< empty: all
  std::optional<std::string> district{};
  std::string query{};  ///< part of a consumer's id, upper or lower case (ASCII)
  CaseSort sort = CaseSort::kRank;
  std::int64_t limit = 50;
  std::string cursor{};  ///< CasePage::next; only with the same sort
};
struct CasePage {
  std::vector<CaseSummary> cases{};
  std::int64_t total = 0;  ///< that the filter lets through
  std::optional<std::string> next{};
};

class CaseStore {
 public:
  explicit CaseStore(std::shared_ptr<Database> database) : database_(std::move(database)) {}

  static Status InsertAll(Transaction& transaction, const std::vector<CaseSummary>& cases);
  /// Replaces an earlier one (a report that was written anew).
  static Status PutDetail(Transaction& transaction, const CaseName& name, const CaseDetail& detail);
  static Status SetStatus(Transaction& transaction, const CaseName& name, const std::string& status);

  Result<CasePage> Page(const CaseFilter& filter);
  Result<CaseSummary> Find(const CaseName& name);                                            ///< kNotFound
  Result<CaseSummary> FindConsumer(const std::string& run, const std::string& consumer_id);  ///< kNotFound
  /// Null documents when there are none.
  Result<CaseDetail> Detail(const CaseName& name);
  /// The districts of a run with their cases, by name.
  Result<std::vector<std::string>> Districts(const std::string& run);

 private:
  std::shared_ptr<Database> database_;
};

}  // namespace meterhound::store
