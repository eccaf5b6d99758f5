// Reads secrets where programs in containers get them.
#include "base/secret.h"

#include <cstdlib>

#include "base/file.h"

namespace meterhound {
namespace {

std::string Variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

Result<std::string> ReadSecret(const std::string& variable) {
  std::string secret = Variable(variable);
  if (const std::string file = Variable(variable + "_FILE"); secret.empty() && !file.empty()) {
    METERHOUND_ASSIGN_OR_RETURN(secret, ReadFile(file));
    secret = secret.substr(0, secret.find_first_of("\r\n"));
  }
  for (const char c : secret) {
    // A line break would end a header or a command and begin another.
    if (static_cast<unsigned char>(c) < ' ' || c == 127) {
      return InvalidInput("found a control character in the secret, expected none", variable);
    }
  }
  return secret;
}

}  // namespace meterhound
