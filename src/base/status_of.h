// StatusOf: a result without its value.
#pragma once

#include "base/result.h"

namespace meterhound {

/// Whether it went well, for callers that want no more.
template <typename T>
Status StatusOf(const Result<T>& result) {
  return result ? Status() : Status(result.error());
}

}  // namespace meterhound
