// Inputs, runs, cases, feedback, models, keys, drift and the audit chain: what goes in comes out, in both databases.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <thread>

#include "base/hashing.h"
#include "base/peak_memory.h"
#include "store/audit_log.h"
#include "store/bundle_store.h"
#include "store/case_store.h"
#include "store/drift_store.h"
#include "store/feedback_store.h"
#include "store/input_store.h"
#include "store/key_store.h"
#include "store/run_store.h"
#include "store/scored_store.h"
#include "store/statistics.h"
#include "store/worker_registry.h"
#include "support/store_backends.h"

namespace meterhound::store {
namespace {

class RepositoryTest : public StoreTest {
 protected:
  template <typename T>
  T Write(const std::function<Result<T>(Transaction&)>& body) {
    return Must(database().WriteFor<T>(body));
  }
  void WriteAll(const Database::Body& body) { Must(database().Write(body)); }
};
INSTANTIATE_TEST_SUITE_P(Backends, RepositoryTest, kBothDatabases, BackendName);

TEST_P(RepositoryTest, InputsPassThroughInParts) {
  InputStore inputs(shared());
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += std::to_string(i * 7919LL) + ",";
  auto writer = Must(inputs.Begin("../../etc/readings.csv", "text/csv"));
  for (std::size_t at = 0; at < bytes.size(); at += 100'001)
    Must(writer.Write(std::string_view(bytes).substr(at, 100'001)));
  EXPECT_EQ(inputs.Find("none").error().code, ErrorCode::kNotFound);
  const Input input = Must(writer.Finish());
  EXPECT_EQ(input.name, "readings.csv");
  EXPECT_EQ(input.bytes, static_cast<std::int64_t>(bytes.size()));
  EXPECT_EQ(input.sha256, Sha256Hex(bytes));
  std::string read;
  std::size_t largest = 0;
  Must(inputs.Read(input.id, [&](std::string_view part) {
    largest = std::max(largest, part.size());
    read += part;
    return Status();
  }));
  EXPECT_EQ(read, bytes);
  EXPECT_LE(largest, 1U << 20);
  // The same file again is kept once.
  auto again = Must(inputs.Begin("readings.csv", "text/csv"));
  Must(again.Write(bytes));
  EXPECT_EQ(Must(again.Finish()).id, input.id);
  EXPECT_EQ(Must(database().QueryOne("SELECT COUNT(*) FROM input_parts"))->Int(0),
            static_cast<std::int64_t>(bytes.size() >> 20) + 1);
  // An upload that breaks off is nobody's input and goes with the next tidying.
  const std::string broken = [&] {
    auto half = Must(inputs.Begin("b.csv", "text/csv"));
    Must(half.Write(bytes.substr(0, 2 << 20)));
    return Must(database().QueryOne("SELECT id FROM inputs WHERE complete=0"))->Text(0);
  }();
  EXPECT_EQ(inputs.Find(broken).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Must(inputs.DeleteUnused(NowMilliseconds() + 10'000)), 2);
}

TEST_P(RepositoryTest, DamagedInputsAreNoticed) {
  InputStore inputs(shared());
  auto writer = Must(inputs.Begin("a", "text/csv"));
  Must(writer.Write("1,2,3"));
  const Input input = Must(writer.Finish());
  Must(database().Execute("UPDATE input_parts SET data=? WHERE input=?", {Blob{"1,2,4"}, input.id}));
  EXPECT_EQ(inputs.Read(input.id, [](std::string_view) { return Status(); }).error().code, ErrorCode::kCorrupt);
}

TEST_P(RepositoryTest, RunsWithTheirDocuments) {
  RunStore runs(shared());
  EXPECT_EQ(Must(runs.Latest()), std::nullopt);
  store::Run run{.id = "",
                 .title = "Town",
                 .created = 5,
                 .model = "f1",
                 .consumers = 10,
                 .high = 1,
                 .medium = 2,
                 .detailed = 3,
                 .simulated = true,
                 .trained_on = 7,
                 .currency = "EUR",
                 .tariff = 0.15,
                 .districts = {{{"name", "North"}, {"high", 1}}},
                 .job = "j"};
  run.id = Write<std::string>([&](Transaction& t) { return RunStore::Insert(t, run); });
  const store::Run later{.id = "later", .title = "", .created = 6, .model = "", .currency = "", .job = ""};
  Write<std::string>([&](Transaction& t) { return RunStore::Insert(t, later); });
  EXPECT_EQ(Must(runs.Latest()), "later");
  const auto all = Must(runs.List());
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].districts, run.districts);
  EXPECT_EQ(all[1].tariff, 0.15);
  EXPECT_TRUE(all[1].simulated);
  const Json quality = {{"items", {{{"name", "gaps"}, {"value", 0.25}}}}};
  WriteAll([&](Transaction& t) { return RunStore::PutDetail(t, run.id, "quality", {{"old", 1}}); });
  WriteAll([&](Transaction& t) { return RunStore::PutDetail(t, run.id, "quality", quality); });
  EXPECT_EQ(Must(runs.Detail(run.id, "quality")), quality);
  EXPECT_TRUE(Must(runs.Detail(run.id, "peers")).is_null());
  Must(runs.Delete(run.id));
  EXPECT_EQ(runs.Find(run.id).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(runs.Delete(run.id).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(Must(runs.Detail(run.id, "quality")).is_null());
}

std::vector<CaseSummary> MakeCases(const std::string& run, int count) {
  const std::vector<std::string> tiers = {"high", "medium", "low"};
  std::vector<CaseSummary> cases;
  for (int i = 0; i < count; ++i) {
    CaseSummary one;
    one.run = run;
    one.rank = i + 1;
    one.consumer_id = "Meter-" + std::to_string((i * 7919) % count);
    one.probability = ((i * 31) % 17) / 17.0;  // many alike
    one.tier = tiers[static_cast<std::size_t>(i) % 3];
    if (i % 4 != 0) one.anomaly_score = ((i * 13) % 101) / 101.0;
    if (i % 5 != 0) one.missing_kwh = CaseSummary::Energy{(i * 37) % 53 - 3.0, 0.0, 100.0};
    if (i % 2 == 0)
      one.district = i % 4 == 0 ? "North"
                                : "S\xc3\xbc"
                                  "d";
    if (i % 3 == 0) one.change_date = "2014-02-03";
    one.attributes = {{"phases", i % 3}};
    cases.push_back(one);
  }
  return cases;
}

class CaseStoreTest : public RepositoryTest {
 protected:
  void SetUp() override {
    RepositoryTest::SetUp();
    if (IsSkipped()) return;
    cases_ = MakeCases("r1", 500);
    WriteAll([&](Transaction& t) { return CaseStore::InsertAll(t, cases_); });
    WriteAll([&](Transaction& t) { return CaseStore::InsertAll(t, MakeCases("r2", 30)); });
  }
  std::vector<CaseSummary> Walk(CaseFilter filter, std::int64_t* total = nullptr) {
    std::vector<CaseSummary> all;
    for (;;) {
      const CasePage page = Must(CaseStore(shared()).Page(filter));
      all.insert(all.end(), page.cases.begin(), page.cases.end());
      if (total != nullptr) *total = page.total;
      if (!page.next) return all;
      filter.cursor = *page.next;
    }
  }
  std::vector<CaseSummary> cases_;
};
INSTANTIATE_TEST_SUITE_P(Backends, CaseStoreTest, kBothDatabases, BackendName);

TEST_P(CaseStoreTest, EverySortPagesThroughAllInItsOrder) {
  using Less = std::function<bool(const CaseSummary&, const CaseSummary&)>;
  const auto falling = [](auto key) -> Less {
    return [key](const CaseSummary& a, const CaseSummary& b) {
      return std::pair(-key(a), a.rank) < std::pair(-key(b), b.rank);
    };
  };
  const std::map<std::string, Less> orders = {
      {"rank", [](const CaseSummary& a, const CaseSummary& b) { return a.rank < b.rank; }},
      {"-probability", falling([](const CaseSummary& c) { return c.probability; })},
      {"-missing_kwh", falling([](const CaseSummary& c) { return c.missing_kwh ? c.missing_kwh->value : -1e308; })},
      {"-anomaly_score", falling([](const CaseSummary& c) { return c.anomaly_score.value_or(-1e308); })},
      {"consumer_id", [](const CaseSummary& a, const CaseSummary& b) { return a.consumer_id < b.consumer_id; }}};
  for (const auto& [name, less] : orders) {
    auto expected = cases_;
    std::sort(expected.begin(), expected.end(), less);
    std::int64_t total = 0;
    EXPECT_EQ(Walk({.run = "r1", .query = "", .sort = *ParseCaseSort(name), .limit = 37, .cursor = ""}, &total),
              expected)
        << name;
    EXPECT_EQ(total, 500);
  }
  EXPECT_EQ(ParseCaseSort("probability"), std::nullopt);
}

TEST_P(CaseStoreTest, FiltersAreThoseOfASimpleLoop) {
  const CaseFilter filter{.run = "r1",
                          .tiers = {"high", "low"},
                          .statuses = {"open"},
                          .district = "North",
                          .query = "mETER-1",
                          .sort = CaseSort::kProbability,
                          .limit = 7,
                          .cursor = ""};
  std::set<std::int64_t> expected;
  for (const CaseSummary& one : cases_) {
    if (one.tier != "medium" && one.district == "North" && one.consumer_id.starts_with("Meter-1"))
      expected.insert(one.rank);
  }
  std::int64_t total = 0;
  std::set<std::int64_t> found;
  for (const CaseSummary& one : Walk(filter, &total)) found.insert(one.rank);
  EXPECT_GT(found.size(), 10U);
  EXPECT_EQ(found, expected);
  EXPECT_EQ(total, static_cast<std::int64_t>(expected.size()));
  EXPECT_TRUE(Walk({.run = "r1", .query = "100%_'", .cursor = ""}).empty());
  EXPECT_EQ(Must(CaseStore(shared()).Districts("r1")), (std::vector<std::string>{"North",
                                                                                 "S\xc3\xbc"
                                                                                 "d"}));
}

TEST_P(CaseStoreTest, WrongFiltersAndCursorsAreRefused) {
  CaseStore store(shared());
  EXPECT_EQ(store.Page({.run = "r1", .tiers = {"top"}, .query = "", .cursor = ""}).error().where, "tier");
  EXPECT_EQ(store.Page({.run = "r1", .statuses = {"lost"}, .query = "", .cursor = ""}).error().where, "status");
  const std::string cursor = *Must(store.Page({.run = "r1", .query = "", .limit = 3, .cursor = ""})).next;
  for (const std::string& wrong :
       {cursor.substr(2), std::string("00"), EncodeCursor("[1,2]"), EncodeCursor("[\"rank\",{},1]")}) {
    EXPECT_EQ(store.Page({.run = "r1", .query = "", .limit = 3, .cursor = wrong}).error().where, "cursor") << wrong;
  }
  EXPECT_EQ(store.Page({.run = "r1", .query = "", .sort = CaseSort::kProbability, .limit = 3, .cursor = cursor})
                .error()
                .where,
            "cursor");
}

TEST_P(CaseStoreTest, ACaseIsFoundByItsName) {
  CaseStore store(shared());
  const CaseName name = Must(ParseCaseId(cases_[41].id()));
  EXPECT_EQ(Must(store.Find(name)), cases_[41]);
  EXPECT_EQ(Must(store.FindConsumer("r1", cases_[41].consumer_id)), cases_[41]);
  for (const char* wrong : {"", "r1", "-1", "r1-", "r1-0", "r1-x", "r1-1x", "r1-99999999999999999999"}) {
    EXPECT_EQ(ParseCaseId(wrong).error().code, ErrorCode::kNotFound) << wrong;
  }
  EXPECT_EQ(store.Find({"r1", 501}).error().code, ErrorCode::kNotFound);
  EXPECT_TRUE(Must(store.Detail(name)).document.is_null());
  const CaseDetail detail{{{"facts", {1, 2, 3}}}, {{"values", {1.5, nullptr, 0.1}}}};
  WriteAll([&](Transaction& t) { return CaseStore::PutDetail(t, name, detail); });
  EXPECT_EQ(Must(store.Detail(name)).document, detail.document);
  EXPECT_EQ(Must(store.Detail(name)).series, detail.series);
  EXPECT_TRUE(Must(store.Find(name)).detailed);
}

TEST_P(CaseStoreTest, FeedbackChangesTheStatus) {
  FeedbackStore feedback(shared());
  const CaseName name{"r1", 7};
  const Feedback given{.id = "",
                       .of = name,
                       .consumer_id = "",
                       .outcome = "found",
                       .visited_on = "2014-11-02",
                       .recovered_kwh = 120.5,
                       .note = "bypass; \"quoted\"",
                       .selection_probability = {},
                       .at = 0,
                       .who = "anna"};
  const Feedback written = Write<Feedback>([&](Transaction& t) { return FeedbackStore::Add(t, given); });
  EXPECT_EQ(written.consumer_id, cases_[6].consumer_id);
  EXPECT_EQ(Must(CaseStore(shared()).Find(name)).status, "found");
  const auto found = Must(feedback.OfCase(name));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].note, given.note);
  EXPECT_EQ(found[0].recovered_kwh, 120.5);
  EXPECT_EQ(Must(feedback.List("")).size(), 1U);
  EXPECT_EQ(Must(feedback.List("r2")).size(), 0U);
  EXPECT_EQ(Must(feedback.List("r1", found[0].id)).size(), 0U);
  Feedback wrong = given;
  wrong.outcome = "maybe";
  EXPECT_FALSE(database().WriteFor<Feedback>([&](Transaction& t) { return FeedbackStore::Add(t, wrong); }).ok());
  wrong = given;
  wrong.of.rank = 9999;
  EXPECT_FALSE(database().WriteFor<Feedback>([&](Transaction& t) { return FeedbackStore::Add(t, wrong); }).ok());
  EXPECT_EQ(Must(feedback.List("")).size(), 1U);
}

TEST_P(CaseStoreTest, VisitsBesideWhatWasPromised) {
  Write<std::string>([&](Transaction& t) { return RunStore::Insert(t, {.id = "r1", .title = "Town", .model = "m"}); });
  Statistics statistics(shared());
  EXPECT_TRUE(Must(statistics.Calibration("m")).empty());
  std::map<std::string, Promised> expected;
  const auto visit = [&](std::int64_t rank, const std::string& outcome) {
    const Feedback given{.of = {"r1", rank}, .outcome = outcome, .visited_on = "2014-11-02", .who = "anna"};
    Write<Feedback>([&](Transaction& t) { return FeedbackStore::Add(t, given); });
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  };
  for (std::int64_t rank = 1; rank <= 500; rank += 50) {
    const std::string outcome = rank % 3 == 0 ? "found" : rank % 3 == 1 ? "not_found" : "no_access";
    visit(rank, rank == 1 ? "found" : outcome);
    if (rank == 1) visit(rank, "no_access");   // the door that was shut later says nothing of the first visit
    if (rank == 51) visit(rank, "not_found");  // a second visit in place of the first
    if (rank != 1 && rank != 51 && outcome == "no_access") continue;
    const CaseSummary& one = cases_[static_cast<std::size_t>(rank - 1)];
    Promised& tier = expected[one.tier];
    ++tier.visits;
    tier.found += rank == 1 || (rank != 51 && outcome == "found") ? 1 : 0;
    tier.expected += one.probability;
    tier.variance += one.probability * (1 - one.probability);
  }
  const auto measured = Must(statistics.Calibration("m"));
  ASSERT_EQ(measured.size(), expected.size());
  for (const auto& [tier, promised] : expected) {
    EXPECT_EQ(measured.at(tier).visits, promised.visits) << tier;
    EXPECT_EQ(measured.at(tier).found, promised.found) << tier;
    EXPECT_NEAR(measured.at(tier).expected, promised.expected, 1e-9) << tier;
    EXPECT_NEAR(measured.at(tier).variance, promised.variance, 1e-9) << tier;
  }
  EXPECT_TRUE(Must(statistics.Calibration("other")).empty());
}

TEST_P(RepositoryTest, ModelsAndTheWayBack) {
  const TestStore folder("sqlite");
  const std::string path = (folder.folder() / "model.mh").string();
  std::string bytes(2'500'000, 'm');
  bytes[1'234'567] = '\0';
  Must(WriteFile(path, bytes));
  BundleStore models(shared());
  for (const char* fingerprint : {"f1", "f2", "f3"}) {
    EXPECT_TRUE(Must(models.Add(
        {.fingerprint = fingerprint, .name = "model.mh", .manifest = {{"seed", 1}}, .evaluation = {}}, path)));
  }
  EXPECT_FALSE(Must(models.Add({.fingerprint = "f1", .name = "other", .manifest = {}, .evaluation = {}}, path)));
  EXPECT_EQ(Must(models.Active()), std::nullopt);
  const auto activate = [&](const char* fingerprint) {
    return database().Write([&](Transaction& t) { return BundleStore::Activate(t, fingerprint, "anna"); });
  };
  const auto roll_back = [&] {
    return database().WriteFor<std::string>([&](Transaction& t) { return BundleStore::RollBack(t, "anna"); });
  };
  EXPECT_EQ(activate("f9").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(Must(models.Before()), std::nullopt);
  for (const char* fingerprint : {"f1", "f2", "f2", "f3"}) Must(activate(fingerprint));
  EXPECT_EQ(Must(models.Before()), "f2");
  EXPECT_EQ(Must(roll_back()), "f2");
  EXPECT_EQ(Must(models.Active()), "f2");
  EXPECT_EQ(Must(roll_back()), "f1");
  EXPECT_EQ(roll_back().error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(Must(models.Active()), "f1");
  EXPECT_TRUE(Must(models.Find("f1")).active);
  EXPECT_EQ(Must(models.List()).size(), 3U);
  EXPECT_EQ(Must(models.Find("f1")).bytes, 2'500'000);
  const std::string out = (folder.folder() / "out.mh").string();
  Must(models.Export("f1", out));
  EXPECT_EQ(Must(ReadFile(out)), bytes);
}

TEST_P(RepositoryTest, KeysAreFoundByTheirSecretAlone) {
  KeyStore keys(shared());
  EXPECT_FALSE(Must(keys.AnyInUse()));
  const NewKey made = Must(keys.Add("anna", {"score", "review"}));
  EXPECT_TRUE(made.secret.starts_with("mh_"));
  EXPECT_EQ(made.secret.size(), 67U);
  EXPECT_TRUE(Must(keys.AnyInUse()));
  for (const Row& row : Must(database().Query("SELECT hash FROM api_keys"))) {
    EXPECT_EQ(row.Text(0), Sha256Hex(made.secret));  // and the secret itself is nowhere
  }
  const auto found = Must(keys.FindBySecret(made.secret));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, made.key.id);
  EXPECT_TRUE(found->Allows("review"));
  EXPECT_FALSE(found->Allows("admin"));
  EXPECT_TRUE(Must(keys.List())[0].last_used);
  std::string other = made.secret;
  other.back() = other.back() == '0' ? '1' : '0';
  for (const std::string& wrong : {other, std::string(), made.key.id, Sha256Hex(made.secret)}) {
    EXPECT_FALSE(Must(keys.FindBySecret(wrong))) << wrong;
  }
  EXPECT_EQ(keys.Add("anna", {"admin"}).error().where, "name");
  EXPECT_EQ(keys.Add("bert", {}).error().where, "scopes");
  EXPECT_EQ(keys.Add("bert", {"root"}).error().where, "scopes");
  const NewSession session = Must(keys.OpenSession(*found, 60'000));
  EXPECT_EQ(Must(keys.FindBySession(session.secret))->id, made.key.id);
  EXPECT_FALSE(Must(keys.FindBySession(made.secret)));
  const NewSession old = Must(keys.OpenSession(*found, -1));
  EXPECT_FALSE(Must(keys.FindBySession(old.secret)));
  EXPECT_EQ(Must(keys.DeleteExpiredSessions()), 1);
  Must(keys.Revoke("anna"));
  EXPECT_FALSE(Must(keys.FindBySecret(made.secret)));
  EXPECT_FALSE(Must(keys.FindBySession(session.secret)));
  EXPECT_FALSE(Must(keys.AnyInUse()));
  EXPECT_EQ(keys.Revoke("anna").error().code, ErrorCode::kNotFound);
  Must(keys.Add("anna", {"admin"}));
}

class AuditLogTest : public RepositoryTest {
 protected:
  void Append(const std::string& action, const Json& detail = {}) {
    Write<AuditEntry>([&](Transaction& t) {
      return AuditLog::Append(t, {.who = "anna", .action = action, .target = "case:r-1", .detail = detail, .hash = ""});
    });
  }
};
INSTANTIATE_TEST_SUITE_P(Backends, AuditLogTest, kBothDatabases, BackendName);

TEST_P(AuditLogTest, IsOneChainWhoeverWrites) {
  AuditLog log(shared());
  EXPECT_TRUE(Must(log.Verify()).intact);
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) Append("a" + std::to_string(i), {{"n", 0.1 * j}, {"text", "\xff not UTF-8"}});
    });
  }
  threads.clear();
  const AuditVerdict verdict = Must(log.Verify());
  EXPECT_TRUE(verdict.intact) << verdict.reason;
  EXPECT_EQ(verdict.entries, 40);
  AuditPage page = Must(log.Page(15));
  std::int64_t expected = 40;
  for (;;) {
    for (const AuditEntry& entry : page.entries) EXPECT_EQ(entry.seq, expected--);
    if (!page.next) break;
    page = Must(log.Page(15, *page.next));
  }
  EXPECT_EQ(expected, 0);
  EXPECT_EQ(Must(log.Of("case:r-1")).size(), 40U);
  EXPECT_EQ(log.Page(5, "zz").error().code, ErrorCode::kInvalidInput);
}

TEST_P(AuditLogTest, RefusesChangesAndNoticesThoseOfWhoGetsAroundThat) {
  AuditLog log(shared());
  for (int i = 0; i < 5; ++i) Append("view");
  EXPECT_FALSE(database().Execute("UPDATE audit SET who='bert' WHERE seq=3").ok());
  EXPECT_FALSE(database().Execute("DELETE FROM audit WHERE seq=5").ok());
  EXPECT_TRUE(Must(log.Verify()).intact);
  const bool sqlite = GetParam() == "sqlite";
  if (!sqlite) {
    EXPECT_FALSE(database().Write([](Transaction& t) { return t.Script("TRUNCATE audit"); }).ok());
  }
  WriteAll([&](Transaction& t) {
    return t.Script(sqlite ? "DROP TRIGGER audit_keeps_rows; DROP TRIGGER audit_keeps_all"
                           : "DROP TRIGGER audit_keeps_rows ON audit; DROP TRIGGER audit_keeps_all ON audit");
  });
  Must(database().Execute("UPDATE audit SET who='bert' WHERE seq=3"));
  EXPECT_EQ(Must(log.Verify()).first_broken, 3);
  Must(database().Execute("UPDATE audit SET who='anna' WHERE seq=3"));
  EXPECT_TRUE(Must(log.Verify()).intact);
  Must(database().Execute("DELETE FROM audit WHERE seq=5"));
  EXPECT_EQ(Must(log.Verify()).first_broken, 5);
  Must(database().Execute("DELETE FROM audit WHERE seq=2"));
  EXPECT_EQ(Must(log.Verify()).first_broken, 2);
}

TEST_P(RepositoryTest, DriftReportsAndWorkers) {
  DriftStore drift(shared());
  EXPECT_FALSE(Must(drift.Latest()));
  for (int i = 0; i < 3; ++i) {
    Write<std::string>([&](Transaction& t) { return DriftStore::Insert(t, "f", {{"psi", i}}); });
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(Must(drift.Latest())->report.at("psi"), 2);
  EXPECT_EQ(Must(drift.List()).size(), 3U);
  WorkerRegistry workers(shared());
  Must(workers.Seen("w1", {"math_queue", "llm_queue"}, 2));
  Must(workers.Seen("w1", {"math_queue"}, 3));
  const auto seen = Must(workers.List());
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].queues, (std::vector<std::string>{"math_queue"}));
  EXPECT_EQ(seen[0].running, 3);
  Must(workers.Gone("w1"));
  EXPECT_TRUE(Must(workers.List()).empty());
}

TEST_P(RepositoryTest, TheSampleOfWhatWasScoredDependsOnNoOrder) {
  ScoredStore scored(shared());
  const auto offer = [&](const std::string& model, const std::vector<std::int64_t>& numbers) {
    std::vector<ScoredRow> rows;
    for (const std::int64_t number : numbers) rows.push_back({number, "row " + std::to_string(number)});
    WriteAll([&](Transaction& t) { return ScoredStore::Offer(t, model, rows); });
  };
  EXPECT_EQ(Must(scored.Bar("m")), std::numeric_limits<std::int64_t>::max());
  EXPECT_TRUE(Must(scored.Of("m")).rows.empty());
  std::vector<std::int64_t> numbers(ScoredStore::kMost + 500);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i] = static_cast<std::int64_t>(7 * (i + 1) * 104'729 % 1'000'003);
  const auto middle = numbers.begin() + 1200;
  offer("m", {middle, numbers.end()});
  EXPECT_EQ(Must(scored.Bar("m")), std::numeric_limits<std::int64_t>::max());
  offer("m", {numbers.begin(), middle});
  offer("m", {numbers.begin(), middle});  // what is there already counts once
  offer("other", {1, 2, 3});
  std::sort(numbers.begin(), numbers.end());
  const ScoredStore::Sample sample = Must(scored.Of("m"));
  ASSERT_EQ(sample.rows.size(), static_cast<std::size_t>(ScoredStore::kMost));
  for (std::size_t i = 0; i < sample.rows.size(); ++i) {
    EXPECT_EQ(sample.rows[i].number, numbers[i]);
    EXPECT_EQ(sample.rows[i].data, "row " + std::to_string(numbers[i]));
  }
  EXPECT_EQ(Must(scored.Bar("m")), sample.rows.back().number);
  std::this_thread::sleep_for(std::chrono::milliseconds(2));
  offer("m", {0});  // comes after the check has read its sample
  WriteAll([&](Transaction& t) { return ScoredStore::Forget(t, "m", sample.until); });
  EXPECT_EQ(Must(scored.Of("other")).rows.size(), 0U);
  EXPECT_EQ(Must(scored.Of("m")).rows.size(), 1U);
}

TEST(InputMemory, AFileOfTwoHundredMegabytesPassesThroughLittleMemory) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "AddressSanitizer keeps what was freed";
#endif
  const TestStore store("sqlite");
  Must(Migrate(*store.database()));
  InputStore inputs(store.database());
  auto writer = Must(inputs.Begin("big.csv", "text/csv"));
  const std::string piece(1 << 16, 'x');
  for (int i = 0; i < 200 * 16; ++i) Must(writer.Write(piece));
  const Input input = Must(writer.Finish());
  std::int64_t bytes = 0;
  Must(inputs.Read(input.id, [&](std::string_view part) {
    bytes += static_cast<std::int64_t>(part.size());
    return Status();
  }));
  EXPECT_EQ(bytes, 200LL << 20);
  EXPECT_LT(PeakMemory(), 120U << 20);
}

}  // namespace
}  // namespace meterhound::store
