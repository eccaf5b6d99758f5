// Config: every setting of a run, read from YAML, overridden by flags, stored in the model's manifest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/panel.h"
#include "base/result.h"

namespace meterhound::pipeline {

/// Flat, one member a key; the table in config.cc gives each its dotted key, its bounds and its meaning.
struct Config {
  std::int64_t seed = 1;

  std::string date_order = "auto";
  std::string as_of;  ///< a day, or empty
  std::string clean_policy = "forward_backward_zero";

  std::string tsfresh_settings = "auto";
  std::vector<std::string> columns;  ///< if any, only these features, whatever tsfresh_settings says; by flag alone
  std::int64_t jobs = 0;

  double contamination = 0.05;
  std::int64_t forest_estimators = 100;
  std::int64_t forest_samples = 256;

  std::int64_t max_depth = 6;
  double learning_rate = 0.03;
  double scale_pos_weight = 1;
  std::int64_t boosting_rounds = 1200;
  std::int64_t early_stopping_rounds = 40;
  double subsample = 0.8;
  double colsample_bytree = 0.3;
  double min_child_weight = 5;
  double reg_lambda = 2;
  std::int64_t max_bin = 64;
  std::int64_t bags = 1;

  double novelty_share = 0.05;
  std::string resampling = "none";
  std::string calibration = "auto";
  double calibration_share = 0;
  double validation_share = 0;
  std::string without;  ///< groups of features to do without, joined by commas; see ExcludedGroups
  std::string labels_from = "all";
  double class_prior = 0;

  std::int64_t folds = 5;
  std::int64_t seeds = 1;
  std::int64_t bootstraps = 2000;
  std::string leak_warnings = "report";

  double tariff = 0.15;
  std::string currency = "EUR";
  double minimum_drop = 0.25;
  std::int64_t report_cases = 50;
  std::string report_language = "en";

  double visit_cost = 0;
  double random_share = 0.05;

  std::string llm_engine = "template";
  std::string llm_mode = "auto";
  std::string llm_model = "smollm2";
  std::string llm_quantization = "auto";
  std::int64_t llm_max_tokens = 256;
  double llm_temperature = 0.3;
  std::int64_t llm_threads = 0;
  std::int64_t llm_context = 2048;
  std::int64_t llm_parallel = 4;
  std::int64_t llm_cases = 0;
  std::int64_t llm_memory_limit = 4096;
  double llm_timeout = 120;
  std::string llm_url = "http://127.0.0.1:8080/v1";
  std::string llm_constraint = "json_schema";

  std::string service_store = "sqlite:meterhound.db";
  std::string service_queue = "store";
  std::string service_address = "127.0.0.1";
  std::int64_t service_port = 8000;
  std::string service_certificate;
  std::string service_key;
  double service_rate_limit = 0;
  std::int64_t service_detailed_cases = 500;
  std::int64_t service_worded_cases = 10;
  std::int64_t service_queue_limit = 10000;
  std::string service_district = "district";
  std::string service_check_answers = "no";

  std::string alerts_webhook_hosts;  ///< joined by commas, see ListItems; so are the addresses of mail_to
  std::string alerts_mail_server;
  std::string alerts_mail_user;
  std::string alerts_mail_from;
  std::string alerts_mail_to;
  std::string alerts_ca_file;
  double alerts_cool_down = 24;
  std::int64_t alerts_attempts = 10;

  double psi_threshold = 0.2;
  std::string check_frequency = "daily";

  std::string retraining_data;
  std::string retraining_source;
  double holdout_share = 0.25;
  double retraining_margin = 0.02;
  std::string retraining_promote = "auto";
  double retraining_cool_down = 168;
  std::int64_t retraining_least_labels = 0;
  std::int64_t retraining_feedback_count = 0;
  std::string retraining_on_drift = "no";
  std::string retraining_schedule;
};

/// Defaults overridden by a YAML file. An unknown key, a value of the wrong type or out of bounds is an error with
/// file:line:column that names the nearest known key or the bounds.
Result<Config> LoadConfig(const std::filesystem::path& path);
/// Sets one dotted key ("detection.xgboost.max_depth") from text; `where` names the flag for the error.
Status SetConfigValue(Config& config, std::string_view key, std::string_view value, const std::string& where);
/// Parts of a text joined by commas, without spaces.
std::vector<std::string> ListItems(std::string_view text);
/// The groups that `without` names.
std::vector<FeatureGroup> ExcludedGroups(const Config& config);
/// All keys, nested as in the YAML file, in the table's order.
Json ToJson(const Config& config);

/// A key for documentation.
struct ConfigKey {
  std::string key;
  std::string default_value;
  std::string meaning;
};
std::vector<ConfigKey> ConfigKeys();

}  // namespace meterhound::pipeline
