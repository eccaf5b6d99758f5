// What a handler and the table of routes see of HTTP: Route, Request, Response, and errors as RFC 9457 problems.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "http/json_schema.h"

namespace meterhound::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view MethodName(Method method);

/// Who asks.
struct Principal {
  std::string id;    ///< stands in logs and audit; never the key itself
  std::string name;  ///< for people
  std::vector<std::string> scopes;
  bool Has(std::string_view scope) const;
};

/// Names compare without regard to case; several of one name keep their order.
using Headers = std::vector<std::pair<std::string, std::string>>;

/// A body that was streamed to disk; the file goes with the last copy of the request unless it was taken.
class SpooledFile {
 public:
  /// Takes charge of a file that exists.
  SpooledFile(std::filesystem::path path, std::uint64_t bytes) : path_(std::move(path)), bytes_(bytes) {}
  ~SpooledFile();
  SpooledFile(const SpooledFile&) = delete;
  SpooledFile& operator=(const SpooledFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t bytes() const { return bytes_; }
  void SetBytes(std::uint64_t bytes) { bytes_ = bytes; }
  /// Moves the file (renames; copies across file systems). It is the caller's from then on.
  Status MoveTo(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
  std::uint64_t bytes_;
};

/// A request as a handler gets it: routed, authorised, its parameters and body already checked against the route.
struct Request {
  Method method = Method::kGet;  ///< HEAD arrives as kGet
  std::string path;              ///< decoded, without the query
  std::string route;             ///< the row's pattern
  Headers headers;
  std::optional<Principal> principal;  ///< empty on public routes
  std::string request_id;
  std::string trace_id;     ///< 32 hex digits of W3C trace context, taken on or begun here
  std::string traceparent;  ///< to hand on to what this request causes (jobs, calls): same trace, our span
  std::string remote;       ///< address without port
  std::stop_token stop;     ///< asked when the server stops and its grace is over

  std::string content_type;             ///< of the body, lower case, without parameters; empty without body
  std::string body;                     ///< decoded; empty when spooled
  Json json;                            ///< the parsed body where the row's content type is JSON, else null
  std::shared_ptr<SpooledFile> upload;  ///< where the row says `spooled`

  /// Values of parameters after their schema: integers are integers, lists are arrays, defaults filled in; null when
  /// absent. Keyed by the name in the table.
  std::map<std::string, Json, std::less<>> path_parameters, query_parameters, header_parameters;

  /// The first header of that name.
  std::optional<std::string_view> Header(std::string_view name) const;
  std::optional<std::string> Cookie(std::string_view name) const;

  // A parameter of the path or the query; nothing when absent. A name that the row does not have, or another type than
  // its schema says, is a broken promise and throws std::logic_error.
  std::string PathText(std::string_view name) const;
  std::optional<std::string> Text(std::string_view name) const;
  std::optional<std::int64_t> Integer(std::string_view name) const;
  std::optional<double> Number(std::string_view name) const;
  std::optional<bool> Flag(std::string_view name) const;
  std::vector<std::string> List(std::string_view name) const;

  /// Name of an upload: `?filename=` or Content-Disposition, only its last component without control characters; ""
  /// when neither is there.
  std::string UploadName() const;
};

/// Server-sent events without a thread: `poll` is called by the handler pool each `every` until it says done. A comment
/// line keeps the connection alive; when the client has gone, poll is destroyed and never called again.
struct EventStream {
  struct Batch {
    std::string text;  ///< events as they go out (Event() makes them); may be empty
    bool done = false;
  };
  static std::string Event(std::string_view event, const Json& data, std::string_view id = {});

  std::function<Batch()> poll;
  std::chrono::milliseconds every{500};
};

/// A file that is sent in pieces.
struct FileBody {
  std::filesystem::path path;
  std::shared_ptr<SpooledFile> owner;  ///< a temporary file, which goes when the answer has gone; null: the file stays
  std::uint64_t bytes = 0;             ///< filled in on the way out: what Content-Length promises
};

struct Response {
  int status = 200;
  Headers headers;  ///< values with control characters make the answer a 500: header injection
  std::string content_type;
  std::string body;
  std::optional<EventStream> stream;  ///< instead of body; content type text/event-stream
  std::optional<FileBody> file;       ///< instead of body

  static Response OfJson(const Json& json, int status = 200);
  static Response OfText(std::string text, std::string content_type = "text/plain; charset=utf-8", int status = 200);
  static Response OfStream(EventStream stream);
  static Response OfFile(std::filesystem::path path, std::string content_type);
  static Response OfFile(std::shared_ptr<SpooledFile> file, std::string content_type);
  static Response NoContent();
  static Response SeeOther(std::string location);

  Response&& With(std::string name, std::string value) &&;  ///< adds a header
  Response& With(std::string name, std::string value) &;
  /// "Content-Disposition: attachment" with a safe name.
  Response&& AsDownload(std::string_view filename) &&;
  /// Sets a weak ETag made from the body; If-None-Match on GET and HEAD then answers 304.
  Response&& WithETag() &&;
  Response&& WithETag(std::string_view tag) &&;  ///< from something cheaper than the body, e.g. a version number
};

/// application/problem+json: {type, title, status, detail, instance, errors?}; `instance` (the request id) is filled in
/// on the way out.
Response Problem(int status, std::string detail, const std::vector<Finding>& findings = {});
/// Status by the table of base/result.h; an internal or corrupt error's text goes to the log, not to the client.
Response Problem(const Error& error);
/// 422 for what the schema or the handler's own checks found in the body.
Response Problem(const std::vector<Finding>& findings);

/// "Bad Request" for 400, ...
std::string_view ReasonPhrase(int status);

/// Runs on the handler pool and may block. Errors become problems; exceptions are caught, logged and become 500.
using Handler = std::function<Result<Response>(const Request&)>;

enum class In { kPath, kQuery, kHeader };

struct Parameter {
  In in = In::kQuery;
  std::string name;
  std::string description;
  Json schema = {{"type", "string"}};  ///< type string, integer, number, boolean, or array of these ("a,b" or repeated)
  bool required = false;               ///< of the path: always
};

struct Content {
  std::string type;       ///< "application/json", "text/csv", ...
  Json schema;            ///< checked for JSON, documentation for others
  bool spooled = false;   ///< streamed to a temporary file, never held in memory
  std::size_t limit = 0;  ///< bytes after decompression; 0: the server's default for bodies or uploads
};

struct RequestBody {
  std::vector<Content> contents;  ///< empty: the route takes no body
  bool required = true;
};

struct ResponseDoc {
  int status = 200;
  std::string description;
  std::string content_type;  ///< empty: no body
  Json schema;
  std::vector<std::pair<std::string, std::string>> headers;  ///< name, description
};

/// One row: what the router, the checks and the OpenAPI document are all made from. Errors that the server itself
/// answers (400, 401, 403, 408, 413, 415, 422, 429, 503, ...) need no ResponseDoc; 404 and 409 of the handler do.
struct Route {
  Method method = Method::kGet;
  std::string path;  ///< "/v1/jobs/{id}"; "{rest*}" at the end takes several segments
  std::string operation_id;
  std::string summary;
  std::string tag;
  std::string scope;  ///< "" public, "*" any principal, otherwise the scope needed
  std::vector<Parameter> parameters;
  RequestBody body;
  std::vector<ResponseDoc> responses;
  Handler handler;
  std::string description;       ///< Markdown, optional
  bool rate_limited = true;      ///< false for health checks and the page's files
  bool documented = true;        ///< false keeps it out of the OpenAPI document
  bool always_admitted = false;  ///< answered also above max_concurrent_requests (health checks, metrics)
};

}  // namespace meterhound::http
