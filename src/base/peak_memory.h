// What the process has held at most.
#pragma once

#include <cstddef>

namespace meterhound {

/// The process's largest resident set so far, in bytes; 0 where the system does not say.
std::size_t PeakMemory();

}  // namespace meterhound
