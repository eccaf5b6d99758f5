// Importance: how much each column of each weight matrix matters, for quantising with an importance matrix.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace meterhound::llm {

/// Tensor's name -> the mean square of what its columns are multiplied with.
using Importance = std::map<std::string, std::vector<float>>;

/// From a file of llama.cpp's imatrix tool in GGUF, or from a text, which the model reads in pieces of up to 512
/// tokens.
Result<Importance> ReadImportance(const std::string& model, const std::string& file, int threads);

}  // namespace meterhound::llm
