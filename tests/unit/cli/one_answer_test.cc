// One consumer has one score, one explanation and one place in a plan: from the library, a reloaded model and the
// program.
#include <gtest/gtest.h>
#include <unistd.h>

#include <bit>
#include <filesystem>

#include "base/file.h"
#include "cli/cli.h"
#include "pipeline/inspection_list.h"
#include "pipeline/planning.h"
#include "report/case_report.h"

namespace meterhound::cli {
namespace {

using pipeline::Model;
using pipeline::Ranking;

class OneAnswer : public testing::Test {
 protected:
  OneAnswer() {
    std::filesystem::create_directories(folder_);
    config_.tsfresh_settings = "minimal+theft";
    config_.boosting_rounds = 60;
    Program(
        {"simulate", "--consumers", "500", "--days", "400", "--theft", "0.15", "--seed", "3", "--out", Path("a.csv")});
    Program(
        {"simulate", "--consumers", "120", "--days", "400", "--theft", "0.15", "--seed", "4", "--out", Path("b.csv")});
  }
  ~OneAnswer() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return (folder_ / name).string(); }

  /// Standard output of a run of the program that ends well.
  static std::string Program(std::vector<std::string> args) {
    args.insert(args.begin(), "meterhound");
    std::vector<char*> argv;
    for (std::string& arg : args) argv.push_back(arg.data());
    testing::internal::CaptureStdout();
    const int status = Main(static_cast<int>(argv.size()), argv.data());
    const std::string output = testing::internal::GetCapturedStdout();
    EXPECT_EQ(status, 0) << args[1] << "\n" << output;
    return output;
  }

  template <typename T>
  static T Need(Result<T> result) {
    if (!result.ok()) throw std::runtime_error(result.error().ToString());
    return *std::move(result);
  }
  static void Need(const Status& status) {
    if (!status.ok()) throw std::runtime_error(status.error().ToString());
  }

  pipeline::SourceData Read(const std::string& name) const {
    readings::ReadOptions options;
    options.file = Path(name);
    return Need(pipeline::ReadSource(options, context_));
  }

  Model Train() const {
    pipeline::Prepared prepared = Need(pipeline::Prepare(Read("a.csv"), config_, context_));
    detectors::HybridDetector detector = Need(pipeline::FitDetector(prepared, config_, context_));
    const Json manifest = pipeline::MakeManifest(prepared, config_, nullptr);
    const detectors::Bundle bundle =
        Need(pipeline::MakeBundle(prepared.plan, detector, manifest, prepared.hashes, nullptr));
    Need(bundle.Write(Path("model.mh")));
    std::vector<std::uint64_t> rows = prepared.hashes;
    std::sort(rows.begin(), rows.end());
    return {.features = std::move(prepared.plan),
            .detector = std::move(detector),
            .manifest = manifest,
            .fingerprint = bundle.Fingerprint(),
            .training_rows = std::move(rows),
            .evaluation = std::nullopt,
            .baseline = std::nullopt};
  }

  Ranking Rank(const Model& model) const { return Need(pipeline::RankWithModel(Read("b.csv"), model, context_)); }

  /// As text: an undefined feature is no number, and no number equals itself.
  std::string FirstCase(const Ranking& ranking, const Model& model) const {
    const std::size_t first[] = {ranking.order.front()};
    const report::RunReport run = Need(pipeline::MakeReport(ranking, model, first, config_, context_));
    const report::TemplateCaseWriter writer;
    return report::CaseJson(run.cases[0], Need(writer.Write(run.cases[0], run)), run).dump();
  }

  std::string Plan(const Ranking& ranking, const Model& model) const {
    pipeline::PlanOptions options;
    options.terms = {.visits = 15,
                     .budget = {},
                     .visit_cost = 20,
                     .tariff = config_.tariff,
                     .currency = config_.currency,
                     .travel_by = {},
                     .random_share = config_.random_share,
                     .seed = static_cast<std::uint64_t>(config_.seed)};
    const pipeline::ScoredList list = Need(pipeline::ListOf(ranking, config_, context_));
    return report::PlanCsv(Need(pipeline::MakePlan(list, {}, options, model.evaluation)));
  }

  ThreadPool pool_{2};
  Progress progress_;
  RunContext context_{pool_, progress_, {}};
  pipeline::Config config_;
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("meterhound-one-answer-" + std::to_string(::getpid()));
};

TEST_F(OneAnswer, FromLibraryReloadedModelAndProgram) {
  const Model fitted = Train();
  const Model reloaded = Need(Model::Load(Path("model.mh")));
  EXPECT_EQ(fitted.fingerprint, reloaded.fingerprint);
  const Ranking by_fitted = Rank(fitted);
  const Ranking by_reloaded = Rank(reloaded);
  Program({"score", Path("b.csv"), "--model", Path("model.mh"), "--out", Path("scored"), "--jobs", "1"});
  const pipeline::ScoredList by_program = Need(pipeline::ReadScoredList(Path("scored")));

  ASSERT_EQ(by_program.consumers.size(), by_fitted.order.size());
  for (std::size_t i = 0; i < by_fitted.order.size(); ++i) {
    const std::size_t row = by_fitted.order[i];
    const detectors::RowScore& one = by_fitted.scores[row];
    const pipeline::ScoredConsumer& listed = by_program.consumers[i];
    EXPECT_EQ(listed.id, by_fitted.panel.ids[row]);
    for (const double other : {by_reloaded.scores[row].probability, listed.probability.value}) {
      EXPECT_EQ(std::bit_cast<std::uint64_t>(one.probability), std::bit_cast<std::uint64_t>(other)) << listed.id;
    }
    EXPECT_EQ(one.anomaly_score, listed.anomaly_score) << listed.id;
  }

  const std::string explained = FirstCase(by_fitted, fitted);
  EXPECT_EQ(explained, FirstCase(by_reloaded, reloaded));
  const std::string first = by_fitted.panel.ids[by_fitted.order.front()];
  const Json answer = Json::parse(
      Program({"explain", Path("b.csv"), "--model", Path("model.mh"), "--id", first, "--json", "--jobs", "1"}));
  EXPECT_EQ(explained, answer.at("cases").at(0).dump());

  const std::string plan = Plan(by_fitted, fitted);
  EXPECT_EQ(plan, Plan(by_reloaded, reloaded));
  for (const std::vector<std::string>& from :
       {std::vector<std::string>{"--scores", Path("scored")}, {Path("b.csv"), "--model", Path("model.mh")}}) {
    std::vector<std::string> args = {"plan", "--visits", "15", "--visit-cost", "20", "--out", Path("plan")};
    args.insert(args.end(), from.begin(), from.end());
    Program(args);
    EXPECT_EQ(plan, Need(ReadFile(Path("plan/plan.csv"))));
  }
}

}  // namespace
}  // namespace meterhound::cli
