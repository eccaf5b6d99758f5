// `meterhound check`: data quality of a file of readings.
#include <memory>

#include "cli/command.h"

namespace meterhound::cli {

Action DeclareCheck(CLI::App& app) {
  const auto input = std::make_shared<InputFlags>();
  input->Declare(app);
  return [input](Session& session) -> Status {
    METERHOUND_ASSIGN_OR_RETURN(const readings::ReadOptions options, input->ToReadOptions(session.config));
    METERHOUND_ASSIGN_OR_RETURN(const pipeline::SourceData data, pipeline::ReadSource(options, session.context));
    session.Say(std::to_string(data.panel.rows()) + " consumers\n");
    return {};
  };
}

}  // namespace meterhound::cli
