// TextModel: what the writers need of a language model, whatever engine runs it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace meterhound::report {

struct TextRequest {
  std::string prefix;   ///< the fixed part, the same for every case of a run, so that an engine can keep it
  std::string prompt;   ///< the case's part
  std::string grammar;  ///< GBNF that the answer must follow; empty: free text
  std::vector<std::string> choices;  ///< the same for servers without GBNF: the answer is a list of some of these
  std::size_t max_tokens = 256;
};

class TextModel {
 public:
  virtual ~TextModel() = default;
  /// As reports name it.
  virtual std::string Name() const = 0;
  /// The whole answers, in the order of the requests. One that is cut off, late or not there is an error, kCancelled
  /// after a stop.
  virtual std::vector<Result<std::string>> CompleteAll(std::span<const TextRequest> requests) const = 0;
};

}  // namespace meterhound::report
