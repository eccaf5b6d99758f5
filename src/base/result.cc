// The one table from error codes to the outside world's numbers.
#include "base/result.h"

#include <array>

namespace meterhound {
namespace {

struct ErrorRow {
  ErrorCode code;
  std::string_view name;
  int exit_status;
  int http_status;
};

constexpr std::array<ErrorRow, 7> kErrorTable = {{
    {ErrorCode::kInvalidInput, "invalid_input", 2, 400},
    {ErrorCode::kNotFound, "not_found", 2, 404},
    {ErrorCode::kUnsupported, "unsupported", 2, 422},
    {ErrorCode::kCorrupt, "corrupt", 2, 500},
    {ErrorCode::kUnavailable, "unavailable", 1, 503},
    {ErrorCode::kCancelled, "cancelled", 130, 499},
    {ErrorCode::kInternal, "internal", 1, 500},
}};

const ErrorRow& Row(ErrorCode code) { return kErrorTable[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view ErrorName(ErrorCode code) { return Row(code).name; }
int ExitStatus(ErrorCode code) { return Row(code).exit_status; }
int HttpStatus(ErrorCode code) { return Row(code).http_status; }

}  // namespace meterhound
