// Values, transactions and errors: the same in both databases.
#include "store/database.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <limits>
#include <thread>

#include "store/backup.h"
#include "support/store_backends.h"

namespace meterhound::store {
namespace {

class DatabaseTest : public StoreTest {
 protected:
  DatabaseTest() { migrated_ = false; }
  void SetUp() override {
    StoreTest::SetUp();
    if (IsSkipped()) return;
    Must(database().Write([](Transaction& t) {
      return t.Script(
          "CREATE TABLE things (id {SERIAL}, number BIGINT, real DOUBLE PRECISION, text TEXT, bytes {BLOB})");
    }));
  }
  std::int64_t Count() { return Must(database().QueryOne("SELECT COUNT(*) FROM things"))->Int(0); }
};
INSTANTIATE_TEST_SUITE_P(Backends, DatabaseTest, kBothDatabases, BackendName);

TEST_P(DatabaseTest, ValuesReadBackExactly) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  const std::vector<Values> rows = {
      {std::numeric_limits<std::int64_t>::max(), 0.1, "text with 'quotes', ? and {braces}", Blob{bytes}},
      {std::numeric_limits<std::int64_t>::min(), -1e-300, "", Blob{""}},
      {-1, 1e308, "\xc3\xa9\xe4\xb8\xad", Blob{std::string(3 << 20, '\0')}},
      {nullptr, nullptr, nullptr, nullptr}};
  for (const Values& row : rows) {
    Must(database().Execute("INSERT INTO things (number, real, text, bytes) VALUES (?, ?, ?, ?)", row));
  }
  const Rows found = Must(database().Query("SELECT number, real, text, bytes FROM things ORDER BY id"));
  ASSERT_EQ(found.size(), rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t j = 0; j < 4; ++j) EXPECT_EQ(found[i].at(j), rows[i][j]) << i << " " << j;
  }
  EXPECT_EQ(found[3].OptionalReal(1), std::nullopt);
  EXPECT_EQ(found[3].Text(2), "");
}

TEST_P(DatabaseTest, InsertManyWritesEachRowOnce) {
  for (const std::size_t count : {0UL, 1UL, 500UL, 501UL, 1717UL}) {
    Must(database().Execute("DELETE FROM things"));
    std::vector<Values> rows;
    for (std::size_t i = 0; i < count; ++i) rows.push_back({i, "t" + std::to_string(i), 0.5});
    Must(database().Write([&](Transaction& t) { return t.InsertMany("things", {"number", "text", "real"}, rows); }));
    const auto row = Must(database().QueryOne("SELECT COUNT(*), COUNT(DISTINCT number), MAX(number) FROM things"));
    EXPECT_EQ(row->Int(0), static_cast<std::int64_t>(count));
    EXPECT_EQ(row->Int(1), static_cast<std::int64_t>(count));
  }
}

TEST_P(DatabaseTest, AnErrorOfTheBodyLeavesNothing) {
  const Status status = database().Write([](Transaction& t) -> Status {
    METERHOUND_RETURN_IF_ERROR(Done(t.Execute("INSERT INTO things (number) VALUES (1)")));
    return InvalidInput("no");
  });
  EXPECT_EQ(status.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(Count(), 0);
  EXPECT_THROW(Must(database().Write([](Transaction& t) -> Status {
                 METERHOUND_RETURN_IF_ERROR(Done(t.Execute("INSERT INTO things (number) VALUES (1)")));
                 throw std::runtime_error("thrown");
               })),
               std::runtime_error);
  EXPECT_EQ(Count(), 0);
  Must(database().Execute("INSERT INTO things (number) VALUES (2)"));
  EXPECT_EQ(Count(), 1);
}

TEST_P(DatabaseTest, WhatComesAfterTheCommitComesOnceAndOnlyThen) {
  std::int64_t seen = -1;
  Must(database().Write([&](Transaction& t) -> Status {
    t.AfterCommit([&] { seen = Count(); });
    return Done(t.Execute("INSERT INTO things (number) VALUES (1)"));
  }));
  EXPECT_EQ(seen, 1);
  EXPECT_FALSE(database()
                   .Write([&](Transaction& t) -> Status {
                     t.AfterCommit([&] { seen = 99; });
                     return InvalidInput("no");
                   })
                   .ok());
  EXPECT_EQ(seen, 1);
}

TEST_P(DatabaseTest, MistakesInSqlAreInternalErrorsThatShowIt) {
  const auto result = database().Query("SELECT nothing FROM nowhere");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kInternal);
  EXPECT_NE(result.error().message.find("nowhere"), std::string::npos);
  EXPECT_EQ(Count(), 0);  // and the connection is as good as before
}

TEST_P(DatabaseTest, ReadsMayNotWrite) {
  EXPECT_FALSE(
      database().Read([](Transaction& t) { return Done(t.Execute("INSERT INTO things (number) VALUES (1)")); }).ok());
  EXPECT_EQ(Count(), 0);
}

TEST_P(DatabaseTest, AReadSeesOneState) {
  Must(database().Execute("INSERT INTO things (number) VALUES (1)"));
  Must(database().Read([&](Transaction& t) -> Status {
    const auto before = Must(t.QueryOne("SELECT SUM(real), COUNT(*) FROM things"))->Int(1);
    Must(database().Execute("INSERT INTO things (number) VALUES (2)"));
    EXPECT_EQ(Must(t.QueryOne("SELECT COUNT(*) FROM things"))->Int(0), before);
    return {};
  }));
  EXPECT_EQ(Count(), 2);
}

TEST_P(DatabaseTest, ConcurrentIncrementsAreAllCounted) {
  Must(database().Execute("INSERT INTO things (number) VALUES (0)"));
  const auto other = Must(Database::Open(store_->url()));  // as a second process has it
  std::vector<std::jthread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      Database& mine = i % 2 == 0 ? database() : *other;
      for (int j = 0; j < 25; ++j) Must(mine.Execute("UPDATE things SET number=number+1"));
    });
  }
  threads.clear();
  EXPECT_EQ(Must(database().QueryOne("SELECT number FROM things"))->Int(0), 200);
}

TEST_P(DatabaseTest, ConflictsAreTriedAgainUntilBothAreDone) {
  // Each locks its row first and the other's then: in PostgreSQL one of two deadlocks and is run again.
  Must(database().Execute("INSERT INTO things (number, text) VALUES (0, 'a')"));
  Must(database().Execute("INSERT INTO things (number, text) VALUES (0, 'b')"));
  std::vector<std::jthread> threads;
  for (const bool turned : {false, true}) {
    threads.emplace_back([&, turned] {
      for (int i = 0; i < 5; ++i) {
        Must(database().Write([&](Transaction& t) -> Status {
          for (const char* text : turned ? std::array{"a", "b"} : std::array{"b", "a"}) {
            METERHOUND_RETURN_IF_ERROR(Done(t.Execute("UPDATE things SET number=number+1 WHERE text=?", {text})));
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
          return {};
        }));
      }
    });
  }
  threads.clear();
  EXPECT_EQ(Must(database().QueryOne("SELECT MIN(number) FROM things"))->Int(0), 10);
  EXPECT_EQ(Must(database().QueryOne("SELECT MAX(number) FROM things"))->Int(0), 10);
}

TEST(DatabaseUrl, WhatIsWrongIsSaid) {
  for (const char* url : {"", "mysql://x", "sqlite:", "sqlite::memory:", "sqlite://host/file"}) {
    EXPECT_EQ(Database::Open(url).error().code, ErrorCode::kInvalidInput) << url;
  }
  EXPECT_EQ(Database::Open("sqlite:/no/such/folder/store.db").error().code, ErrorCode::kUnavailable);
  const auto gone = Database::Open("postgresql://me:secret@127.0.0.1:1/none");
  EXPECT_EQ(gone.error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(gone.error().where, "postgresql://me@127.0.0.1:1/none");
  EXPECT_EQ(gone.error().ToString().find("secret"), std::string::npos);
}

TEST(DatabaseUrl, AFileThatIsNoStoreIsCorrupt) {
  const TestStore store("sqlite");
  const std::string path = (store.folder() / "other.db").string();
  Must(WriteFile(path, std::string(10000, 'x')));
  EXPECT_EQ(Database::Open("sqlite:" + path).error().code, ErrorCode::kCorrupt);
}

TEST(DatabaseSqlite, EveryCommitIsSynced) {
  const TestStore store("sqlite");
  EXPECT_EQ(Must(store.database()->QueryOne("PRAGMA journal_mode"))->Text(0), "wal");
  EXPECT_EQ(Must(store.database()->QueryOne("PRAGMA synchronous"))->Int(0), 2);
  EXPECT_EQ(Must(store.database()->QueryOne("PRAGMA foreign_keys"))->Int(0), 1);
}

TEST(DatabasePostgres, AConnectionThatTheServerEndsIsReplaced) {
  if (!TestServer("postgresql")) GTEST_SKIP() << "no servers: METERHOUND_TEST_SERVERS";
  const TestStore store("postgresql");
  Must(store.database()->Write([](Transaction& t) { return t.Script("CREATE TABLE one (n BIGINT)"); }));
  int runs = 0;
  Must(store.database()->Write([&](Transaction& t) -> Status {
    METERHOUND_RETURN_IF_ERROR(Done(t.Execute("INSERT INTO one VALUES (1)")));
    if (++runs == 1) (void)t.Query("SELECT CAST(pg_terminate_backend(pg_backend_pid()) AS TEXT)");
    return Done(t.Execute("INSERT INTO one VALUES (2)"));
  }));
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(Must(store.database()->QueryOne("SELECT COUNT(*) FROM one"))->Int(0), 2);
}

TEST(Schema, MigratesOnceAndKnowsWhatIsNewer) {
  for (const char* backend : {"sqlite", "postgresql"}) {
    if (std::string(backend) != "sqlite" && !TestServer("postgresql")) continue;
    const TestStore store(backend);
    Database& database = *store.database();
    EXPECT_NE(CheckSchema(database).error().message.find("meterhound db migrate"), std::string::npos);
    std::vector<std::jthread> threads;
    std::atomic<std::size_t> applied = 0;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&] { applied += Must(Migrate(database)).size(); });
    threads.clear();
    EXPECT_EQ(applied, Migrations().size());
    Must(CheckSchema(database));
    Must(database.Execute("INSERT INTO schema_migrations (version, name, applied) VALUES (999, 'later', 0)"));
    EXPECT_EQ(CheckSchema(database).error().code, ErrorCode::kUnsupported);
    EXPECT_EQ(Migrate(database).error().code, ErrorCode::kUnsupported);
  }
}

void CheckBackup(const std::string& url, const std::string& path) {
  auto database = Must(Database::Open(url));
  Must(Migrate(*database));
  Must(database->Execute("INSERT INTO workers (id, queues, running, last_seen) VALUES ('w', '[]', 1, 2)"));
  Must(Backup(*database, url, path, false));
  EXPECT_EQ(Backup(*database, url, path, false).error().code, ErrorCode::kInvalidInput);
  Must(database->Execute("DELETE FROM workers"));
  database.reset();
  EXPECT_EQ(Restore(url, path, false).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(Restore(url, path + ".none", true).error().code, ErrorCode::kNotFound);
  Must(Restore(url, path, true));
  EXPECT_EQ(Must(Must(Database::Open(url))->Query("SELECT id FROM workers")).size(), 1U);
  Must(WriteFile(path, "this is no backup of a store"));
  EXPECT_FALSE(Restore(url, path, true).ok());
  EXPECT_EQ(Must(Must(Database::Open(url))->Query("SELECT id FROM workers")).size(), 1U);
}

TEST(Backup, ComesBackAsItWas) {
  const TestStore store("sqlite");
  CheckBackup("sqlite:" + (store.folder() / "other.db").string(), (store.folder() / "backup").string());
}

TEST(Backup, ComesBackAsItWasInPostgres) {
  if (!TestServer("postgresql")) GTEST_SKIP() << "no servers: METERHOUND_TEST_SERVERS";
  const TestStore folder("sqlite");
  std::string url = *TestServer("postgresql");
  url.replace(url.rfind('/'), std::string::npos, "/backup");  // dumped whole: not what other tests use meanwhile
  CheckBackup(url, (folder.folder() / "backup").string());
}

}  // namespace
}  // namespace meterhound::store
