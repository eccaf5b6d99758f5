// Consumers in the JSON of a request, and the panels they make.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/panel.h"

namespace meterhound::serve {

/// The schema of one consumer, for the table of routes.
Json ConsumerSchema();

struct RequestConsumers {
  Panel panel;  ///< one kind; attributes stay outside, for a model of such files knows none
  std::vector<std::map<std::string, std::string>> attributes;  ///< one a row, as text
};

/// @param consumers as ConsumerSchema says. All must have one cadence and one kind, ids must differ: kInvalidInput
/// names the place as a JSON pointer ("/consumers/3/start").
Result<RequestConsumers> PanelOf(const Json& consumers, const std::string& source);
/// The same of some of them, in the order given.
Result<RequestConsumers> PanelOf(const Json& consumers, std::span<const std::size_t> which, const std::string& source);

}  // namespace meterhound::serve
