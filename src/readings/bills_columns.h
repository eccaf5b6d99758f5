// BillsColumns: the bills' file as columns of numbers, before they are sorted and turned into series.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/run_context.h"
#include "readings/csv.h"
#include "readings/dates.h"
#include "readings/source_mapping.h"

namespace meterhound::readings {

/// Ids to rows of the panel.
class ConsumerIndex {
 public:
  static constexpr std::uint32_t kNone = 0xffffffffu;
  /// The row of an id, or kNone.
  std::uint32_t Find(std::string_view id) const;
  /// Appends an id that is not in the index yet.
  std::uint32_t Add(std::string_view id);
  const std::vector<std::string>& ids() const { return ids_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view id) const { return std::hash<std::string_view>()(id); }
  };
  std::vector<std::string> ids_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> rows_;
};

/// One entry a bill, in the file's order.
struct BillsColumns {
  std::vector<std::uint32_t> rows;
  std::vector<std::uint8_t> prefixes;  ///< position in BillsTable::prefixes
  std::vector<double> times;
  std::vector<std::string> names;            ///< columns the series and the order need: those of `order` first
  std::vector<std::vector<double>> numbers;  ///< NaN where empty

  std::size_t size() const { return rows.size(); }
};

/// A header line: where each column stands.
class CsvHeader {
 public:
  static Result<CsvHeader> Read(CsvReader& csv, const std::string& file);
  /// The column's position; an error that suggests the nearest name when it is absent.
  Result<std::size_t> Find(std::string_view column) const;
  bool Has(std::string_view column) const;
  /// An error unless the record has as many fields as the header.
  Status CheckWidth(const CsvReader& csv) const;

 private:
  std::string file_;
  std::vector<std::string> names_;
};

/// The first of `files` in `data`, also with .gz or .zst; kNotFound naming all of them.
Result<std::filesystem::path> FindFirst(const std::vector<std::string>& files, const std::filesystem::path& data);

/// A column of dates, whose way of writing is decided from all of them once they are known.
class DateColumn {
 public:
  /// Takes the field of the current record; missing fields are allowed where the caller says so.
  Status Add(const CsvReader& csv, std::size_t field, bool may_be_missing);
  void Reserve(std::size_t dates) { codes_.reserve(dates); }
  /// Seconds since 1970-01-01 a record; NaN where missing.
  Result<std::vector<double>> Settle(DateOrder order, bool exchange_day_and_month = false) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  static constexpr std::uint32_t kMissing = 0xffffffffu;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> known_;
  std::vector<std::string> texts_;   // distinct ones, in the order of their appearance
  std::vector<std::string> places_;  // where each appeared first
  std::vector<std::uint32_t> codes_;
};

/// Reads the bills' file. A consumer who is not in the index is added, or an error.
/// @param add_unknown whether to add. @param table the consumers' file, for that error.
Result<BillsColumns> ReadBillsColumns(const BillsTable& mapping, const std::filesystem::path& data, DateOrder dates,
                                      bool add_unknown, const std::string& table, ConsumerIndex& index,
                                      const RunContext& context);

}  // namespace meterhound::readings
