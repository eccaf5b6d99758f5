// From the settings to the engine that words texts.
#pragma once

#include <memory>

#include "base/result.h"
#include "base/run_context.h"
#include "llm/engine.h"
#include "llm/llama_engine.h"
#include "pipeline/config.h"

namespace meterhound::pipeline {

/// The engine that `llm.engine` names, ready to write; null for `template`, which needs none. A missing, damaged or too
/// large model, or settings that cannot be used, are errors; whether the server of `openai` is there shows at the first
/// request.
Result<std::unique_ptr<llm::Engine>> MakeEngine(const Config& config, const RunContext& context);

/// The options of `llama`: the model found and its SHA-256 and quantisation checked.
Result<llm::LlamaOptions> MakeLlamaOptions(const Config& config);

/// A request with the settings' length, temperature, seed and time-out, and nothing asked yet.
llm::Request MakeRequest(const Config& config);

}  // namespace meterhound::pipeline
