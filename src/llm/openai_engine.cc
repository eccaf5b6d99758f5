// One POST a request; what the server says is judged before it is used.
#include "llm/openai_engine.h"

#include <string_view>

#include "base/nearest_name.h"
#include "base/secret.h"
#include "base/stop_watch.h"
#include "network/curl_handle.h"
#include "network/http_client.h"

namespace meterhound::llm {
namespace {

using network::HttpResponse;
using network::Printable;

Json Body(const Request& request, const OpenaiOptions& options) {
  Json body = {{"model", options.model}, {"messages", Json::array()}};
  if (!request.prefix.empty()) body["messages"].push_back({{"role", "system"}, {"content", request.prefix}});
  body["messages"].push_back({{"role", "user"}, {"content", request.prompt}});
  body["max_tokens"] = request.max_tokens;
  body["temperature"] = request.temperature;
  body["seed"] = request.seed;
  body["stream"] = false;
  if (options.constraint == Constraint::kJsonSchema && !request.choices.is_null()) {
    body["response_format"] = {{"type", "json_schema"},
                               {"json_schema", {{"name", "answer"}, {"strict", true}, {"schema", request.choices}}}};
  }
  if (options.constraint == Constraint::kGrammar && !request.grammar.empty()) body["grammar"] = request.grammar;
  return body;
}

// {"error": {"message": "..."}}, {"error": "..."}, or whatever came.
std::string Reason(const std::string& body) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_object() && json.contains("error")) {
    const Json& error = json["error"];
    if (error.is_string()) return Printable(error.get<std::string>());
    if (error.is_object() && error.contains("message") && error["message"].is_string()) {
      return Printable(error["message"].get<std::string>());
    }
  }
  return Printable(body);
}

Status JudgeStatus(const HttpResponse& response, const std::string& url) {
  if (response.status == 200) return {};
  const std::string said = "the server answers " + std::to_string(response.status) +
                           (response.body.empty() ? "" : ": " + Reason(response.body));
  if (response.status == 404) return NotFound(said, url);
  if (response.status >= 400 && response.status < 500 && response.status != 408 && response.status != 429) {
    return InvalidInput(said, url);
  }
  return Unavailable(said, url);
}

std::int64_t Count(const Json& usage, const char* key) {
  return usage.is_object() && usage.contains(key) && usage[key].is_number_integer() ? usage[key].get<std::int64_t>()
                                                                                    : 0;
}

Result<Completion> ReadAnswer(const std::string& body, const Request& request, const std::string& url) {
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return Unavailable("the server's answer is no JSON: " + Printable(body), url);
  const Json::json_pointer content("/choices/0/message/content");
  const Json::json_pointer finish("/choices/0/finish_reason");
  if (!json.contains(content) || !json[content].is_string()) {
    return Unavailable("the server's answer holds no choices[0].message.content: " + Printable(body), url);
  }
  Completion completion;
  completion.text = json[content].get<std::string>();
  completion.finish_reason = json.contains(finish) && json[finish].is_string() ? json[finish].get<std::string>() : "";
  const Json usage = json.value("usage", Json());
  completion.prompt_tokens = Count(usage, "prompt_tokens");
  completion.tokens = Count(usage, "completion_tokens");
  if (completion.finish_reason == "length" && !request.accept_cut) {
    Error cut = CutText(request.max_tokens);
    cut.where = url;
    return cut;
  }
  if (completion.finish_reason != "stop" && completion.finish_reason != "length") {
    return Unavailable("the server ended the text for the reason '" + Printable(completion.finish_reason) + "'", url);
  }
  return completion;
}

}  // namespace

Result<Constraint> ParseConstraint(const std::string& name) {
  if (name == "json_schema") return Constraint::kJsonSchema;
  if (name == "grammar") return Constraint::kGrammar;
  if (name == "none") return Constraint::kNone;
  return InvalidInput("found '" + name + "', expected json_schema, grammar or none", "llm.constraint");
}

Result<std::string> ReadKey() {
  METERHOUND_ASSIGN_OR_RETURN(std::string key, ReadSecret("METERHOUND_LLM_KEY"));
  for (const char c : key) {
    // A line break would end the header and begin another.
    if (c <= ' ' || c >= 127) return InvalidInput("the key holds a character that no key has", "METERHOUND_LLM_KEY");
  }
  return key;
}

Result<std::unique_ptr<OpenaiEngine>> OpenaiEngine::Create(OpenaiOptions options) {
  if (!options.url.starts_with("http://") && !options.url.starts_with("https://")) {
    return InvalidInput("found '" + options.url + "', expected a URL such as http://127.0.0.1:8080/v1", "llm.url");
  }
  while (options.url.ends_with('/')) options.url.pop_back();
  return std::unique_ptr<OpenaiEngine>(new OpenaiEngine(std::move(options)));
}

std::vector<Result<Completion>> OpenaiEngine::CompleteAll(std::span<const Request> requests,
                                                          const RunContext& context) {
  std::vector<Result<Completion>> results(requests.size(), Result<Completion>(Cancelled()));
  context.progress.Begin("write", requests.size(), "texts");
  context.pool.ParallelFor(
      requests.size(), 1,
      [&](std::size_t begin, std::size_t end, std::size_t) {
        for (std::size_t i = begin; i < end; ++i) {
          results[i] = Ask(requests[i], context);
          context.progress.Advance(1);
        }
      },
      context.stop);
  context.progress.End();
  return results;
}

Result<Completion> OpenaiEngine::Ask(const Request& request, const RunContext& context) const {
  const StopWatch watch;
  const std::string url = options_.url + "/chat/completions";
  std::vector<std::string> headers;
  if (!options_.key.empty()) headers.push_back("Authorization: Bearer " + options_.key);
  const std::string body = Body(request, options_).dump(-1, ' ', false, Json::error_handler_t::replace);
  METERHOUND_ASSIGN_OR_RETURN(
      const HttpResponse response,
      network::PostJson(url, body, {.headers = headers, .timeout = request.timeout}, context.stop));
  METERHOUND_RETURN_IF_ERROR(JudgeStatus(response, url));
  METERHOUND_ASSIGN_OR_RETURN(Completion completion, ReadAnswer(response.body, request, url));
  completion.seconds = watch.Seconds();
  return completion;
}

std::string OpenaiEngine::Name() const { return "openai " + options_.model + " at " + options_.url; }

}  // namespace meterhound::llm
