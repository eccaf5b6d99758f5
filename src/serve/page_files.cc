// Looks a page file up by the path that a browser asks for.
#include "serve/page_files.h"

#include <algorithm>

namespace meterhound::serve {

const PageFile* FindPageFile(std::string_view path) {
  if (path == "/index.html") path = "/";
  const std::span<const PageFile> files = PageFiles();
  const auto found = std::ranges::lower_bound(files, path, {}, &PageFile::path);
  return found != files.end() && found->path == path ? &*found : nullptr;
}

}  // namespace meterhound::serve
