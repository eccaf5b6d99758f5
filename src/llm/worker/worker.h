// The worker's side: commands come over a socket, answers go back, one at a time.
#pragma once

namespace meterhound::llm {

/// Serves until the caller is gone. @return the process's exit status.
int ServeWorker(int socket);

/// Whether this processor can run ggml's kernels as they were compiled (AVX2, FMA, F16C, BMI2).
bool ProcessorSuffices();

}  // namespace meterhound::llm
