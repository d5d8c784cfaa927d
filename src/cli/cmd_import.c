#include "cli/cmd_import.h"
const struct subcommand cmd_import = {.words = "import", .arguments="", .summary="", .about="", .examples=""};
