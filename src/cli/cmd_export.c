#include "cli/cmd_export.h"
const struct subcommand cmd_export = {.words = "export", .arguments="", .summary="", .about="", .examples=""};
