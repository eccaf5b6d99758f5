// Defaults that a handler may override by setting the header itself.
#include "http/response_finish.h"

#include <algorithm>
#include <system_error>

#include "http/content_coding.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

constexpr std::size_t kCompressFrom = 1024;

const std::string* FindHeader(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (EqualNoCase(key, name)) return &value;
  }
  return nullptr;
}

void SetDefault(Response& response, const char* name, std::string value) {
  if (FindHeader(response, name) == nullptr) response.With(name, std::move(value));
}

std::optional<std::string> Unfit(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (!IsToken(name)) return "a response header's name is not a token";
    if (!IsHeaderValue(value)) return "the response header " + name + " has control characters";
  }
  if (!IsHeaderValue(response.content_type)) return "the response's content type has control characters";
  if (response.status < 200 || response.status > 599)
    return "the response has the status " + std::to_string(response.status);
  return std::nullopt;
}

// RFC 9110: "*", or any of the listed tags, compared weakly.
bool NotModified(const Request& request, const Response& response) {
  const std::string* tag = FindHeader(response, "ETag");
  const auto asked = request.Header("if-none-match");
  if (tag == nullptr || !asked || response.status != 200 || request.method != Method::kGet) return false;
  const auto opaque = [](std::string_view one) { return one.starts_with("W/") ? one.substr(2) : one; };
  const auto listed = Split(*asked, ',');
  return Trim(*asked) == "*" ||
         std::any_of(listed.begin(), listed.end(), [&](std::string_view one) { return opaque(one) == opaque(*tag); });
}

bool Compressible(std::string_view content_type) {
  const std::string type = LowerCase(Trim(content_type.substr(0, content_type.find(';'))));
  return type.starts_with("text/") || type.ends_with("json") || type.ends_with("javascript") || type.ends_with("xml");
}

void Compress(const Request& request, Response& response) {
  if (!Compressible(response.content_type) || response.stream || response.file) return;
  if (response.body.size() <= kCompressFrom || FindHeader(response, "Content-Encoding") != nullptr) return;
  SetDefault(response, "Vary", "Accept-Encoding");
  if (!AcceptsGzip(request.Header("accept-encoding").value_or(""))) return;
  response.body = GzipEncode(response.body);
  response.With("Content-Encoding", "gzip");
}

void AddSecurityHeaders(bool tls, Response& response) {
  SetDefault(response, "Content-Security-Policy",
             "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
             "frame-ancestors 'none'");
  SetDefault(response, "X-Content-Type-Options", "nosniff");
  SetDefault(response, "Referrer-Policy", "no-referrer");
  SetDefault(response, "X-Frame-Options", "DENY");
  SetDefault(response, "Cross-Origin-Opener-Policy", "same-origin");
  SetDefault(response, "Cross-Origin-Resource-Policy", "same-origin");
  SetDefault(response, "Cache-Control", FindHeader(response, "ETag") != nullptr ? "no-cache" : "no-store");
  if (tls) SetDefault(response, "Strict-Transport-Security", "max-age=31536000");
}

void AddRate(const FinishContext& context, Response& response) {
  if (context.limit == nullptr || context.limit->per_second <= 0) return;
  SetDefault(response, "RateLimit-Limit", std::to_string(static_cast<std::size_t>(context.limit->burst)));
  SetDefault(response, "RateLimit-Remaining", std::to_string(context.rate.remaining));
  SetDefault(response, "RateLimit-Reset", std::to_string(context.rate.reset.count()));
}

// The request id, by which the log is searched.
void FillInstance(const Request& request, Response& response) {
  if (response.content_type != "application/problem+json") return;
  Json problem = Json::parse(response.body, nullptr, false);
  if (!problem.is_object()) return;
  problem["instance"] = request.request_id;
  response.body = problem.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::optional<std::string> FinishResponse(const FinishContext& context, Response& response) {
  std::optional<std::string> fault = Unfit(response);
  std::uintmax_t length = 0;
  if (!fault && response.file) {
    std::error_code error;
    length = std::filesystem::file_size(response.file->path, error);
    response.file->bytes = length;
    if (error) fault = "the file of the answer cannot be read: " + error.message();
  }
  if (fault) response = Problem(500, "the server could not do this; its log says more under this instance");
  FillInstance(context.request, response);
  if (NotModified(context.request, response)) {
    response.status = 304;
    response.body.clear();
    response.file.reset();
    response.content_type.clear();
  }
  Compress(context.request, response);
  AddSecurityHeaders(context.tls, response);
  AddRate(context, response);
  SetDefault(response, "X-Request-Id", context.request.request_id);
  if (!response.content_type.empty()) response.With("Content-Type", response.content_type);
  if (!response.file) length = response.body.size();
  if (response.status != 204 && response.status != 304 && !response.stream) {
    response.With("Content-Length", std::to_string(length));
  }
  if (context.head_only) {
    response.body.clear();
    response.file.reset();
    response.stream.reset();
  }
  return fault;
}

}  // namespace meterhound::http
