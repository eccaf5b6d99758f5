// Readers of a request's parts, makers of responses.
#include "http/route.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "base/hashing.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

// The values of a parameter; asking for one that the row does not have is a mistake in the handler.
const Json& Find(const Request& request, std::string_view name) {
  for (const auto* values : {&request.query_parameters, &request.path_parameters, &request.header_parameters}) {
    const auto found = values->find(name);
    if (found != values->end()) return found->second;
  }
  throw std::logic_error("route " + request.route + " has no parameter \"" + std::string(name) + "\"");
}

template <typename T>
std::optional<T> Typed(const Request& request, std::string_view name, bool fits) {
  const Json& value = Find(request, name);
  if (value.is_null()) return std::nullopt;
  if (!fits) throw std::logic_error("parameter \"" + std::string(name) + "\" is a " + value.type_name());
  return value.get<T>();
}

// What stands between quotes or up to the next ";" after `key=` in a Content-Disposition.
std::string DispositionName(std::string_view disposition) {
  for (const std::string_view part : Split(disposition, ';')) {
    constexpr std::string_view kKey = "filename=";
    if (part.size() <= kKey.size() || !EqualNoCase(part.substr(0, kKey.size()), kKey)) continue;
    std::string_view name = part.substr(kKey.size());
    if (name.size() >= 2 && name.front() == '"' && name.back() == '"') name = name.substr(1, name.size() - 2);
    return std::string(name);
  }
  return {};
}

// The last component, without what a file system or a header could take amiss.
std::string SafeName(std::string name) {
  const std::size_t slash = name.find_last_of("/\\");
  if (slash != std::string::npos) name.erase(0, slash + 1);
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '"'; });
  if (name == "." || name == ".." || !IsUtf8(name)) return {};
  return name.substr(0, 200);
}

}  // namespace

std::string_view MethodName(Method method) {
  static constexpr std::string_view kNames[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};
  return kNames[static_cast<std::size_t>(method)];
}

bool Principal::Has(std::string_view scope) const {
  return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
}

SpooledFile::~SpooledFile() {
  std::error_code ignored;  // nothing to be done about a temporary file that will not go
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

Status SpooledFile::MoveTo(const std::filesystem::path& target) {
  std::error_code error;
  std::filesystem::rename(path_, target, error);
  if (error == std::errc::cross_device_link) {
    error.clear();
    std::filesystem::copy_file(path_, target, std::filesystem::copy_options::overwrite_existing, error);
    std::error_code ignored;
    if (!error) std::filesystem::remove(path_, ignored);
  }
  if (error) return Unavailable("cannot be stored: " + error.message(), target.string());
  path_.clear();
  return {};
}

std::optional<std::string_view> Request::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (EqualNoCase(key, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> Request::Cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (!EqualNoCase(key, "cookie")) continue;
    for (const std::string_view pair : Split(value, ';')) {
      const std::size_t equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name)
        return std::string(pair.substr(equals + 1));
    }
  }
  return std::nullopt;
}

std::string Request::PathText(std::string_view name) const {
  const auto found = path_parameters.find(name);
  if (found == path_parameters.end()) throw std::logic_error("route " + route + " has no {" + std::string(name) + "}");
  return found->second.is_string() ? found->second.get<std::string>() : found->second.dump();
}

std::optional<std::string> Request::Text(std::string_view name) const {
  return Typed<std::string>(*this, name, Find(*this, name).is_string());
}
std::optional<std::int64_t> Request::Integer(std::string_view name) const {
  return Typed<std::int64_t>(*this, name, Find(*this, name).is_number_integer());
}
std::optional<double> Request::Number(std::string_view name) const {
  return Typed<double>(*this, name, Find(*this, name).is_number());
}
std::optional<bool> Request::Flag(std::string_view name) const {
  return Typed<bool>(*this, name, Find(*this, name).is_boolean());
}
std::vector<std::string> Request::List(std::string_view name) const {
  return Typed<std::vector<std::string>>(*this, name, Find(*this, name).is_array())
      .value_or(std::vector<std::string>{});
}

std::string Request::UploadName() const {
  const auto asked = query_parameters.find("filename");
  if (asked != query_parameters.end() && asked->second.is_string()) return SafeName(asked->second.get<std::string>());
  return SafeName(DispositionName(Header("content-disposition").value_or("")));
}

std::string EventStream::Event(std::string_view event, const Json& data, std::string_view id) {
  std::string text;
  if (!id.empty()) text += "id: " + std::string(id) + "\n";
  text += "event: " + std::string(event) + "\n";
  // Without indentation JSON has no line ends, which would end the field.
  return text + "data: " + data.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n\n";
}

Response Response::OfJson(const Json& json, int status) {
  return OfText(json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n", "application/json", status);
}
Response Response::OfText(std::string text, std::string content_type, int status) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::move(text);
  return response;
}
Response Response::OfStream(EventStream stream) {
  Response response;
  response.content_type = "text/event-stream";
  response.stream = std::move(stream);
  return response;
}
Response Response::OfFile(std::filesystem::path path, std::string content_type) {
  Response response;
  response.content_type = std::move(content_type);
  response.file = FileBody{.path = std::move(path), .owner = nullptr, .bytes = 0};
  return response;
}
Response Response::OfFile(std::shared_ptr<SpooledFile> file, std::string content_type) {
  Response response = OfFile(file->path(), std::move(content_type));
  response.file->owner = std::move(file);
  return response;
}
Response Response::NoContent() {
  Response response;
  response.status = 204;
  return response;
}
Response Response::SeeOther(std::string location) {
  Response response;
  response.status = 303;
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

Response& Response::With(std::string name, std::string value) & {
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}
Response&& Response::With(std::string name, std::string value) && {
  return std::move(With(std::move(name), std::move(value)));
}

Response&& Response::AsDownload(std::string_view filename) && {
  const std::string name = SafeName(std::string(filename));
  std::string ascii = name;
  std::replace_if(
      ascii.begin(), ascii.end(), [](char c) { return static_cast<unsigned char>(c) > 0x7E; }, '_');
  return std::move(
      With("Content-Disposition", "attachment; filename=\"" + ascii + "\"; filename*=UTF-8''" + PercentEncode(name)));
}

Response&& Response::WithETag() && {
  // Weak, since a compressed answer has other bytes but the same meaning.
  return std::move(*this).WithETag(Sha256Hex(body).substr(0, 32));
}
Response&& Response::WithETag(std::string_view tag) && {
  return std::move(With("ETag", "W/\"" + std::string(tag) + "\""));
}

Response Problem(int status, std::string detail, const std::vector<Finding>& findings) {
  Json problem = {{"type", "about:blank"},
                  {"title", ReasonPhrase(status)},
                  {"status", status},
                  {"detail", std::move(detail)},
                  {"instance", nullptr}};
  for (const Finding& finding : findings) {
    problem["errors"].push_back({{"pointer", finding.pointer}, {"detail", finding.detail}});
  }
  Response response = Response::OfJson(problem, status);
  response.content_type = "application/problem+json";
  return response;
}

Response Problem(const Error& error) {
  const int status = HttpStatus(error.code);
  if (status == 500) return Problem(500, "the server could not do this; its log says more under this instance");
  Response response = Problem(status == 499 ? 503 : status, error.ToString());
  if (response.status == 503) response.With("Retry-After", "1");
  return response;
}

Response Problem(const std::vector<Finding>& findings) {
  const std::string detail = findings.empty() ? "the body is not what this route expects"
                                              : findings.front().pointer + " " + findings.front().detail;
  return Problem(422, detail, findings);
}

std::string_view ReasonPhrase(int status) {
  static const std::map<int, std::string_view> phrases = {{100, "Continue"},
                                                          {200, "OK"},
                                                          {201, "Created"},
                                                          {202, "Accepted"},
                                                          {204, "No Content"},
                                                          {303, "See Other"},
                                                          {304, "Not Modified"},
                                                          {308, "Permanent Redirect"},
                                                          {400, "Bad Request"},
                                                          {401, "Unauthorized"},
                                                          {403, "Forbidden"},
                                                          {404, "Not Found"},
                                                          {405, "Method Not Allowed"},
                                                          {406, "Not Acceptable"},
                                                          {408, "Request Timeout"},
                                                          {409, "Conflict"},
                                                          {410, "Gone"},
                                                          {412, "Precondition Failed"},
                                                          {413, "Content Too Large"},
                                                          {414, "URI Too Long"},
                                                          {415, "Unsupported Media Type"},
                                                          {417, "Expectation Failed"},
                                                          {421, "Misdirected Request"},
                                                          {422, "Unprocessable Content"},
                                                          {428, "Precondition Required"},
                                                          {429, "Too Many Requests"},
                                                          {431, "Request Header Fields Too Large"},
                                                          {500, "Internal Server Error"},
                                                          {501, "Not Implemented"},
                                                          {503, "Service Unavailable"},
                                                          {505, "HTTP Version Not Supported"},
                                                          {507, "Insufficient Storage"}};
  const auto found = phrases.find(status);
  return found == phrases.end() ? "Status" : found->second;
}

}  // namespace meterhound::http
