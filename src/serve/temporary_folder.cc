// mkdtemp, and its removal.
#include "serve/temporary_folder.h"

#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

namespace meterhound::serve {

Result<TemporaryFolder> TemporaryFolder::Create() {
  std::error_code error;
  std::string name = (std::filesystem::temp_directory_path(error) / "meterhound-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr) {
    return Unavailable("cannot make a temporary folder: " + (error ? error.message() : std::strerror(errno)), name);
  }
  return TemporaryFolder(name);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // what cannot be removed is the system's to clean
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace meterhound::serve
