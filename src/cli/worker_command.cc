// `meterhound worker`: works on the jobs of one or several queues.
#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/store_flags.h"
#include "serve/host.h"
#include "serve/service.h"

namespace meterhound::cli {
namespace {

struct Flags {
  std::string queues = std::string(serve::kMathQueue) + "," + serve::kLlmQueue;
  std::size_t threads = 1;
  StoreFlags where;
};

Result<std::vector<std::string>> QueuesOf(const std::string& text) {
  std::vector<std::string> queues;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    queues.push_back(text.substr(begin, end - begin));
    if (std::find(serve::kQueues.begin(), serve::kQueues.end(), queues.back()) == serve::kQueues.end()) {
      return InvalidInput(
          "found '" + queues.back() + "', expected math_queue, llm_queue or alert_queue, several with commas",
          "--queues");
    }
    begin = end + 1;
  }
  return queues;
}

Status Work(const Flags& flags, Session& session) {
  flags.where.Apply(session.config);
  serve::WorkOptions options;
  METERHOUND_ASSIGN_OR_RETURN(options.queues, QueuesOf(flags.queues));
  options.threads = flags.threads;
  options.log = ServiceLog(session);
  session.Say("working on " + flags.queues + "\n");
  return serve::Work(session.config, options, session.context.stop);
}

}  // namespace

Action DeclareWorker(CLI::App& app) {
  const auto flags = std::make_shared<Flags>();
  flags->where.Declare(app);
  flags->where.DeclareQueue(app);
  app.add_option("-Q,--queues", flags->queues,
                 "math_queue, llm_queue, alert_queue (which the API works on as well), or several")
      ->type_name("NAMES")
      ->capture_default_str();
  app.add_option("-c,--concurrency", flags->threads, "Jobs at once")
      ->type_name("N")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  return [flags](Session& session) { return Work(*flags, session); };
}

}  // namespace meterhound::cli
