// The command line: subcommands, shared flags, exit statuses.
#pragma once

namespace meterhound::cli {

/// Runs the program. Exit status: 0 done; 1 a failure outside the user's input (disk, memory, a broken promise); 2
/// input, flags, files or models that are not what was expected; 3 drift found; 130 stopped by Ctrl-C.
int Main(int argc, char** argv);

}  // namespace meterhound::cli
