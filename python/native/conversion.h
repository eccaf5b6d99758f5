// Between Python's values and the library's: settings, the catalogue, errors.
#pragma once

#include <nanobind/nanobind.h>

#include "base/json.h"
#include "base/result.h"

namespace meterhound::python {

/// None, bool, int, float, str, lists, tuples and dicts with text keys, in their order; infinities and NaN stay.
/// Throws TypeError for anything else.
Json ToJson(nanobind::handle value);
nanobind::object FromJson(const Json& json);

/// Raises the Python exception that stands for an error: ValueError for input, FileNotFoundError, NotImplementedError,
/// OSError for what may succeed later, KeyboardInterrupt for what was stopped, RuntimeError for broken promises.
[[noreturn]] void Raise(const Error& error);

template <typename T>
T ValueOrRaise(Result<T> result) {
  if (!result) Raise(result.error());
  return std::move(result).value();
}

}  // namespace meterhound::python
