// Secrets: given by the environment or in a file that it names, never by settings, which are shown and stored.
#pragma once

#include <string>

#include "base/result.h"

namespace meterhound {

/// The value of `variable`; else the first line of the file that `variable`_FILE names (as Docker and Kubernetes mount
/// secrets); else empty. Control characters in it are kInvalidInput. No error repeats the secret.
Result<std::string> ReadSecret(const std::string& variable);

}  // namespace meterhound
