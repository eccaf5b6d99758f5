// `meterhound config`: every setting with its value in force and its meaning.
#include "cli/command.h"

namespace meterhound::cli {
namespace {

std::string ValueOf(const Json& settings, const std::string& key) {
  const Json* value = &settings;
  for (std::size_t begin = 0; begin <= key.size();) {
    const std::size_t end = std::min(key.find('.', begin), key.size());
    value = &value->at(key.substr(begin, end - begin));
    begin = end + 1;
  }
  return value->is_string() ? value->get<std::string>() : value->dump();
}

Status ShowConfig(Session& session) {
  const Json settings = pipeline::ToJson(session.config);
  for (const pipeline::ConfigKey& key : pipeline::ConfigKeys()) {
    std::string line = key.key + ": " + ValueOf(settings, key.key);
    line.resize(std::max<std::size_t>(line.size() + 2, 56), ' ');
    session.Say(line + "# " + key.meaning + "\n");
  }
  session.Answer(settings);
  return {};
}

}  // namespace

Action DeclareConfig(CLI::App&) {
  return [](Session& session) { return ShowConfig(session); };
}

}  // namespace meterhound::cli
