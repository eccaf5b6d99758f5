// Command: one subcommand as data, and what all subcommands share.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/run_context.h"
#include "pipeline/config.h"
#include "pipeline/inspection_list.h"
#include "readings/readings.h"

namespace meterhound::cli {

/// What a running subcommand is given.
struct Session {
  pipeline::Config config;  ///< defaults, then --config, then flags
  RunContext context;
  bool json = false;    ///< --json: one JSON document on standard output instead of text
  bool quiet = false;   ///< --quiet: errors only
  int exit_status = 0;  ///< of a command that ends well and has something to say by it

  /// Text for people on standard output; nothing with --json or --quiet.
  void Say(std::string_view text) const;
  /// The result for machines on standard output; nothing without --json.
  void Answer(const Json& json_document) const;
};

using Action = std::function<Status(Session&)>;

struct Command {
  std::string name;
  std::string summary;
  std::string example;               ///< full command line, shown by --help
  Action (*declare)(CLI::App& app);  ///< adds flags; the action sees their values
};

// One file each.
Action DeclareRun(CLI::App& app);
Action DeclareCheck(CLI::App& app);
Action DeclareSimulate(CLI::App& app);
Action DeclareExtract(CLI::App& app);
Action DeclareFeatures(CLI::App& app);
Action DeclareSelect(CLI::App& app);
Action DeclareTrain(CLI::App& app);
Action DeclareEvaluate(CLI::App& app);
Action DeclareLeakCheck(CLI::App& app);
Action DeclareScore(CLI::App& app);
Action DeclareExplain(CLI::App& app);
Action DeclareReport(CLI::App& app);
Action DeclarePlan(CLI::App& app);
Action DeclareDrift(CLI::App& app);
Action DeclareRetrain(CLI::App& app);
Action DeclareModel(CLI::App& app);
Action DeclareServe(CLI::App& app);
Action DeclareWorker(CLI::App& app);
Action DeclareDb(CLI::App& app);
Action DeclareJobs(CLI::App& app);
Action DeclareKeys(CLI::App& app);
Action DeclareAlerts(CLI::App& app);
Action DeclareConfig(CLI::App& app);
Action DeclareCompletion(CLI::App& app);

/// Every subcommand in the order of --help.
std::span<const Command> Commands();

/// What to read: FILE, or --source MAPPING --data DIR, and how.
struct InputFlags {
  std::string file;
  std::string source;
  std::string data;
  std::string date_order;
  std::string as_of;
  std::string id_column;
  std::string time_column;
  std::string value_column;
  std::string kind_column;

  void Declare(CLI::App& app);
  Result<readings::ReadOptions> ToReadOptions(const pipeline::Config& config) const;
};

/// What learning may not use.
struct TrainingFlags {
  std::optional<std::string> without;
  bool strict = false;

  void Declare(CLI::App& app);
  Status Apply(pipeline::Config& config) const;
};

/// What visits found: `--feedback FILE`.
struct FeedbackFlags {
  std::string file;
  bool skip_unknown = false;
  std::string labels_from;  ///< of commands that learn or measure

  void Declare(CLI::App& app, const std::string& purpose);
  /// With `--labels-from`.
  void DeclareForLabels(CLI::App& app);
  /// --labels-from into the settings.
  Status TakeLabelsFrom(pipeline::Config& config) const;
  /// Takes --labels-from into the settings and joins the feedback to the data.
  Status Apply(pipeline::SourceData& data, pipeline::Config& config) const;
};

/// A saved model and the consumers that it ranked.
struct RankedInput {
  pipeline::Model model;
  pipeline::Ranking ranking;
};

/// What to rank and by which model: `--model FILE`, or the environment's MODEL_PATH.
struct RankingFlags {
  InputFlags input;
  std::string model;

  void Declare(CLI::App& app);
  Result<RankedInput> Rank(Session& session) const;
};

/// `--out DIR`: refuses a file's name, which would otherwise become a folder called "scores.csv".
void DeclareOutFolder(CLI::App& app, std::string& out, const std::string& what);

/// A warning, as a line, when some of the consumers ranked were among the model's training data; else empty.
std::string SeenRemark(const pipeline::Ranking& ranking);

}  // namespace meterhound::cli
