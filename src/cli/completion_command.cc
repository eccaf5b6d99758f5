// `meterhound completion`: completion scripts made from the commands themselves.
#include <algorithm>
#include <memory>

#include "cli/command.h"

namespace meterhound::cli {
namespace {

std::string Words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// With those of the actions below it (`model download`).
std::vector<std::string> FlagsOf(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  for (const CLI::App* action : app.get_subcommands([](const CLI::App*) { return true; })) {
    for (const std::string& flag : FlagsOf(*action)) {
      if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.push_back(flag);
    }
  }
  return flags;
}

// zsh takes bash's script through bashcompinit.
std::string BashScript(const CLI::App& root) {
  std::vector<std::string> names;
  std::string cases;
  for (const CLI::App* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
    cases += "    " + command->get_name() + ") flags=\"" + Words(FlagsOf(*command)) + "\" ;;\n";
  }
  return "_meterhound() {\n"
         "  local word=\"${COMP_WORDS[COMP_CWORD]}\" flags=\"\"\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"" +
         Words(names) +
         " --help --version --verbose\" -- \"$word\")\n"
         "    return\n"
         "  fi\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         cases +
         "  esac\n"
         "  if [[ \"$word\" == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$flags\" -- \"$word\")\n"
         "  else\n"
         "    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
         "  fi\n"
         "}\n"
         "complete -o filenames -F _meterhound meterhound\n";
}

std::string FishScript(const CLI::App& root) {
  std::string text;
  for (const CLI::App* command : root.get_subcommands([](const CLI::App*) { return true; })) {
    text += "complete -c meterhound -n __fish_use_subcommand -f -a " + command->get_name() + " -d '" +
            command->get_description() + "'\n";
    for (const std::string& flag : FlagsOf(*command)) {
      text += "complete -c meterhound -n '__fish_seen_subcommand_from " + command->get_name() + "' -l " +
              flag.substr(2) + "\n";
    }
  }
  return text;
}

}  // namespace

Action DeclareCompletion(CLI::App& app) {
  const auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "bash, zsh or fish")->required();
  const CLI::App* root = app.get_parent();
  return [shell, root](Session& session) -> Status {
    std::string script;
    if (*shell == "bash") {
      script = BashScript(*root);
    } else if (*shell == "zsh") {
      script = "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n" + BashScript(*root);
    } else if (*shell == "fish") {
      script = FishScript(*root);
    } else {
      return InvalidInput("found '" + *shell + "', expected bash, zsh or fish", "completion");
    }
    session.Say(script);
    session.Answer({{"shell", *shell}, {"script", script}});
    return {};
  };
}

}  // namespace meterhound::cli
