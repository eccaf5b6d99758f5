// The analyst's page as it lies inside the program: what dashboard/ builds, gzip-compressed.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace meterhound::serve {

struct PageFile {
  std::string_view path;          // as a browser asks for it: "/" (also "/index.html"), "/assets/index-1a2b3c4d.js"
  std::string_view content_type;  // "text/html; charset=utf-8"
  std::string_view gzip;  // the body with Content-Encoding: gzip; inflate it for clients that do not accept that
  std::size_t size;       // bytes of the body, inflated
  std::string_view etag;  // in quotes: SHA-256 of the inflated body
  bool immutable;         // its path changes with its content: Cache-Control: public, max-age=31536000, immutable
};

// All files, sorted by path; empty in a build with METERHOUND_DASHBOARD=OFF. They live as long as the program.
std::span<const PageFile> PageFiles();

// The file that answers `path` (without query), or null. "/index.html" is "/".
const PageFile* FindPageFile(std::string_view path);

// What the page needs, and all that it may do: no inline script or style, nothing from elsewhere.
inline constexpr std::string_view kPageSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

}  // namespace meterhound::serve
