// Writes the files of a run; each appears complete or not at all.
#include "report/run_report.h"

#include <cstdio>
#include <optional>
#include <system_error>

#include "base/file.h"

namespace meterhound::report {
namespace {

namespace fs = std::filesystem;

// "0007-0387DD8A": the rank sorts the folder, the id is cut to what every file system takes.
std::string CaseFileName(const Case& one) {
  constexpr std::size_t kLongest = 64;
  char rank[32];
  std::snprintf(rank, sizeof rank, "%04zu-", one.rank);
  std::string name = rank;
  for (const char c : one.consumer_id.substr(0, kLongest)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    name += plain ? c : '_';
  }
  return name;
}

/// A folder that replaces `path` as a whole on Commit, and vanishes without.
class FolderReplacement {
 public:
  explicit FolderReplacement(fs::path path) : path_(std::move(path)), aside_(path_.string() + ".new") {}
  FolderReplacement(const FolderReplacement&) = delete;
  FolderReplacement& operator=(const FolderReplacement&) = delete;
  ~FolderReplacement() {
    std::error_code ignored;
    fs::remove_all(aside_, ignored);
  }

  const fs::path& path() const { return aside_; }

  Status Begin() {
    std::error_code error;
    fs::remove_all(aside_, error);
    fs::create_directories(aside_, error);
    return error ? Status(Unavailable(error.message(), aside_.string())) : Status();
  }

  Status Commit() {
    std::error_code error;
    fs::remove_all(path_, error);
    if (!error) fs::rename(aside_, path_, error);
    return error ? Status(Unavailable(error.message(), path_.string())) : Status();
  }

 private:
  fs::path path_;
  fs::path aside_;
};

Writers CountWriters(const std::vector<CaseReport>& words) {
  Writers writers;
  for (const CaseReport& report : words) {
    if (report.mode != "template") {
      ++writers.by_model;
      writers.model = report.written_by;
      writers.mode = report.mode;
    } else if (!report.fallback.empty()) {
      ++writers.fallen_back;
      if (writers.why.empty()) writers.why = report.fallback;
    }
  }
  return writers;
}

}  // namespace

Result<Writers> WriteRunReport(const fs::path& folder, const RunReport& run, const CaseWriter& writer,
                               const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const std::vector<CaseReport> words, writer.WriteAll(run.cases, run));
  METERHOUND_RETURN_IF_ERROR(context.CheckStopped());
  FolderReplacement cases(folder / "cases");
  METERHOUND_RETURN_IF_ERROR(cases.Begin());
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    const Case& one = run.cases[i];
    const fs::path file = cases.path() / CaseFileName(one);
    METERHOUND_RETURN_IF_ERROR(WriteFile(file.string() + ".json", DumpJson(CaseJson(one, words[i], run))));
    METERHOUND_RETURN_IF_ERROR(WriteFile(file.string() + ".txt", CaseText(one, words[i], run)));
  }
  METERHOUND_RETURN_IF_ERROR(cases.Commit());
  METERHOUND_RETURN_IF_ERROR(WriteFile(folder / "report.html", RunPage(run, words)));
  return CountWriters(words);
}

}  // namespace meterhound::report
