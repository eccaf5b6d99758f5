// One function a family of documents.
#include "serve/schemas.h"

#include "report/language.h"
#include "serve/consumer_json.h"

namespace meterhound::serve {
namespace {

Json Time() { return {{"type", "string"}, {"format", "date-time"}}; }
Json Day() { return {{"type", "string"}, {"format", "date"}}; }
Json Share() { return {{"type", "number"}, {"minimum", 0}, {"maximum", 1}}; }
Json Estimate() { return Object({{"value", Number()}, {"low", Number()}, {"high", Number()}}); }
Json Numbers() { return ArrayOf(OrNull(Number())); }
Json AnyObject() { return {{"type", "object"}}; }

void AddJobs(Json& all) {
  all["Consumer"] = ConsumerSchema();
  all["DetectRequest"] = Object(
      {{"consumers", {{"type", "array"}, {"minItems", 1}, {"maxItems", 10000}, {"items", Component("Consumer")}}}},
      {{"title", {{"type", "string"}, {"maxLength", 200}}}, {"language", Languages()}}, true);
  all["ScoreRequest"] =
      Object({{"consumers", {{"type", "array"}, {"minItems", 1}, {"maxItems", 64}, {"items", Component("Consumer")}}}},
             {{"language", Languages()}}, true);
  all["JobProgress"] = Object({{"stage", Text()}, {"done", Integer()}, {"total", Integer()}, {"unit", Text()}});
  all["Job"] = Object({{"id", Text()},
                       {"kind", Text()},
                       {"queue", Text()},
                       {"title", Text()},
                       {"state", OneOf({"queued", "running", "done", "failed", "cancelled", "dead"})},
                       {"progress", Component("JobProgress")},
                       {"attempts", Integer()},
                       {"created", Time()},
                       {"started", OrNull(Time())},
                       {"finished", OrNull(Time())},
                       {"expires", OrNull(Time())},
                       {"error", OrNull(Object({{"code", Text()}, {"message", Text()}, {"where", Text()}}))},
                       {"result", OrNull(AnyObject())},
                       {"links", AnyObject()}});
  all["JobPage"] = Object({{"items", ArrayOf(Component("Job"))}, {"next", OrNull(Text())}});
}

void AddScores(Json& all) {
  all["Reason"] = Object({{"feature", Text()},
                          {"title", Text()},
                          {"group", Text()},
                          {"value", OrNull(Number())},
                          {"shown", Text()},
                          {"log_odds", Number()}});
  all["Score"] = Object({{"id", Text()},
                         {"probability", Share()},
                         {"probability_low", Share()},
                         {"probability_high", Share()},
                         {"tier", OneOf({"high", "medium", "low"})},
                         {"anomaly_score", OrNull(Number())},
                         {"trained_on", Flag()},
                         {"reasons", ArrayOf(Component("Reason"))},
                         {"evidence", AnyObject()}});
  all["ScoreAnswer"] = Object({{"model", Text()}, {"results", ArrayOf(Component("Score"))}});
}

void AddRuns(Json& all) {
  all["District"] =
      Object({{"name", Text()}, {"consumers", Integer()}, {"high", Integer()}, {"expected_kwh", Number()}});
  all["Run"] = Object({{"id", Text()},
                       {"title", Text()},
                       {"created", Time()},
                       {"model", Text()},
                       {"consumers", Integer()},
                       {"high", Integer()},
                       {"medium", Integer()},
                       {"detailed", Integer()},
                       {"simulated", Flag()},
                       {"trained_on", Integer()},
                       {"currency", Text()},
                       {"tariff", Number()},
                       {"districts", ArrayOf(Component("District"))}},
                      {{"evaluation", OrNull(AnyObject())}});
  all["RunList"] = Object({{"items", ArrayOf(Component("Run"))}});
  all["Quality"] = Object({{"items", ArrayOf(Object({{"name", Text()},
                                                     {"value", Text()},
                                                     {"severity", OneOf({"info", "warning", "error"})},
                                                     {"meaning", Text()}}))}});
}

void AddCases(Json& all) {
  all["Feedback"] = Object({{"id", Text()},
                            {"case", Text()},
                            {"consumer_id", Text()},
                            {"outcome", OneOf({"found", "not_found", "no_access"})},
                            {"visited_on", Day()},
                            {"recovered_kwh", OrNull(Number())},
                            {"note", Text()},
                            {"selection_probability", OrNull(Number())},
                            {"at", Time()},
                            {"who", Text()}});
  all["NewFeedback"] =
      Object({{"outcome", OneOf({"found", "not_found", "no_access"})}, {"visited_on", Day()}},
             {{"recovered_kwh", {{"type", {"number", "null"}}, {"minimum", 0}, {"maximum", 1e12}}},
              {"note", {{"type", "string"}, {"maxLength", 2000}}},
              {"selection_probability", {{"type", {"number", "null"}}, {"exclusiveMinimum", 0}, {"maximum", 1}}}},
             true);
  const Properties summary = {{"id", Text()},
                              {"run", Text()},
                              {"consumer_id", Text()},
                              {"rank", Integer()},
                              {"probability", Share()},
                              {"probability_low", Share()},
                              {"probability_high", Share()},
                              {"tier", OneOf({"high", "medium", "low"})},
                              {"anomaly_score", OrNull(Number())},
                              {"listed_for", OneOf({"probability", "sign"})},
                              {"missing_kwh", OrNull(Estimate())},
                              {"missing_money", OrNull(Number())},
                              {"change_date", OrNull(Text())},
                              {"district", OrNull(Text())},
                              {"attributes", AnyObject()},
                              {"status", OneOf({"open", "found", "not_found", "no_access"})},
                              {"detailed", Flag()}};
  all["CaseSummary"] = Object(summary);
  all["CasePage"] = Object({{"run", OrNull(Text())},
                            {"items", ArrayOf(Component("CaseSummary"))},
                            {"total", Integer()},
                            {"next", OrNull(Text())}});
  all["Series"] = Object(
      {{"kind", Text()}, {"unit", Text()}, {"cadence", Text()}, {"times", ArrayOf(Text())}, {"values", Numbers()}});
  all["Peers"] = Object({{"what", Text()},
                         {"consumers", Integer()},
                         {"times", ArrayOf(Text())},
                         {"low", Numbers()},
                         {"median", Numbers()},
                         {"high", Numbers()}});
  all["HistoryEntry"] = Object({{"at", Time()}, {"who", Text()}, {"what", Text()}, {"detail", OrNull(AnyObject())}});
  all["Case"] = {{"allOf",
                  {Component("CaseSummary"), Object({{"case", OrNull(AnyObject())},
                                                     {"series", OrNull(Component("Series"))},
                                                     {"peers", OrNull(Component("Peers"))},
                                                     {"feedback", ArrayOf(Component("Feedback"))},
                                                     {"history", ArrayOf(Component("HistoryEntry"))},
                                                     {"report_job", OrNull(Component("Job"))}})}}};
  all["NewReport"] = Object({}, {{"language", Languages()}}, true);
}

void AddOperations(Json& all) {
  all["Session"] = Object({{"name", Text()}, {"scopes", ArrayOf(Text())}, {"keys_required", Flag()}});
  all["NewSession"] = Object({{"key", {{"type", "string"}, {"minLength", 1}, {"maxLength", 200}}}}, {}, true);
  all["Model"] = Object({{"fingerprint", Text()},
                         {"name", Text()},
                         {"added", Time()},
                         {"bytes", Integer()},
                         {"active", Flag()},
                         {"consumers", Integer()},
                         {"features", Integer()},
                         {"evaluation", OrNull(AnyObject())},
                         {"manifest", OrNull(AnyObject())}});
  all["ModelList"] =
      Object({{"active", OrNull(Text())}, {"before", OrNull(Text())}, {"items", ArrayOf(Component("Model"))}});
  all["AuditEntry"] = Object({{"seq", Integer()},
                              {"at", Time()},
                              {"who", Text()},
                              {"action", Text()},
                              {"target", Text()},
                              {"detail", OrNull(AnyObject())},
                              {"hash", Text()}});
  all["AuditPage"] =
      Object({{"items", ArrayOf(Component("AuditEntry"))}, {"next", OrNull(Text())}, {"intact", Flag()}});
  all["Plan"] = AnyObject();
  all["DriftReport"] = Object({{"report", OrNull(AnyObject())}}, {{"at", Time()}, {"model", Text()}});
  all["DriftHistory"] = Object(
      {{"items", ArrayOf(Object({{"id", Text()}, {"at", Time()}, {"model", Text()}, {"report", AnyObject()}}))}});
  all["Alert"] = Object({{"alert", Text()},
                         {"state", OneOf({"firing", "resolved"})},
                         {"severity", OneOf({"info", "warning", "critical"})},
                         {"title", Text()},
                         {"text", Text()},
                         {"detail", AnyObject()},
                         {"link", Text()},
                         {"since", Time()},
                         {"updated", Time()},
                         {"resolved", OrNull(Time())},
                         {"last_told", OrNull(Time())},
                         {"times", Integer()}});
  all["AlertList"] = Object({{"items", ArrayOf(Component("Alert"))}});
  all["System"] = Object(
      {{"version", Text()},
       {"started", Time()},
       {"uptime_seconds", Number()},
       {"store", Object({{"backend", Text()}, {"reachable", Flag()}, {"bytes", OrNull(Integer())}})},
       {"queues", ArrayOf(Object({{"name", Text()},
                                  {"backend", Text()},
                                  {"waiting", OrNull(Integer())},
                                  {"running", Integer()},
                                  {"dead", Integer()},
                                  {"oldest_seconds", OrNull(Number())}}))},
       {"workers",
        ArrayOf(Object({{"id", Text()}, {"queues", ArrayOf(Text())}, {"running", Integer()}, {"last_seen", Time()}}))},
       {"model", OrNull(Text())},
       {"requests", AnyObject()}});
  all["Health"] = Object({{"status", Text()}}, {{"checks", AnyObject()}});
  all["DetectAccepted"] = Object({{"job_id", Text()}, {"status", Text()}});
  all["DetectResults"] = Object({{"job_id", Text()}, {"status", Text()}, {"results", OrNull(ArrayOf(AnyObject()))}});
}

}  // namespace

Json Object(Properties required, Properties optional, bool closed) {
  Json schema = {{"type", "object"}, {"properties", Json::object()}};
  Json names = Json::array();
  for (const auto& [name, property] : required) {
    schema["properties"][name] = property;
    names.push_back(name);
  }
  for (const auto& [name, property] : optional) schema["properties"][name] = property;
  if (!names.empty()) schema["required"] = names;
  if (closed) schema["additionalProperties"] = false;
  return schema;
}

Json ArrayOf(Json items) { return {{"type", "array"}, {"items", std::move(items)}}; }
Json OrNull(Json schema) {
  if (schema.contains("type") && schema["type"].is_string() && !schema.contains("properties")) {
    schema["type"] = Json::array({schema["type"], "null"});
    return schema;
  }
  return {{"oneOf", Json::array({std::move(schema), Json{{"type", "null"}}})}};
}
Json Text() { return {{"type", "string"}}; }
Json Integer() { return {{"type", "integer"}}; }
Json Number() { return {{"type", "number"}}; }
Json Flag() { return {{"type", "boolean"}}; }
Json OneOf(std::initializer_list<const char*> names) {
  Json list = Json::array();
  for (const char* name : names) list.push_back(name);
  return {{"type", "string"}, {"enum", list}};
}
Json Languages() {
  Json codes = Json::array();
  for (const std::string& code : report::Language::Codes()) codes.push_back(code);
  return {{"enum", codes}};
}

Json Component(std::string_view name) { return {{"$ref", "#/components/schemas/" + std::string(name)}}; }

Json ComponentSchemas() {
  Json all = Json::object();
  AddJobs(all);
  AddScores(all);
  AddRuns(all);
  AddCases(all);
  AddOperations(all);
  return all;
}

}  // namespace meterhound::serve
