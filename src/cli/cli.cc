// Builds the command line from the table of commands, runs the chosen one and turns errors into exit statuses.
#include "cli/cli.h"

#include <cstdio>
#include <exception>
#include <memory>
#include <new>

#include "base/nearest_name.h"
#include "base/version.h"
#include "cli/build_info.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/terminal_progress.h"

namespace meterhound::cli {
namespace {

/// Flags that mean the same everywhere.
struct CommonFlags {
  std::string config;
  std::optional<std::int64_t> seed;
  std::optional<std::int64_t> jobs;
  std::vector<std::string> settings;
  bool json = false;
  bool quiet = false;

  void Declare(CLI::App& app) {
    app.add_option("--config", config, "Settings in YAML (see config/pipeline_config.yaml)")->type_name("FILE");
    app.add_option("--seed", seed, "Decides every random choice; same seed, same output")->type_name("N");
    app.add_option("--jobs,-j", jobs, "Threads; 0 = all cores the process really has")->type_name("N");
    app.add_option("--set", settings, "One setting, e.g. --set detection.xgboost.max_depth=4; may be repeated")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.add_flag("--json", json, "Answer in JSON on standard output");
    app.add_flag("--quiet,-q", quiet, "Print errors only");
  }

  Result<pipeline::Config> ToConfig() const {
    pipeline::Config result;
    if (!config.empty()) {
      METERHOUND_ASSIGN_OR_RETURN(result, pipeline::LoadConfig(config));
    }
    for (const std::string& setting : settings) {
      const std::size_t equals = setting.find('=');
      if (equals == std::string::npos) return InvalidInput("found '" + setting + "', expected KEY=VALUE", "--set");
      METERHOUND_RETURN_IF_ERROR(pipeline::SetConfigValue(result, std::string_view(setting).substr(0, equals),
                                                          std::string_view(setting).substr(equals + 1), "--set"));
    }
    if (seed) METERHOUND_RETURN_IF_ERROR(pipeline::SetConfigValue(result, "seed", std::to_string(*seed), "--seed"));
    if (jobs) {
      METERHOUND_RETURN_IF_ERROR(
          pipeline::SetConfigValue(result, "feature_extraction.n_jobs", std::to_string(*jobs), "--jobs"));
    }
    return result;
  }
};

struct Chosen {
  const Command* command = nullptr;
  CLI::App* app = nullptr;
  CommonFlags common;
  Action action;
};

constexpr const char* kDescription =
    "Meterhound finds electricity theft in meter readings and says whom to visit first, and why.";
constexpr const char* kFooter =
    "Exit status: 0 done, 1 failure, 2 input or flags not as expected, 3 drift found or a model not promoted, 130 "
    "stopped by Ctrl-C.\n"
    "Start with: meterhound simulate --out town.csv && meterhound run town.csv --out out";

int Fail(const Error& error) {
  std::fprintf(stderr, "meterhound: %s\n", error.ToString().c_str());
  return ExitStatus(error.code);
}

// CLI11 says what is wrong; add the flag or command that was probably meant.
int FailToParse(const CLI::ParseError& error, const CLI::App& root, int argc, char** argv) {
  std::string message = error.what();
  const CLI::App* app = root.get_subcommands().empty() ? &root : root.get_subcommands().front();
  std::vector<std::string> known;
  for (const CLI::Option* option : app->get_options()) {
    for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
  }
  if (app == &root) {
    for (const Command& command : Commands()) known.push_back(command.name);
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    const bool is_known = std::find(known.begin(), known.end(), word) != known.end();
    if (!is_known && message.find(word) != std::string::npos) message += Suggestion(word, known);
  }
  if (app == &root && argc > 1 && argv[1][0] != '-') {
    const std::string word = argv[1];
    message = "no command '" + word + "'" + Suggestion(word, known);
  }
  const std::string where = app == &root ? "" : " " + app->get_name();
  std::fprintf(stderr, "meterhound%s: %s\nTry: meterhound%s --help\n", where.c_str(), message.c_str(), where.c_str());
  return ExitStatus(ErrorCode::kInvalidInput);
}

int RunAction(Chosen& chosen) {
  const auto config = chosen.common.ToConfig();
  if (!config) return Fail(config.error());
  const Interrupt interrupt;  // before the pool, whose threads inherit the blocked signals
  ThreadPool pool(static_cast<std::size_t>(config->jobs));
  TerminalProgress progress(!chosen.common.quiet);
  Session session{.config = *config,
                  .context = {.pool = pool, .progress = progress, .stop = interrupt.token()},
                  .json = chosen.common.json,
                  .quiet = chosen.common.quiet};
  const Status status = chosen.action(session);
  return status.ok() ? session.exit_status : Fail(status.error());
}

}  // namespace

std::span<const Command> Commands() {
  static const std::vector<Command> commands = {
      {"run", "Everything: read, clean, extract, train, evaluate, rank, explain, report",
       "meterhound run readings.csv --out out", &DeclareRun},
      {"check", "Data quality of a file of readings", "meterhound check readings.csv --html quality.html",
       &DeclareCheck},
      {"simulate", "Write a made-up town with known thefts", "meterhound simulate --consumers 3000 --out town.csv",
       &DeclareSimulate},
      {"extract", "Features of every consumer",
       "meterhound extract readings.csv --settings efficient --out features.csv", &DeclareExtract},
      {"features", "Every feature calculator: what it measures, costs and takes",
       "meterhound features --settings efficient+theft", &DeclareFeatures},
      {"select", "Features that say something about a target",
       "meterhound select features.csv --target readings.csv --out selected.csv", &DeclareSelect},
      {"train", "Train a detector on labelled readings", "meterhound train readings.csv --out out", &DeclareTrain},
      {"evaluate", "Measure by nested cross-validation, or a saved model on consumers it never saw",
       "meterhound evaluate readings.csv --out out", &DeclareEvaluate},
      {"leakcheck", "Look for what gives labels away before anything is learnt", "meterhound leakcheck readings.csv",
       &DeclareLeakCheck},
      {"score", "Rank consumers with a saved model", "meterhound score new.csv --model out/model.mh --out out",
       &DeclareScore},
      {"explain", "Why consumers got their score",
       "meterhound explain new.csv --model out/model.mh --id 0387DD8A07E07FDA6271170F86AD9151", &DeclareExplain},
      {"report", "Cases and report page from readings and a saved model",
       "meterhound report new.csv --model out/model.mh --out out", &DeclareReport},
      {"plan", "Whom to visit under a budget, and what that is expected to bring",
       "meterhound plan --scores out --visits 100 --visit-cost 40 --out plan", &DeclarePlan},
      {"drift", "Whether consumers still look like those of a reference, or of a model's training data",
       "meterhound drift out/model.mh new.csv --html drift.html", &DeclareDrift},
      {"retrain", "Train a challenger, compare it with the model in use, promote it when it is not worse",
       "meterhound retrain readings.csv --model out/model.mh --out retrained", &DeclareRetrain},
      {"model", "Language models on this machine", "meterhound model download smollm2", &DeclareModel},
      {"serve", "The service: API, the analyst's page and workers in one process",
       "meterhound serve --model out/model.mh", &DeclareServe},
      {"worker", "Work on the jobs of a service's queues",
       "meterhound worker -Q math_queue,llm_queue --store postgresql://meterhound@db/meterhound --queue redis://queue",
       &DeclareWorker},
      {"db", "The service's store: make, back up, restore", "meterhound db migrate --store sqlite:meterhound.db",
       &DeclareDb},
      {"jobs", "Jobs of the service; those that failed too often", "meterhound jobs list --state dead", &DeclareJobs},
      {"keys", "API keys of the service", "meterhound keys add anna --scope score,review", &DeclareKeys},
      {"alerts", "What the service has found wrong; a message to try chat and mail", "meterhound alerts test",
       &DeclareAlerts},
      {"config", "Every setting with its value and meaning", "meterhound config --set report.cases=20", &DeclareConfig},
      {"completion", "Shell completion", "meterhound completion bash > /etc/bash_completion.d/meterhound",
       &DeclareCompletion},
  };
  return commands;
}

int Main(int argc, char** argv) {
  CLI::App root(kDescription, "meterhound");
  root.footer(kFooter);
  bool verbose = false;  // declared before --version, whose answer it lengthens
  root.add_flag("--verbose", verbose, "With --version: what the program was built from");
  root.set_version_flag("--version", [&verbose] {
    return std::string("meterhound ") + kVersion + (verbose ? std::string("\n") + kBuildInfo : "");
  });
  root.require_subcommand(1);
  std::vector<std::unique_ptr<Chosen>> choices;
  for (const Command& command : Commands()) {
    auto choice = std::make_unique<Chosen>();
    choice->command = &command;
    choice->app = root.add_subcommand(command.name, command.summary);
    choice->app->footer("Example: " + command.example);
    choice->action = command.declare(*choice->app);
    choice->common.Declare(*choice->app);
    choices.push_back(std::move(choice));
  }
  try {
    root.parse(argc, argv);
    for (const auto& choice : choices) {
      if (choice->app->parsed()) return RunAction(*choice);
    }
    return 0;
  } catch (const CLI::Success& done) {
    return root.exit(done);  // --help, --version
  } catch (const CLI::ParseError& error) {
    return FailToParse(error, root, argc, argv);
  } catch (const std::bad_alloc&) {
    return Fail({ErrorCode::kUnavailable, "out of memory", ""});
  } catch (const std::exception& error) {
    return Fail({ErrorCode::kInternal, error.what(), ""});
  }
}

}  // namespace meterhound::cli
