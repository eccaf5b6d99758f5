// Quantize: a GGUF file with smaller weights, made by llama.cpp in a worker process.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/run_context.h"

namespace meterhound::llm {

struct QuantizeOptions {
  std::filesystem::path input;
  std::filesystem::path output;
  std::string type;  ///< Q4_K_M, Q5_K_M or Q8_0
  /// A text from which the importance of weights is learnt first, or llama.cpp's importance matrix in GGUF; may be
  /// empty.
  std::filesystem::path importance;
  std::filesystem::path worker;  ///< empty: FindWorker()
};

/// The output appears whole or not at all. What llama.cpp refuses (weights that are quantised already, say) is refused
/// with its reason.
Status Quantize(const QuantizeOptions& options, const RunContext& context);

}  // namespace meterhound::llm
