// The worker program in which models are loaded; started by the main program, never by a person.
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "llm/worker/worker.h"

namespace {

constexpr int kSocket = 3;                      // see WorkerProcess
constexpr rlim_t kHeadroom = rlim_t{1} << 30U;  // addresses that are reserved but never filled: stacks, arenas

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // reserves terabytes of addresses
#else
constexpr bool kSanitized = false;
#endif

// The caller watches what is resident; this stops a single huge allocation before it is filled.
void LimitMemory(rlim_t bytes) {
  if (bytes == 0 || kSanitized) return;
  const rlimit limit{.rlim_cur = bytes + kHeadroom, .rlim_max = bytes + kHeadroom};
  ::setrlimit(RLIMIT_AS, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || ::isatty(kSocket) == 1) {
    std::fputs("meterhound-llm is started by meterhound; see `meterhound model --help`\n", stderr);
    return 2;
  }
  if (!meterhound::llm::ProcessorSuffices()) {
    std::fputs("this processor lacks AVX2, FMA, F16C or BMI2, which this build of llama.cpp needs\n", stderr);
    return 3;
  }
  ::mallopt(M_ARENA_MAX, 2);
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  LimitMemory(std::strtoull(argv[1], nullptr, 10));
  return meterhound::llm::ServeWorker(kSocket);
}
