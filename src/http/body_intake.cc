// Bodies in memory are decoded on the handler pool; uploads are decoded piece by piece into a file.
#include "http/body_intake.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "base/numbers.h"
#include "http/request_json.h"
#include "http/text_form.h"

namespace meterhound::http {
namespace {

constexpr std::uint64_t kDropped = 64 * 1024;  // of a body that a route does not take
constexpr std::uint64_t kJsonGrowth = 5;       // "1.25," is 5 bytes as text and 16 parsed; its text is held beside

std::string Taken(const RequestBody& body) {
  std::string list;
  for (const Content& content : body.contents) list += (list.empty() ? "" : ", ") + content.type;
  return list;
}

int StatusOf(const Error& error) {
  return error.code == ErrorCode::kUnsupported ? 413 : error.code == ErrorCode::kUnavailable ? 507 : 400;
}

bool Refuse(Refusal& refusal, int status, std::string detail) {
  refusal = {status, std::move(detail), {}};
  return false;
}
bool Refuse(Refusal& refusal, const Error& error) { return Refuse(refusal, StatusOf(error), error.ToString()); }

Status WriteAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Unavailable("the upload cannot be stored: " + std::system_category().message(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

bool ReadCoding(const Request& request, Coding& coding) {
  std::vector<std::string> names;
  for (const auto& [name, value] : request.headers) {
    if (!EqualNoCase(name, "content-encoding")) continue;
    for (const std::string_view part : Split(value, ',')) names.push_back(LowerCase(part));
  }
  if (names.size() > 1) return false;
  const std::string name = names.empty() ? "identity" : names.front();
  if (name == "gzip" || name == "x-gzip") coding = Coding::kGzip;
  if (name == "zstd") coding = Coding::kZstd;
  return coding != Coding::kIdentity || name == "identity";
}

}  // namespace

bool MemoryBudget::Share::Grow(std::uint64_t bytes) {
  const std::uint64_t before = budget_.used_.fetch_add(bytes, std::memory_order_relaxed);
  held_ += bytes;
  return before + bytes <= budget_.most_;
}

std::string MediaType(std::string_view content_type) {
  return LowerCase(Trim(content_type.substr(0, content_type.find(';'))));
}

bool IsJsonType(std::string_view media_type) {
  return media_type == "application/json" || media_type.ends_with("+json");
}

BodyIntake::BodyIntake(const RequestBody& body, const BodyLimits& limits, MemoryBudget& budget)
    : body_(body), limits_(limits), share_(budget) {}

BodyIntake::~BodyIntake() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::unique_ptr<BodyIntake> BodyIntake::Create(const Route& route, const Request& request, const BodyLimits& limits,
                                               MemoryBudget& budget, Refusal& refusal) {
  std::unique_ptr<BodyIntake> intake(new BodyIntake(route.body, limits, budget));
  if (route.body.contents.empty()) return intake;
  const auto type = request.Header("content-type");
  const auto length = request.Header("content-length");
  const bool has_body = (length && *length != "0") || request.Header("transfer-encoding").has_value();
  if (!type) {
    if (has_body) refusal = {415, "the body has no Content-Type; taken here: " + Taken(route.body), {}};
    return intake;
  }
  intake->content_type_ = MediaType(*type);
  for (const Content& content : route.body.contents) {
    if (content.type == intake->content_type_ || content.type == "*/*") {
      intake->content_ = &content;
      break;
    }
  }
  if (intake->content_ == nullptr) {
    if (has_body) refusal = {415, "the body is " + intake->content_type_ + "; taken here: " + Taken(route.body), {}};
    return intake;
  }
  if (!ReadCoding(request, intake->coding_)) {
    refusal = {415, "the body's Content-Encoding is not known here; taken are gzip and zstd", {}};
    return intake;
  }
  const std::uint64_t fallback = intake->content_->spooled ? limits.max_upload_bytes : limits.max_body_bytes;
  intake->limit_ = intake->content_->limit > 0 ? intake->content_->limit : fallback;
  const auto announced = length ? ParseDouble(*length).value_or(0) : 0.0;
  if (announced > static_cast<double>(intake->limit_)) {
    refusal = {413, "the body is larger than the " + WithThousands(intake->limit_) + " bytes that are taken here", {}};
  }
  return intake;
}

bool BodyIntake::Feed(std::string_view bytes, Refusal& refusal) {
  received_ += bytes.size();
  if (content_ == nullptr) return received_ <= kDropped || Refuse(refusal, 413, "this route takes no body");
  if (received_ > limit_) {
    return Refuse(refusal, 413, "the body is larger than the " + WithThousands(limit_) + " bytes that are taken here");
  }
  if (spooled()) return Spool(bytes, refusal);
  if (!share_.Grow(bytes.size()))
    return Refuse(refusal, 503, "the server holds as many bodies as it can; try again soon");
  raw_.append(bytes);
  return true;
}

bool BodyIntake::Spool(std::string_view bytes, Refusal& refusal) {
  if (descriptor_ < 0) {
    std::error_code error;
    const auto folder =
        limits_.spool_folder.empty() ? std::filesystem::temp_directory_path(error) : limits_.spool_folder;
    std::string name = (folder / "meterhound-upload-XXXXXX").string();
    descriptor_ = ::mkostemp(name.data(), O_CLOEXEC);  // mode 0600
    if (descriptor_ < 0)
      return Refuse(refusal, Unavailable("the upload cannot be stored: " + std::system_category().message(errno)));
    file_ = std::make_shared<SpooledFile>(name, 0);
    decoder_ = Decoder::Create(coding_, {.max_bytes = limit_, .max_ratio = limits_.max_ratio});
  }
  const Status fed = decoder_->Feed(bytes, [this](std::string_view out) { return WriteAll(descriptor_, out); });
  return fed.ok() || Refuse(refusal, fed.error());
}

bool BodyIntake::Deliver(const SchemaChecker& checker, Request& request, Refusal& refusal) {
  if (received_ == 0 || content_ == nullptr) {
    if (body_.contents.empty() || !body_.required) return true;
    return Refuse(refusal, 400, "a body is required; taken here: " + Taken(body_));
  }
  request.content_type = content_type_;
  if (!spooled()) return DeliverText(checker, request, refusal);
  const Status end = decoder_->End();
  if (!end.ok()) return Refuse(refusal, end.error());
  if (::close(std::exchange(descriptor_, -1)) != 0) {
    return Refuse(refusal, Unavailable("the upload cannot be stored: " + std::system_category().message(errno)));
  }
  file_->SetBytes(decoder_->produced());
  request.upload = std::move(file_);
  return true;
}

bool BodyIntake::DeliverText(const SchemaChecker& checker, Request& request, Refusal& refusal) {
  const bool json = IsJsonType(content_type_);
  if (coding_ == Coding::kIdentity) {
    request.body = std::move(raw_);
  } else {
    const auto decoder = Decoder::Create(coding_, {.max_bytes = limit_, .max_ratio = limits_.max_ratio});
    bool room = true;
    Status decoded = decoder->Feed(raw_, [&](std::string_view out) -> Status {
      room = share_.Grow(out.size());
      if (!room) return Unavailable("the server holds as many bodies as it can; try again soon");
      request.body.append(out);
      return {};
    });
    if (decoded.ok()) decoded = decoder->End();
    if (!decoded.ok()) return Refuse(refusal, room ? StatusOf(decoded.error()) : 503, decoded.error().ToString());
  }
  if (!json) return true;
  if (!share_.Grow(kJsonGrowth * request.body.size())) {
    return Refuse(refusal, 503, "the server holds as many bodies as it can; try again soon");
  }
  Result<Json> parsed = ParseRequestJson(request.body, limits_.max_json_depth);
  if (!parsed.ok()) return Refuse(refusal, parsed.error());
  request.json = std::move(*parsed);
  if (content_->schema.is_null()) return true;
  std::vector<Finding> findings = checker.Check(content_->schema, request.json);
  if (findings.empty()) return true;
  const Finding& first = findings.front();
  refusal = {422, (first.pointer.empty() ? "the body " : first.pointer + " ") + first.detail, findings};
  return false;
}

}  // namespace meterhound::http
