// Stores and queues for tests: an empty one of each backend, SQLite in a temporary folder, PostgreSQL and Redis from
// the servers that tests/support/store_servers.py has started (METERHOUND_TEST_SERVERS names its file of URLs).
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <source_location>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "store/database.h"
#include "store/identifiers.h"
#include "store/queue.h"
#include "store/schema.h"

namespace meterhound::store {

/// The URL of a server, or nothing when none was started.
inline std::optional<std::string> TestServer(const std::string& name) {
  const std::filesystem::path file = METERHOUND_TEST_SERVERS;  // written by store_servers.py, a fixture of ctest
  if (!std::filesystem::exists(file)) return std::nullopt;
  const auto text = ReadFile(file);
  if (!text) throw std::runtime_error(text.error().ToString());
  return ParseJson(*text, file.string()).value().at(name).get<std::string>();
}

/// An empty store that is gone afterwards.
class TestStore {
 public:
  explicit TestStore(const std::string& backend) : name_("test_" + NewId()) {
    if (backend == "sqlite") {
      folder_ = std::filesystem::temp_directory_path() / name_;
      std::filesystem::create_directories(folder_);
      url_ = "sqlite:" + (folder_ / "store.db").string();
    } else {
      // A schema of its own, so that tests may run at once.
      const std::string server = TestServer("postgresql").value();
      server_ = Database::Open(server).value();
      EXPECT_TRUE(server_->Execute("CREATE SCHEMA " + name_).ok());
      url_ = server + "?options=-csearch_path%3D" + name_;
    }
    database_ = Database::Open(url_).value();
  }
  ~TestStore() {
    database_.reset();
    if (server_) {
      EXPECT_TRUE(server_->Execute("DROP SCHEMA " + name_ + " CASCADE").ok());
    }
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  TestStore(const TestStore&) = delete;
  TestStore& operator=(const TestStore&) = delete;

  const std::string& url() const { return url_; }
  const std::shared_ptr<Database>& database() const { return database_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::string name_;
  std::string url_;
  std::filesystem::path folder_;
  std::shared_ptr<Database> server_;
  std::shared_ptr<Database> database_;
};

/// Tests that hold for both databases: TEST_P(SomeTest, ...) with `store()`, migrated.
class StoreTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() != "sqlite" && !TestServer("postgresql")) GTEST_SKIP() << "no servers: METERHOUND_TEST_SERVERS";
    store_ = std::make_unique<TestStore>(GetParam());
    if (migrated_) {
      ASSERT_TRUE(Migrate(database()).ok());
    }
  }
  Database& database() { return *store_->database(); }
  const std::shared_ptr<Database>& shared() { return store_->database(); }

  bool migrated_ = true;
  std::unique_ptr<TestStore> store_;
};

inline const auto kBothDatabases = testing::Values("sqlite", "postgresql");
inline std::string BackendName(const testing::TestParamInfo<std::string>& info) { return info.param; }

/// Unwraps a Result; a failure of the test with the error's words when there is none.
template <typename T>
T Must(Result<T> result, std::source_location where = std::source_location::current()) {
  if (!result) {
    throw std::runtime_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": " +
                             result.error().ToString());
  }
  return std::move(result).value();
}
inline void Must(const Status& status, std::source_location where = std::source_location::current()) {
  if (!status.ok()) {
    throw std::runtime_error(std::string(where.file_name()) + ":" + std::to_string(where.line()) + ": " +
                             status.error().ToString());
  }
}

}  // namespace meterhound::store
