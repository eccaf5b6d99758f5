// The table of settings, and YAML, flags and JSON walking over it.
#include "pipeline/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <variant>

#include "base/file.h"
#include "base/nearest_name.h"
#include "base/numbers.h"
#include "monitor/schedule.h"
#include "report/language.h"

namespace meterhound::pipeline {
namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

struct Setting {
  std::string key;
  std::variant<std::int64_t Config::*, double Config::*, std::string Config::*> member;
  double low = -kNoLimit;
  double high = kNoLimit;
  std::vector<std::string> choices;  // of a text; empty = anything
  std::string meaning;
  bool list = false;  // any of the choices, joined by commas
  bool schedule = false;
  bool may_be_empty = false;  // a schedule
};

const std::vector<Setting>& Settings() {
  static const std::vector<Setting> settings = {
      {"seed", &Config::seed, 0, 9e15, {}, "decides every random choice; the same seed gives the same output"},
      {"readings.date_order", &Config::date_order, 0, 0, {"auto", "mdy", "dmy"}, "how 1/2/2014 is to be read"},
      {"readings.as_of",
       &Config::as_of,
       0,
       0,
       {},
       "a day; readings not known by its end are left out; empty: none are"},
      {"clean.policy",
       &Config::clean_policy,
       0,
       0,
       {"forward_backward_zero", "none", "seasonal_median"},
       "how gaps are filled; the mask of what was missing stays"},
      {"feature_extraction.tsfresh_settings",
       &Config::tsfresh_settings,
       0,
       0,
       {},
       "auto, minimal, efficient, comprehensive, index_based, time_based, theft, several joined by +, or a .json or "
       ".yaml file of "
       "tsfresh's dictionaries"},
      {"feature_extraction.n_jobs", &Config::jobs, 0, 4096, {}, "threads; 0 = all cores the process really has"},
      {"detection.isolation_forest.contamination",
       &Config::contamination,
       0,
       0.5,
       {},
       "share of consumers flagged as novel"},
      {"detection.isolation_forest.n_estimators",
       &Config::forest_estimators,
       0,
       10000,
       {},
       "trees of the isolation forest; 0: no forest"},
      {"detection.isolation_forest.max_samples",
       &Config::forest_samples,
       2,
       1e6,
       {},
       "consumers a tree of the isolation forest sees"},
      {"detection.xgboost.max_depth", &Config::max_depth, 1, 16, {}, "depth of a boosted tree"},
      {"detection.xgboost.learning_rate", &Config::learning_rate, 1e-4, 1, {}, "shrinkage of each boosted tree"},
      {"detection.xgboost.scale_pos_weight",
       &Config::scale_pos_weight,
       1e-3,
       1e4,
       {},
       "weight of a theft against an honest consumer; calibration undoes its effect on probabilities"},
      {"detection.xgboost.n_estimators",
       &Config::boosting_rounds,
       1,
       100000,
       {},
       "most boosting rounds; early stopping takes fewer"},
      {"detection.xgboost.early_stopping_rounds",
       &Config::early_stopping_rounds,
       1,
       10000,
       {},
       "rounds without gain on the validation part before boosting stops"},
      {"detection.xgboost.subsample", &Config::subsample, 0.05, 1, {}, "share of rows a tree sees"},
      {"detection.xgboost.colsample_bytree", &Config::colsample_bytree, 0.01, 1, {}, "share of features a tree sees"},
      {"detection.xgboost.min_child_weight", &Config::min_child_weight, 0, 1e6, {}, "least weight of a leaf"},
      {"detection.xgboost.reg_lambda", &Config::reg_lambda, 0, 1e6, {}, "L2 penalty on leaf values"},
      {"detection.xgboost.max_bin", &Config::max_bin, 2, 65535, {}, "steps that a feature's values are sorted into"},
      {"detection.bags", &Config::bags, 1, 100, {}, "tree models, each with another validation part; averaged"},
      {"detection.novelty_share",
       &Config::novelty_share,
       0,
       0.5,
       {},
       "share of the list's places for the consumers with the rarest signs, whatever their probability"},
      {"detection.resampling",
       &Config::resampling,
       0,
       0,
       {"none", "smote_tomek"},
       "of the training part only; with scale_pos_weight above 1 the imbalance is mended twice"},
      {"detection.calibration",
       &Config::calibration,
       0,
       0,
       {"auto", "platt", "isotonic"},
       "how margins become probabilities, fitted on untouched rows"},
      {"detection.calibration_share",
       &Config::calibration_share,
       0,
       0.45,
       {},
       "of the labelled consumers: for calibration and tiers, seen by nothing before; 0 = enough for 400 thefts"},
      {"detection.validation_share",
       &Config::validation_share,
       0,
       0.45,
       {},
       "of the labelled consumers: for early stopping; 0 = enough for 400 thefts"},
      {"detection.without",
       &Config::without,
       0,
       0,
       {"behaviour", "coverage", "attributes", "inspection"},
       "groups of features to train and evaluate without, joined by commas",
       true},
      {"detection.labels_from",
       &Config::labels_from,
       0,
       0,
       {"all", "inspections"},
       "whether a consumer labelled honest is; from inspections, only those whom a visit found so are"},
      {"detection.class_prior",
       &Config::class_prior,
       0,
       0.99,
       {},
       "share of theft among all consumers when labels come from inspections; 0 = estimated"},
      {"evaluation.folds", &Config::folds, 2, 50, {}, "outer folds of the nested cross-validation"},
      {"evaluation.seeds", &Config::seeds, 1, 100, {}, "repetitions of the cross-validation with other folds"},
      {"evaluation.bootstraps", &Config::bootstraps, 100, 100000, {}, "resamples behind each 95 % interval"},
      {"evaluation.leak_warnings",
       &Config::leak_warnings,
       0,
       0,
       {"report", "fail"},
       "what a questionable feature or date does to a run; certain leaks always fail it"},
      {"explain.tariff", &Config::tariff, 0, 1e6, {}, "money a kWh"},
      {"explain.currency", &Config::currency, 0, 0, {}, "name of the money"},
      {"explain.minimum_drop",
       &Config::minimum_drop,
       0.01,
       0.99,
       {},
       "share of the old level that a lasting drop must lose to be named"},
      {"report.cases", &Config::report_cases, 0, 5000, {}, "consumers that get a case in the report"},
      {"report.language", &Config::report_language, 0, 0, report::Language::Codes(), "of what is written for crews"},
      {"plan.visit_cost", &Config::visit_cost, 0, 1e9, {}, "money a visit costs, without travel"},
      {"plan.random_share",
       &Config::random_share,
       0,
       1,
       {},
       "share of the visits (or of their budget) that goes to consumers drawn at random, to learn from"},
      {"llm.engine",
       &Config::llm_engine,
       0,
       0,
       {"template", "llama", "openai"},
       "who words the reports: the template, a model on this machine, or a server"},
      {"llm.mode",
       &Config::llm_mode,
       0,
       0,
       {"auto", "plan", "prose"},
       "plan: the model chooses and orders sentences of ours; prose: it words them and each is checked; auto: prose "
       "from 2 "
       "billion parameters on, in English"},
      {"llm.model",
       &Config::llm_model,
       0,
       0,
       {},
       "llama: a name known to `meterhound model list` or a GGUF file; openai: the server's name for its model"},
      {"llm.quantization",
       &Config::llm_quantization,
       0,
       0,
       {},
       "form that the model's weights must have, such as Q4_K_M; auto: any"},
      {"llm.max_tokens", &Config::llm_max_tokens, 1, 100000, {}, "longest text of a language model"},
      {"llm.temperature", &Config::llm_temperature, 0, 2, {}, "randomness of a language model"},
      {"llm.threads", &Config::llm_threads, 0, 1024, {}, "threads of a model; 0 = all cores the process really has"},
      {"llm.context",
       &Config::llm_context,
       64,
       1e6,
       {},
       "tokens that a model holds at once, of all texts in work together"},
      {"llm.parallel", &Config::llm_parallel, 1, 64, {}, "texts that a model works on at once, as far as they fit"},
      {"llm.cases",
       &Config::llm_cases,
       0,
       5000,
       {},
       "cases at the head of the list that a model words, the rest being the template's; 0 = all"},
      {"llm.memory_limit", &Config::llm_memory_limit, 0, 1e7, {}, "MB a model may hold; 0 = no limit"},
      {"llm.timeout", &Config::llm_timeout, 0.001, 86400, {}, "seconds a text may take"},
      {"llm.url", &Config::llm_url, 0, 0, {}, "openai: the server, up to and including /v1"},
      {"llm.constraint",
       &Config::llm_constraint,
       0,
       0,
       {"json_schema", "grammar", "none"},
       "openai: how the server is told what a text must look like"},
      {"service.store",
       &Config::service_store,
       0,
       0,
       {},
       "where jobs, cases and models are kept: sqlite:FILE, or postgresql://user:password@host/name"},
      {"service.queue",
       &Config::service_queue,
       0,
       0,
       {},
       "who hands out jobs: the store itself, or redis://[:password@]host[:port]"},
      {"service.address", &Config::service_address, 0, 0, {}, "that the server listens on"},
      {"service.port", &Config::service_port, 0, 65535, {}, "0 = any that is free"},
      {"service.certificate", &Config::service_certificate, 0, 0, {}, "of TLS, PEM with its chain; empty: no TLS"},
      {"service.key", &Config::service_key, 0, 0, {}, "of the certificate, PEM"},
      {"service.rate_limit", &Config::service_rate_limit, 0, 1e9, {}, "requests a second of one key; 0 = no limit"},
      {"service.detailed_cases",
       &Config::service_detailed_cases,
       1,
       5000,
       {},
       "consumers of a list whose load curve, reasons and report are kept"},
      {"service.worded_cases",
       &Config::service_worded_cases,
       0,
       5000,
       {},
       "of these, so many are worded by the language model where llm.engine names one"},
      {"service.queue_limit", &Config::service_queue_limit, 1, 1e9, {}, "jobs that may wait; more are refused"},
      {"service.check_answers",
       &Config::service_check_answers,
       0,
       0,
       {"no", "yes"},
       "for tests: an answer that breaks its own schema becomes an error"},
      {"service.district", &Config::service_district, 0, 0, {}, "attribute of consumers by which visits are grouped"},
      {"alerts.webhook_hosts",
       &Config::alerts_webhook_hosts,
       0,
       0,
       {},
       "hosts that alerts may be posted to, joined by commas; the address itself is METERHOUND_ALERTS_WEBHOOK's; "
       "empty: "
       "none are",
       true},
      {"alerts.mail_server",
       &Config::alerts_mail_server,
       0,
       0,
       {},
       "that takes alerts as mail: smtps://host or smtp://host:587; empty: none are mailed"},
      {"alerts.mail_user",
       &Config::alerts_mail_user,
       0,
       0,
       {},
       "login at the mail server, its password being METERHOUND_ALERTS_MAIL_PASSWORD's; empty: no login"},
      {"alerts.mail_from", &Config::alerts_mail_from, 0, 0, {}, "address that alerts come from"},
      {"alerts.mail_to", &Config::alerts_mail_to, 0, 0, {}, "addresses that alerts go to, joined by commas", true},
      {"alerts.ca_file",
       &Config::alerts_ca_file,
       0,
       0,
       {},
       "PEM of who signs the certificates of chat and mail server; empty: those that the system trusts"},
      {"alerts.cool_down",
       &Config::alerts_cool_down,
       0,
       8760,
       {},
       "hours until an alert that still fires is told again"},
      {"alerts.attempts",
       &Config::alerts_attempts,
       1,
       100,
       {},
       "times that telling is tried before it waits for a person"},
      {"monitoring.psi_threshold",
       &Config::psi_threshold,
       0,
       10,
       {},
       "population stability index from which drift is named"},
      {"monitoring.check_frequency",
       &Config::check_frequency,
       0,
       0,
       {},
       "how often drift is checked: hourly, daily, weekly, or the five fields of cron",
       false,
       true},
      {"retraining.data",
       &Config::retraining_data,
       0,
       0,
       {},
       "labelled readings that the service trains on anew: a file, or the folder of retraining.source; empty: uploads"},
      {"retraining.source",
       &Config::retraining_source,
       0,
       0,
       {},
       "source mapping in YAML for bills in retraining.data"},
      {"retraining.holdout_share",
       &Config::holdout_share,
       0.05,
       0.5,
       {},
       "of the consumers: never trained on by a new model, so that it is compared on them"},
      {"retraining.margin",
       &Config::retraining_margin,
       0,
       0.2,
       {},
       "of ROC-AUC and of PR-AUC that a new model may be worse by, at the lower end of the interval"},
      {"retraining.promote",
       &Config::retraining_promote,
       0,
       0,
       {"auto", "ask"},
       "whether a new model that is not worse takes over at once or waits for a person"},
      {"retraining.cool_down",
       &Config::retraining_cool_down,
       0,
       720,
       {},
       "hours between two retrainings that nobody ordered by hand"},
      {"retraining.least_labels",
       &Config::retraining_least_labels,
       0,
       1e9,
       {},
       "visits told since the last retraining without which none is begun, unless by hand"},
      {"retraining.feedback_count",
       &Config::retraining_feedback_count,
       0,
       1e9,
       {},
       "visits told since the last retraining that begin one; 0 = none do"},
      {"retraining.on_drift", &Config::retraining_on_drift, 0, 0, {"no", "yes"}, "whether drift begins a retraining"},
      {"retraining.schedule",
       &Config::retraining_schedule,
       0,
       0,
       {},
       "when a retraining begins by itself, as monitoring.check_frequency; empty: never",
       false,
       true,
       true},
  };
  return settings;
}

std::vector<std::string> KnownKeys() {
  std::vector<std::string> keys;
  for (const Setting& setting : Settings()) keys.push_back(setting.key);
  return keys;
}

std::string Bounds(const Setting& setting) {
  return "between " + FormatDouble(setting.low) + " and " + FormatDouble(setting.high);
}

std::string Choices(const Setting& setting) {
  std::string text;
  for (const std::string& choice : setting.choices) text += (text.empty() ? "" : ", ") + choice;
  return text;
}

std::string ValueText(const Config& config, const Setting& setting) {
  if (const auto* member = std::get_if<std::int64_t Config::*>(&setting.member)) return std::to_string(config.**member);
  if (const auto* member = std::get_if<double Config::*>(&setting.member)) return FormatDouble(config.**member);
  return config.*std::get<std::string Config::*>(setting.member);
}

// In the order of the choices, each once, so that the same list always reads the same; as given where there are none.
Result<std::string> OrderedList(const Setting& setting, std::string_view value, const std::string& where) {
  const std::vector<std::string> parts = ListItems(value);
  std::string list;
  if (setting.choices.empty()) {
    for (const std::string& part : parts) list += (list.empty() ? "" : ",") + part;
    return list;
  }
  for (const std::string& part : parts) {
    if (std::find(setting.choices.begin(), setting.choices.end(), part) != setting.choices.end()) continue;
    return InvalidInput(setting.key + ": found '" + part + "', expected some of " + Choices(setting) +
                            Suggestion(part, setting.choices),
                        where);
  }
  for (const std::string& choice : setting.choices) {
    if (std::find(parts.begin(), parts.end(), choice) != parts.end()) list += (list.empty() ? "" : ",") + choice;
  }
  return list;
}

Status CheckSchedule(const Setting& setting, std::string_view value, const std::string& where) {
  const auto schedule = monitor::Schedule::Parse(value, where);
  return schedule.ok() ? Status() : InvalidInput(setting.key + ": " + schedule.error().message, where);
}

Status Assign(Config& config, const Setting& setting, std::string_view value, const std::string& where) {
  const std::string found = "found '" + std::string(value) + "'";
  if (const auto* member = std::get_if<std::int64_t Config::*>(&setting.member)) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || static_cast<double>(number) < setting.low ||
        static_cast<double>(number) > setting.high) {
      return InvalidInput(setting.key + ": " + found + ", expected a whole number " + Bounds(setting), where);
    }
    config.** member = number;
  } else if (const auto* real = std::get_if<double Config::*>(&setting.member)) {
    const auto number = ParseDouble(value);
    if (!number || !(*number >= setting.low && *number <= setting.high)) {
      return InvalidInput(setting.key + ": " + found + ", expected a number " + Bounds(setting), where);
    }
    config.** real = *number;
  } else {
    std::string& text = config.*std::get<std::string Config::*>(setting.member);
    if (setting.list) {
      METERHOUND_ASSIGN_OR_RETURN(text, OrderedList(setting, value, where));
      return {};
    }
    const auto& choices = setting.choices;
    if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
      return InvalidInput(setting.key + ": " + found + ", expected one of " + Choices(setting), where);
    }
    const bool none = setting.may_be_empty && value.empty();
    if (setting.schedule && !none) METERHOUND_RETURN_IF_ERROR(CheckSchedule(setting, value, where));
    text = value;
  }
  return {};
}

Status Unknown(const std::string& key, const std::string& where) {
  return InvalidInput("unknown key '" + key + "'" + Suggestion(key, KnownKeys()), where);
}

bool IsList(const std::string& key) {
  const auto& settings = Settings();
  return std::any_of(settings.begin(), settings.end(), [&](const Setting& s) { return s.key == key && s.list; });
}

// Walks a YAML map and assigns its leaves.
Status Walk(const YAML::Node& node, const std::string& prefix, const std::string& file, Config& config) {
  const auto place = [&file](const YAML::Node& at) {
    return file + ":" + std::to_string(at.Mark().line + 1) + ":" + std::to_string(at.Mark().column + 1);
  };
  if (!node.IsMap()) return InvalidInput("found a list or a bare value, expected keys with values", place(node));
  for (const auto& entry : node) {
    const std::string key = prefix + entry.first.as<std::string>();
    if (entry.second.IsScalar()) {
      METERHOUND_RETURN_IF_ERROR(SetConfigValue(config, key, entry.second.Scalar(), place(entry.first)));
    } else if (entry.second.IsMap()) {
      METERHOUND_RETURN_IF_ERROR(Walk(entry.second, key + ".", file, config));
    } else if (entry.second.IsSequence()) {
      if (!IsList(key)) return InvalidInput(key + ": found a list, expected one value", place(entry.first));
      std::string joined;
      for (const auto& item : entry.second) joined += (joined.empty() ? "" : ",") + item.as<std::string>();
      METERHOUND_RETURN_IF_ERROR(SetConfigValue(config, key, joined, place(entry.first)));
    }
  }
  return {};
}

}  // namespace

Result<Config> LoadConfig(const std::filesystem::path& path) {
  METERHOUND_ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  Config config;
  try {
    const YAML::Node root = YAML::Load(text);
    if (!root.IsNull()) METERHOUND_RETURN_IF_ERROR(Walk(root, "", path.string(), config));
  } catch (const YAML::Exception& error) {
    return InvalidInput("is not valid YAML: " + error.msg, path.string() + ":" + std::to_string(error.mark.line + 1) +
                                                               ":" + std::to_string(error.mark.column + 1));
  }
  return config;
}

Status SetConfigValue(Config& config, std::string_view key, std::string_view value, const std::string& where) {
  for (const Setting& setting : Settings()) {
    if (setting.key == key) return Assign(config, setting, value, where);
  }
  return Unknown(std::string(key), where);
}

std::vector<std::string> ListItems(std::string_view text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string part(text.substr(begin, end - begin));
    std::erase(part, ' ');
    if (!part.empty()) parts.push_back(std::move(part));
    begin = end + 1;
  }
  return parts;
}

std::vector<FeatureGroup> ExcludedGroups(const Config& config) {
  std::vector<FeatureGroup> groups;
  for (const std::string& name : ListItems(config.without)) groups.push_back(ParseFeatureGroup(name).value());
  return groups;
}

Json ToJson(const Config& config) {
  Json json = Json::object();
  for (const Setting& setting : Settings()) {
    std::string pointer = "/" + setting.key;
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    Json& target = json[Json::json_pointer(pointer)];
    std::visit([&](auto member) { target = config.*member; }, setting.member);
  }
  return json;
}

std::vector<ConfigKey> ConfigKeys() {
  const Config defaults;
  std::vector<ConfigKey> keys;
  for (const Setting& setting : Settings())
    keys.push_back({setting.key, ValueText(defaults, setting), setting.meaning});
  return keys;
}

}  // namespace meterhound::pipeline
