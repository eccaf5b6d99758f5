// CSV on the way out: a field quoted only when it must be.
#pragma once

#include <string>
#include <string_view>

namespace meterhound {

/// Appends `field`, in quotes with doubled quotes inside when it holds a comma, a quote or a line break (RFC 4180).
void AppendCsvField(std::string& to, std::string_view field);

}  // namespace meterhound
