// From the kernel's own account.
#include "base/peak_memory.h"

#include <sys/resource.h>

namespace meterhound {

std::size_t PeakMemory() {
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) != 0) return 0;
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace meterhound
