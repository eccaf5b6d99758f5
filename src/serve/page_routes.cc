// The analyst's page, out of the binary.
#include <zlib.h>

#include <stdexcept>

#include "serve/page_files.h"
#include "serve/routes.h"

namespace meterhound::serve {
namespace {

// The body for clients that take no gzip.
std::string Inflate(const PageFile& file) {
  std::string body(file.size, '\0');
  z_stream stream{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.gzip.data()));
  stream.avail_in = static_cast<uInt>(file.gzip.size());
  stream.next_out = reinterpret_cast<Bytef*>(body.data());
  stream.avail_out = static_cast<uInt>(body.size());
  const bool good = inflateInit2(&stream, 15 + 16) == Z_OK && inflate(&stream, Z_FINISH) == Z_STREAM_END;
  inflateEnd(&stream);
  if (!good) throw std::logic_error("a page file inside the program does not inflate");
  return body;
}

Result<http::Response> Answer(const http::Request& request) {
  const PageFile* file = FindPageFile(request.path);
  if (file == nullptr) return NotFound("no such page", request.path);
  const std::string_view accepts = request.Header("Accept-Encoding").value_or("");
  const bool packed = accepts.find("gzip") != std::string_view::npos;
  http::Response response =
      http::Response::OfText(packed ? std::string(file->gzip) : Inflate(*file), std::string(file->content_type));
  if (packed) response.With("Content-Encoding", "gzip");
  response.With("Vary", "Accept-Encoding").With("Content-Security-Policy", std::string(kPageSecurityPolicy));
  response.With("Cache-Control", file->immutable ? "public, max-age=31536000, immutable" : "no-cache");
  return std::move(response).WithETag(file->etag.substr(1, file->etag.size() - 2));
}

}  // namespace

Routes PageRoutes() {
  Routes routes;
  for (const PageFile& file : PageFiles()) {
    http::Route row = Row(http::Method::kGet, std::string(file.path), "", "Part of the page", "operations", "", {},
                          {Gives("part of the page", std::string(file.content_type))}, Answer);
    row.documented = false;
    row.rate_limited = false;
    routes.push_back(std::move(row));
  }
  return routes;
}

}  // namespace meterhound::serve
