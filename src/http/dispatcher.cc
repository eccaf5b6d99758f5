// The order of what happens to a request; each step is a file of its own.
#include "http/dispatcher.h"

#include <chrono>
#include <exception>
#include <utility>

#include "http/access.h"
#include "http/body_intake.h"
#include "http/parameters.h"
#include "http/request_log.h"
#include "http/request_parser.h"
#include "http/response_finish.h"
#include "http/router.h"
#include "http/table_check.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

constexpr const char* kNoRoute = "(none)";

Method ParseMethod(std::string_view name) {
  for (const Method method :
       {Method::kGet, Method::kHead, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kOptions}) {
    if (name == MethodName(method)) return method;
  }
  return Method::kOther;
}

Response Answered(const Refusal& refusal) {
  Response response = Problem(refusal.status, refusal.detail, refusal.findings);
  if (refusal.status == 503) response.With("Retry-After", "1");
  return response;
}

Response NotFoundHere() { return Problem(404, "nothing is here"); }

Response Allowing(const std::string& allow, bool options) {
  Response response = options ? Response::NoContent() : Problem(405, "this path takes: " + allow);
  return std::move(response).With("Allow", allow);
}

Response Unauthenticated(bool brought) {
  const char* detail =
      brought ? "the key or session is not known here" : "a key is needed: Authorization: Bearer or X-API-Key";
  return Problem(401, detail)
      .With("WWW-Authenticate",
            brought ? "Bearer realm=\"meterhound\", error=\"invalid_token\"" : "Bearer realm=\"meterhound\"");
}

constexpr const char* kHidden = "the server could not do this; its log says more under this instance";

}  // namespace

struct Exchange::Part {
  ~Part() {
    if (in_flight != nullptr) in_flight->Decrement();
  }
  Request request;
  std::string target;
  unsigned version = 11;
  bool head_only = false;
  const Route* route = nullptr;
  std::optional<Response> answer;  // known before the body
  std::unique_ptr<BodyIntake> intake;
  RateLimiter::Answer rate;
  bool rated = false, ended = false;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  std::string error;  // for the log
  prometheus::Gauge* in_flight = nullptr;
};

Exchange::Exchange(std::unique_ptr<Part> part) : part_(std::move(part)) {}
Exchange::~Exchange() = default;
Exchange::Exchange(Exchange&&) noexcept = default;
Exchange& Exchange::operator=(Exchange&&) noexcept = default;
bool Exchange::answered() const { return part_->answer.has_value(); }
bool Exchange::spooled() const { return part_->intake != nullptr && part_->intake->spooled(); }

struct Dispatcher::State {
  State(DispatchOptions all_options, SchemaChecker schemas, Authenticator who, Metrics& registry)
      : options(std::move(all_options)),
        checker(std::move(schemas)),
        authenticator(std::move(who)),
        metrics(registry),
        limiter(options.rate_limit),
        budget(options.max_memory_of_bodies),
        limits{.max_body_bytes = options.max_body_bytes,
               .max_upload_bytes = options.max_upload_bytes,
               .max_ratio = options.max_decompression_ratio,
               .max_json_depth = options.max_json_depth,
               .spool_folder = options.spool_folder},
        in_flight(metrics.Gauge("meterhound_http_requests_in_flight", "Requests between head and answer.")) {}

  std::unique_ptr<Exchange::Part> Open(RequestHead head, const std::string& remote, std::stop_token stop);
  std::optional<Response> Admit(Exchange::Part& part);
  std::optional<Response> FindRoute(Exchange::Part& part, const Target& target, Match& match) const;
  std::optional<Response> Authorise(Exchange::Part& part);
  std::optional<Response> Limit(Exchange::Part& part, const std::string& name);
  Response Handle(Exchange::Part& part) const;
  void CheckAnswer(Exchange::Part& part, Response& response) const;

  DispatchOptions options;
  SchemaChecker checker;
  Authenticator authenticator;
  Metrics& metrics;
  RateLimiter limiter;
  MemoryBudget budget;
  BodyLimits limits;
  prometheus::Gauge& in_flight;
  std::vector<Route> routes;
  std::optional<Router> router;
  Json open_api;
};

Dispatcher::Dispatcher(std::unique_ptr<State> state) : state_(std::move(state)) {}
Dispatcher::~Dispatcher() = default;
const Json& Dispatcher::open_api() const { return state_->open_api; }

Result<std::unique_ptr<Dispatcher>> Dispatcher::Create(DispatchOptions options, const ApiDescription& api,
                                                       std::vector<Route> routes, Authenticator authenticator,
                                                       Metrics& metrics) {
  METERHOUND_ASSIGN_OR_RETURN(SchemaChecker checker, SchemaChecker::Create(api.schemas));
  METERHOUND_RETURN_IF_ERROR(CheckTable(routes, checker));
  auto state = std::make_unique<State>(std::move(options), std::move(checker), std::move(authenticator), metrics);
  state->open_api = OpenApiDocument(api, routes, state->options.session_cookie);
  state->routes = std::move(routes);
  for (Route& route : DocumentationRoutes(state->open_api)) state->routes.push_back(std::move(route));
  METERHOUND_ASSIGN_OR_RETURN(state->router, Router::Create(state->routes));
  return std::unique_ptr<Dispatcher>(new Dispatcher(std::move(state)));
}

std::unique_ptr<Exchange::Part> Dispatcher::State::Open(RequestHead head, const std::string& remote,
                                                        std::stop_token stop) {
  auto part = std::make_unique<Exchange::Part>();
  part->in_flight = &in_flight;
  in_flight.Increment();
  Request& request = part->request;
  request.method = ParseMethod(head.method);
  part->head_only = request.method == Method::kHead;
  part->target = std::move(head.target);
  part->version = head.version;
  request.headers = std::move(head.headers);
  request.stop = std::move(stop);
  request.route = kNoRoute;
  request.remote = ClientAddress(request, remote, options.trusted_proxies);
  const auto id = request.Header("x-request-id");
  request.request_id = id && IsRequestId(*id) ? std::string(*id) : RandomHex(16);
  Trace trace = ContinueTrace(request.Header("traceparent").value_or(""));
  request.trace_id = std::move(trace.trace_id);
  request.traceparent = std::move(trace.traceparent);
  return part;
}

std::optional<Response> Dispatcher::State::FindRoute(Exchange::Part& part, const Target& target, Match& match) const {
  const Method method = part.request.method;
  match = router->Find(method, target);
  if (match.route == nullptr && match.allow.empty()) return NotFoundHere();
  if (target.trailing_slash && !target.segments.empty()) {
    if (match.route == nullptr || (method != Method::kGet && method != Method::kHead)) return NotFoundHere();
    std::string location;
    for (const std::string& segment : target.segments) location += "/" + PercentEncode(segment);
    if (!target.query.empty()) location += "?" + target.query;
    Response moved = Response::OfText("");
    moved.status = 308;
    return std::move(moved).With("Location", std::move(location));
  }
  if (match.route == nullptr) return Allowing(match.allow, method == Method::kOptions);
  part.route = match.route;
  part.request.route = match.route->path;
  part.request.path = target.path;
  if (part.head_only && match.route->method == Method::kGet) part.request.method = Method::kGet;
  return std::nullopt;
}

std::optional<Response> Dispatcher::State::Limit(Exchange::Part& part, const std::string& name) {
  if (!part.route->rate_limited || part.rated) return std::nullopt;
  part.rated = true;
  part.rate = limiter.Take(name);
  if (part.rate.admitted) return std::nullopt;
  return Problem(429, "more requests than this caller may make; try again later")
      .With("Retry-After", std::to_string(part.rate.retry_after.count()));
}

std::optional<Response> Dispatcher::State::Authorise(Exchange::Part& part) {
  Request& request = part.request;
  const Credentials credentials = ReadCredentials(request, options.session_cookie);
  const std::string address = "address " + AddressBlock(request.remote);
  if (!part.route->scope.empty()) {
    Result<Principal> principal = authenticator(credentials);
    if (!principal.ok()) {
      const ErrorCode code = principal.error().code;
      const bool unknown = code == ErrorCode::kInvalidInput || code == ErrorCode::kNotFound;
      if (auto limited = Limit(part, address)) return limited;  // guessing keys is slow, too
      if (unknown) return Unauthenticated(credentials.kind != Credentials::Kind::kNone);
      part.error = principal.error().ToString();
      return Problem(principal.error());
    }
    request.principal = std::move(*principal);
  }
  const bool named = request.principal && credentials.kind != Credentials::Kind::kNone;
  if (auto limited = Limit(part, named ? "principal " + request.principal->id : address)) return limited;
  if (auto doubt = ForgeryDoubt(request, credentials.kind)) return Problem(403, std::move(*doubt));
  const std::string& scope = part.route->scope;
  if (!scope.empty() && scope != "*" && !request.principal->Has(scope)) {
    return Problem(403, "this key lacks the scope \"" + scope + "\"");
  }
  return std::nullopt;
}

std::optional<Response> Dispatcher::State::Admit(Exchange::Part& part) {
  Request& request = part.request;
  if (part.target.size() > options.max_url_bytes) return Problem(414, "the request's target is too long");
  if (auto doubt = HostDoubt(request, part.version, options.allowed_hosts)) return Problem(400, std::move(*doubt));
  if (part.target == "*" && request.method == Method::kOptions)
    return Allowing("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT", true);
  const Result<Target> target = ParseTarget(part.target);
  if (!target.ok()) return Problem(target.error());
  Match match;
  if (auto answer = FindRoute(part, *target, match)) return answer;
  if (auto answer = Authorise(part)) return answer;
  const auto query = ParseQuery(target->query);
  if (!query.ok()) return Problem(query.error());
  const std::vector<Finding> findings = ReadParameters(*part.route, checker, match, *query, request);
  if (!findings.empty()) return Problem(400, findings.front().pointer + " " + findings.front().detail, findings);
  Refusal refusal{.status = 0, .detail = {}, .findings = {}};
  part.intake = BodyIntake::Create(*part.route, request, limits, budget, refusal);
  if (refusal.status != 0) return Answered(refusal);
  return std::nullopt;
}

Exchange Dispatcher::Begin(RequestHead head, const std::string& remote, std::stop_token stop) {
  Exchange exchange(state_->Open(std::move(head), remote, std::move(stop)));
  Exchange::Part& part = *exchange.part_;
  try {
    part.answer = state_->Admit(part);
  } catch (const std::exception& error) {
    part.error = error.what();
    part.answer = Problem(500, kHidden);
  }
  return exchange;
}

Exchange Dispatcher::Refuse(int status, std::string detail, RequestHead head, const std::string& remote) {
  Exchange exchange(state_->Open(std::move(head), remote, {}));
  exchange.part_->answer = Answered({status, std::move(detail), {}});
  return exchange;
}

void Dispatcher::Overrule(Exchange& exchange, int status, std::string detail) {
  exchange.part_->answer = Answered({status, std::move(detail), {}});
}

bool Dispatcher::Feed(Exchange& exchange, std::string_view bytes) {
  Exchange::Part& part = *exchange.part_;
  if (part.answer) return false;
  try {
    Refusal refusal;
    if (part.intake->Feed(bytes, refusal)) return true;
    if (refusal.status >= 500) part.error = refusal.detail;
    part.answer = Answered(refusal);
  } catch (const std::exception& error) {
    part.error = error.what();
    part.answer = Problem(500, kHidden);
  }
  return false;
}

// An answer that breaks the table's word is a fault of the handler; only tests pay for looking.
void Dispatcher::State::CheckAnswer(Exchange::Part& part, Response& response) const {
  if (!options.check_responses || !part.route->documented || response.status >= 500) return;
  for (const ResponseDoc& doc : part.route->responses) {
    if (doc.status != response.status || MediaType(doc.content_type) != MediaType(response.content_type)) continue;
    if (doc.schema.is_null() || !IsJsonType(MediaType(doc.content_type))) return;
    const std::vector<Finding> findings = checker.Check(doc.schema, Json::parse(response.body));
    if (findings.empty()) return;
    part.error = "the answer breaks its schema: " + findings.front().pointer + " " + findings.front().detail;
    response = Problem(500, part.error, findings);
    return;
  }
  if (response.status >= 400) return;
  part.error = "the answer " + std::to_string(response.status) + " " + response.content_type + " is not in the table";
  response = Problem(500, part.error);
}

Response Dispatcher::State::Handle(Exchange::Part& part) const {
  Refusal refusal;
  if (!part.intake->Deliver(checker, part.request, refusal)) {
    if (refusal.status >= 500) part.error = refusal.detail;
    return Answered(refusal);
  }
  Result<Response> answer = part.route->handler(part.request);
  if (!answer.ok()) {
    if (HttpStatus(answer.error().code) >= 500) part.error = answer.error().ToString();
    return Problem(answer.error());
  }
  CheckAnswer(part, *answer);
  return std::move(*answer);
}

Response Dispatcher::Finish(Exchange& exchange) {
  Exchange::Part& part = *exchange.part_;
  Response response;
  const FinishContext context{.request = part.request,
                              .head_only = part.head_only,
                              .tls = state_->options.tls,
                              .limit = part.rated ? &state_->limiter.limit() : nullptr,
                              .rate = part.rate};
  try {
    response = part.answer ? std::move(*part.answer) : state_->Handle(part);
    if (auto fault = FinishResponse(context, response)) part.error = std::move(*fault);
  } catch (const std::exception& error) {
    part.error = error.what();
    response = Problem(500, kHidden);
    FinishResponse(context, response);
  } catch (...) {
    part.error = "the handler threw what is no exception";
    response = Problem(500, kHidden);
    FinishResponse(context, response);
  }
  part.intake.reset();  // gives the budget back
  part.request.json = nullptr;
  part.request.upload.reset();
  return response;
}

void Dispatcher::Done(Exchange& exchange, int status, std::uint64_t bytes) {
  Exchange::Part& part = *exchange.part_;
  if (std::exchange(part.ended, true)) return;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - part.start).count();
  const std::string method(part.head_only ? "HEAD" : MethodName(part.request.method));
  state_->metrics
      .Counter("meterhound_http_requests_total", "Requests answered.",
               {{"route", part.request.route}, {"method", method}, {"status", std::to_string(status)}})
      .Increment();
  state_->metrics
      .Histogram("meterhound_http_request_duration_seconds", "From a request's head to the last byte of its answer.",
                 {{"route", part.request.route}, {"method", method}})
      .Observe(seconds);
  if (!state_->options.log) return;
  state_->options.log(LogLine({.request_id = part.request.request_id,
                               .trace_id = part.request.trace_id,
                               .principal = part.request.principal ? std::string_view(part.request.principal->id) : "",
                               .remote = part.request.remote,
                               .method = method,
                               .route = part.request.route,
                               .status = status,
                               .milliseconds = seconds * 1000,
                               .bytes = bytes,
                               .error = part.error}));
}

bool Dispatcher::AlwaysAdmitted(const RequestHead& head) const {
  const Result<Target> target = ParseTarget(head.target);
  if (!target.ok()) return false;
  const Match match = state_->router->Find(ParseMethod(head.method), *target);
  return match.route != nullptr && match.route->always_admitted;
}

Response Dispatcher::Answer(std::string_view bytes, std::size_t max_header_bytes) {
  RequestParser parser(max_header_bytes);
  const auto refused = [&](const ParseFault& fault) {
    Exchange exchange = Refuse(fault.status, fault.detail, parser.TakeHead(), "");
    return Finish(exchange);
  };
  std::optional<ParseFault> fault;
  bytes.remove_prefix(parser.Read(bytes, fault));
  if (fault) return refused(*fault);
  if (!parser.head_done()) return refused({400, "the request's head is not complete"});
  Exchange exchange = Begin(parser.TakeHead(), "", {});
  while (!exchange.answered() && !parser.done()) {
    const std::size_t used = parser.Read(bytes, fault);
    bytes.remove_prefix(used);
    if (!fault && used == 0) fault = ParseFault{400, "the request's body is not complete"};
    if (fault) return refused(*fault);
    if (const std::string piece = parser.TakeBody(); !piece.empty()) Feed(exchange, piece);
  }
  Response response = Finish(exchange);
  Done(exchange, response.status, response.body.size());
  return response;
}

}  // namespace meterhound::http
