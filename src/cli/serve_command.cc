// `meterhound serve`: the API, the analyst's page and, unless told otherwise, the workers, in one process.
#include <cstdio>
#include <memory>

#include "cli/command.h"
#include "cli/store_flags.h"
#include "serve/host.h"

namespace meterhound::cli {
namespace {

struct Flags {
  std::optional<std::string> address;
  std::optional<std::int64_t> port;
  std::string model;
  std::string detect;
  std::size_t workers = 1;
  StoreFlags where;
};

Status Serve(const Flags& flags, Session& session) {
  flags.where.Apply(session.config);
  if (flags.address) {
    METERHOUND_RETURN_IF_ERROR(
        pipeline::SetConfigValue(session.config, "service.address", *flags.address, "--address"));
  }
  if (flags.port) {
    METERHOUND_RETURN_IF_ERROR(
        pipeline::SetConfigValue(session.config, "service.port", std::to_string(*flags.port), "--port"));
  }
  serve::ServeOptions options;
  options.model = flags.model;
  options.detect = flags.detect;
  options.workers = flags.workers;
  options.on_ready = [&session](const std::string& url, bool keys) {
    session.Say(url + "\n");
    if (!keys) session.Say("No keys yet: this machine alone reaches it, and may do everything (meterhound keys add)\n");
    session.Answer({{"url", url}});
    std::fflush(stdout);
  };
  options.log = ServiceLog(session);
  return serve::Serve(session.config, options, session.context.stop);
}

}  // namespace

Action DeclareServe(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->where.Declare(app);
  flags->where.DeclareQueue(app);
  app.add_option("--address", flags->address, "To listen on; beyond loopback only with keys")->type_name("ADDRESS");
  app.add_option("--port", flags->port, "To listen on (8000); 0 = any that is free, printed")->type_name("N");
  app.add_option("--model", flags->model, "Model (model.mh) to use if the store does not know it yet; otherwise the one used last")
      ->type_name("FILE")
      ->envname("MODEL_PATH");
  app.add_option("--detect", flags->detect, "Readings to score at once when the store has no list yet")
      ->type_name("FILE");
  app.add_option("--workers", flags->workers,
                 "Jobs scored at once by this process; 0 = by `meterhound worker` elsewhere")
      ->type_name("N")
      ->capture_default_str();
  return [flags](Session& session) { return Serve(*flags, session); };
}

}  // namespace meterhound::cli
