// libcurl's easy interface, one transfer at a time on the calling thread.
#include "network/http_client.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>

#include "base/numbers.h"
#include "network/curl_handle.h"

namespace meterhound::network {
namespace {

constexpr std::size_t kMostAnswer = std::size_t{16} << 20U;
constexpr std::uint64_t kDiskReserve = std::uint64_t{64} << 20U;  // left free on the disk
constexpr long kMostRedirects = 5;

std::size_t Collect(const char* bytes, std::size_t size, std::size_t count, void* user) {
  auto& body = *static_cast<std::string*>(user);
  if (body.size() + size * count > kMostAnswer) return 0;
  body.append(bytes, size * count);
  return size * count;
}

/// A file that is being filled, with the server's word on what it sends.
struct Transfer {
  CURL* handle = nullptr;
  int file = -1;
  std::filesystem::path part;
  std::uint64_t begun_at = 0;  // bytes that were there before
  std::uint64_t most_bytes = 0;
  std::optional<std::uint64_t> range_begin;  // of the answer's Content-Range
  std::uint64_t written = 0;
  bool begun = false;
  std::string refusal;  // the body of an answer that is no file
  std::optional<Error> error;
  Progress* progress = nullptr;

  bool Stop(Error reason) {
    error = std::move(reason);
    return false;
  }

  long Status() const {
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    return status;
  }

  /// At the first bytes: whether they go on where the file ends, and whether there is room for all of them.
  bool Begin() {
    begun = true;
    const bool goes_on = Status() == 206 && range_begin == begun_at;
    if (Status() == 206 && !goes_on) return Stop(Unavailable("the server sent another part than was asked for"));
    if (!goes_on) begun_at = 0;
    if (::ftruncate(file, static_cast<off_t>(begun_at)) != 0 || ::lseek(file, 0, SEEK_END) < 0) return DiskError();
    curl_off_t length = -1;
    curl_easy_getinfo(handle, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    const auto coming = static_cast<std::uint64_t>(std::max<curl_off_t>(0, length));
    if (most_bytes > 0 && begun_at + coming > most_bytes) return TooLong(begun_at + coming);
    std::error_code failed;
    const auto space = std::filesystem::space(part.parent_path(), failed);
    if (!failed && coming + kDiskReserve > space.available) {
      return Stop(Unavailable("the disk has not enough room: " + WithThousands(coming / 1'000'000) +
                                  " MB are coming, " + WithThousands(space.available / 1'000'000) + " MB are free",
                              part.parent_path().string()));
    }
    progress->Begin("download", static_cast<std::size_t>((begun_at + coming) / 1'000'000), "MB");
    progress->Advance(static_cast<std::size_t>(begun_at / 1'000'000));
    return true;
  }

  bool TooLong(std::uint64_t bytes) {
    return Stop(Corrupt("the server sends at least " + std::to_string(bytes) + " bytes, expected " +
                        std::to_string(most_bytes)));
  }
  bool DiskError() {
    return Stop(Unavailable(std::string("cannot be written: ") + std::strerror(errno), part.string()));
  }

  bool Take(std::string_view bytes) {
    if (Status() >= 300) {
      refusal.append(bytes.substr(0, 4096 - std::min<std::size_t>(4096, refusal.size())));
      return true;
    }
    if (!begun && !Begin()) return false;
    if (most_bytes > 0 && begun_at + written + bytes.size() > most_bytes) {
      return TooLong(begun_at + written + bytes.size());
    }
    const std::uint64_t before = written / 1'000'000;
    while (!bytes.empty()) {
      const ssize_t got = ::write(file, bytes.data(), bytes.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return DiskError();
      written += static_cast<std::uint64_t>(got);
      bytes.remove_prefix(static_cast<std::size_t>(got));
    }
    progress->Advance(static_cast<std::size_t>(written / 1'000'000 - before));
    return true;
  }
};

std::size_t TakeBytes(const char* bytes, std::size_t size, std::size_t count, void* user) {
  return static_cast<Transfer*>(user)->Take({bytes, size * count}) ? size * count : 0;
}

// "Content-Range: bytes 100-199/200"
std::size_t TakeHeader(const char* bytes, std::size_t size, std::size_t count, void* user) {
  std::string line(bytes, size * count);
  std::transform(line.begin(), line.end(), line.begin(), [](unsigned char c) { return std::tolower(c); });
  auto& transfer = *static_cast<Transfer*>(user);
  if (line.starts_with("http/")) transfer.range_begin.reset();  // a new answer, after a redirect
  constexpr std::string_view kName = "content-range: bytes ";
  if (line.starts_with(kName)) {
    std::uint64_t begin = 0;
    if (std::from_chars(line.data() + kName.size(), line.data() + line.size(), begin).ec == std::errc()) {
      transfer.range_begin = begin;
    }
  }
  return size * count;
}

Status Judge(CURLcode code, const Transfer& transfer, const std::string& url, const std::stop_token& stop) {
  if (stop.stop_requested()) return Cancelled();
  if (transfer.error) return *transfer.error;
  if (code == CURLE_FILE_COULDNT_READ_FILE) return NotFound("no such file", url);
  if (code != CURLE_OK) return Unreachable(code, url);
  const long status = transfer.Status();
  if (status < 300) return {};
  const std::string said = "the server answers " + std::to_string(status) +
                           (transfer.refusal.empty() ? "" : ": " + Printable(transfer.refusal));
  if (status == 404 || status == 410) return NotFound(said, url);
  if (status < 500 && status != 408 && status != 429) return InvalidInput(said, url);
  return Unavailable(said, url);
}

}  // namespace

Result<HttpResponse> PostJson(const std::string& url, const std::string& body, const PostOptions& options,
                              const std::stop_token& stop) {
  METERHOUND_ASSIGN_OR_RETURN(const CurlPointer handle, NewHandle(url));
  ListPointer lines;
  Append(lines, "Content-Type: application/json");
  for (const std::string& header : options.headers) Append(lines, header);
  HttpResponse response;
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_HTTPHEADER, lines.get());
  curl_easy_setopt(handle.get(), CURLOPT_POST, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout * 1000));
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &Collect);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &response.body);
  if (!options.ca_file.empty()) curl_easy_setopt(handle.get(), CURLOPT_CAINFO, options.ca_file.c_str());
  if (options.direct) curl_easy_setopt(handle.get(), CURLOPT_NOPROXY, "*");
  WatchStop(handle.get(), stop);
  const CURLcode code = curl_easy_perform(handle.get());
  if (stop.stop_requested()) return Cancelled();
  if (code == CURLE_OPERATION_TIMEDOUT) {
    return Unavailable("time-out: the server did not answer within " + FormatDouble(options.timeout) + " s", url);
  }
  if (code == CURLE_WRITE_ERROR) return Unavailable("the server's answer is longer than 16 MiB", url);
  if (code != CURLE_OK) return Unreachable(code, url);
  curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &response.status);
  return response;
}

Status Download(const std::string& url, const std::filesystem::path& part, const DownloadOptions& options,
                const RunContext& context) {
  METERHOUND_ASSIGN_OR_RETURN(const CurlPointer handle, NewHandle(url));
  const int file = ::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return InvalidInput(std::string("cannot be written: ") + std::strerror(errno), part.string());
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    ::close(file);
    return Unavailable("another download of it is running", part.string());
  }
  Transfer transfer;
  transfer.handle = handle.get();
  transfer.file = file;
  transfer.part = part;
  transfer.most_bytes = options.most_bytes;
  transfer.progress = &context.progress;
  const bool local = url.starts_with("file:");
  const off_t there = local ? 0 : ::lseek(file, 0, SEEK_END);
  transfer.begun_at = there > 0 ? static_cast<std::uint64_t>(there) : 0;
  const std::string range = std::to_string(transfer.begun_at) + "-";
  if (transfer.begun_at > 0) curl_easy_setopt(handle.get(), CURLOPT_RANGE, range.c_str());
  curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, local ? "file" : "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_MAXREDIRS, kMostRedirects);
  curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(handle.get(), CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(options.stall)));
  curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &TakeBytes);
  curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_easy_setopt(handle.get(), CURLOPT_HEADERDATA, &transfer);
  WatchStop(handle.get(), context.stop);
  const CURLcode code = curl_easy_perform(handle.get());
  Status status = Judge(code, transfer, url, context.stop);
  // Asked for what comes after the end: the whole file is already there, which its hash will tell.
  if (transfer.Status() == 416 && transfer.begun_at > 0) status = Status();
  if (transfer.begun) context.progress.End();
  if (status.ok() && ::fsync(file) != 0) status = Unavailable(std::string("writing failed: ") + std::strerror(errno));
  ::close(file);
  return status;
}

}  // namespace meterhound::network
