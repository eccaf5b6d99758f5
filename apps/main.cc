// The program: hands the command line to cli and nothing else.
#include "cli/cli.h"

int main(int argc, char** argv) { return meterhound::cli::Main(argc, argv); }
