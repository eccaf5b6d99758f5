// A small bills export with everything a real one has, and reading it.
#pragma once

#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "readings/bills.h"

namespace meterhound::readings::testing {

inline constexpr const char* kBillsMapping = R"(name: small
consumers:
  file: [clients.csv, clients_test.csv]
  id: client
  label: {column: fraud, theft: 1, honest: 0}
  attributes:
    - {name: district, column: dist, type: categorical}
    - {name: connected, column: since, type: date}
    - {column: power, type: numeric}
bills:
  file: bills.csv
  consumer: client
  date: day
  kind: {column: what, prefixes: {E: elec, G: gas}}
  order: [from]
  series:
    - {name: kwh, sum: [low, high], unit: kWh}
    - {name: months, column: months, group: coverage, valid: {min: 1, max: 24}}
    - {name: monthly, ratio: [kwh, months], unit: kWh a month}
    - {name: meter_changed, changed: meter, group: inspection}
    - {name: jump, jump: {from: to, to: from}, group: inspection}
    - {name: error, difference: [step, kwh], group: inspection}
    - {name: status, column: status, group: inspection, texts: {A: -1}}
features:
  default: [bill_count]
  kinds:
    elec_kwh: {bill_last_value: [{k: 0}, {k: 3}], bill_statistic: ~}
    "*_changed": [bill_event]
)";

inline constexpr const char* kClients =
    "client,dist,since,power,fraud\n"
    "c1,62,2001-05-06,3.5,1\n"
    "c2,7,1999-12-31,,0\n"
    "\"c,3\",62,,9,\n"
    "c4,A,2010-01-01,1,0\n";

inline constexpr const char* kBills =
    "client,day,what,low,high,months,meter,from,to,step,status\n"
    "c1,2012-03-01,E,100,20,4,77,500,620,120,0\n"
    "c1,2011-11-01,E,80,0,4,77,420,500,80,0\n"
    "c1,2012-07-01,E,50,0,636624,78,0,50,50,A\n"
    "c1,2012-03-01,G,9,0,4,1,0,9,9,0\n"
    "c2,2012-03-01,E,5,,4,1,30,41,11,0\n"
    "c2,2012-03-01,E,0,0,2,1,10,30,20,0\n"
    "c2,2012-03-01,E,999673,0,0,1,41,41,0,0\n"
    "\"c,3\",2012-05-01,G,1,2,3,4,5,6,7,8\n";

inline std::string Gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

inline std::string Zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

/// A folder of files that vanishes with the object.
class Folder {
 public:
  Folder() {
    static std::atomic<int> counter{0};
    path_ = std::filesystem::temp_directory_path() /
            ("meterhound-bills-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }
  void Remove(const std::string& name) const { std::filesystem::remove(path_ / name); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The small export; any file may be replaced before reading.
class SmallExport : public Folder {
 public:
  SmallExport() {
    Write("small.yaml", kBillsMapping);
    Write("clients.csv", kClients);
    Write("bills.csv", kBills);
  }
  Result<Panel> Read(BillsReport* report = nullptr, std::size_t threads = 2) const {
    ThreadPool pool(threads);
    Progress progress;
    ReadOptions options;
    options.source = path() / "small.yaml";
    options.data = path();
    return ReadBills(options, {.pool = pool, .progress = progress, .stop = {}}, report);
  }
  /// The error without the folder's name.
  std::string Error() const {
    const auto panel = Read();
    if (panel.ok()) return "no error";
    std::string text = panel.error().ToString();
    const std::string prefix = path().string() + "/";
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  }
};

}  // namespace meterhound::readings::testing
