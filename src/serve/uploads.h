// Uploads: a file into the store, whatever its size, and back to be read.
#pragma once

#include <filesystem>
#include <string>

#include "pipeline/config.h"
#include "pipeline/sources.h"
#include "store/input_store.h"

namespace meterhound::serve {

/// Copies a file in pieces. @param name as who sent it calls it. kNotFound or kUnavailable when it cannot be read.
Result<store::Input> KeepFile(store::InputStore& inputs, const std::filesystem::path& file, const std::string& name,
                              const std::string& media_type);

/// Reads an uploaded file of readings. Errors name the file as who sent it does.
Result<pipeline::SourceData> ReadUpload(store::InputStore& inputs, const store::Input& input,
                                        const pipeline::Config& config, const RunContext& context);

}  // namespace meterhound::serve
