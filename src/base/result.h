// Values that may be errors: how every stage reports bad input, files, models and networks without throwing.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace meterhound {

/// What kind of thing went wrong. One table (in result.cc) maps each to an exit status and an HTTP status.
enum class ErrorCode {
  kInvalidInput,  ///< the user's file, flag or request is not what was expected
  kNotFound,      ///< a file, model, job or consumer that does not exist
  kUnsupported,   ///< well-formed, but this build or version cannot do it
  kCorrupt,       ///< a stored artefact (bundle, cache) fails its own checks
  kUnavailable,   ///< disk, network or queue refused for now; a retry may succeed
  kCancelled,     ///< the caller asked to stop
  kInternal,      ///< a promise inside the program was broken
};

/// Short stable name, e.g. "invalid_input".
std::string_view ErrorName(ErrorCode code);
/// Process exit status: 2 for what the user can mend (input, not found, unsupported, corrupt), 130 for cancelled, 1
/// otherwise.
int ExitStatus(ErrorCode code);
/// HTTP status that the service answers with.
int HttpStatus(ErrorCode code);

/// An error as a person reads it: `where: message`.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  ///< what was found and what was expected, one sentence without a final full stop
  std::string where;    ///< "readings.csv:17:4" (file:line:column), a flag, a YAML path; empty when there is no place

  /// `where: message`, or the message alone.
  std::string ToString() const { return where.empty() ? message : where + ": " + message; }
};

inline Error InvalidInput(std::string message, std::string where = {}) {
  return {ErrorCode::kInvalidInput, std::move(message), std::move(where)};
}
inline Error NotFound(std::string message, std::string where = {}) {
  return {ErrorCode::kNotFound, std::move(message), std::move(where)};
}
inline Error Unsupported(std::string message, std::string where = {}) {
  return {ErrorCode::kUnsupported, std::move(message), std::move(where)};
}
inline Error Corrupt(std::string message, std::string where = {}) {
  return {ErrorCode::kCorrupt, std::move(message), std::move(where)};
}
inline Error Unavailable(std::string message, std::string where = {}) {
  return {ErrorCode::kUnavailable, std::move(message), std::move(where)};
}
inline Error Cancelled() { return {ErrorCode::kCancelled, "stopped on request", {}}; }

/// A value or the error that kept it from being made. Reading the wrong one is a broken promise and asserts.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    assert(ok());
    return std::get<0>(state_);
  }
  const T& value() const& {
    assert(ok());
    return std::get<0>(state_);
  }
  T&& value() && {
    assert(ok());
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    assert(!ok());
    return std::get<1>(state_);
  }

 private:
  std::variant<T, Error> state_;
};

/// Success or an error: `Result` for functions that only act.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    assert(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace meterhound

#define METERHOUND_CONCAT_INNER(a, b) a##b
#define METERHOUND_CONCAT(a, b) METERHOUND_CONCAT_INNER(a, b)

/// Evaluates a Result; on error returns that error from the enclosing function.
#define METERHOUND_RETURN_IF_ERROR(expression)                            \
  do {                                                                    \
    if (auto meterhound_status = (expression); !meterhound_status.ok()) { \
      return meterhound_status.error();                                   \
    }                                                                     \
  } while (false)

/// `METERHOUND_ASSIGN_OR_RETURN(auto x, F())`: declares x with F's value, or returns F's error.
#define METERHOUND_ASSIGN_OR_RETURN(declaration, expression) \
  METERHOUND_ASSIGN_OR_RETURN_IMPL(METERHOUND_CONCAT(meterhound_result_, __LINE__), declaration, expression)
#define METERHOUND_ASSIGN_OR_RETURN_IMPL(temporary, declaration, expression) \
  auto temporary = (expression);                                             \
  if (!temporary.ok()) return temporary.error();                             \
  declaration = std::move(temporary).value()
