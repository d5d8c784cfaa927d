#include "cli/cmd_doctor.h"
const struct subcommand cmd_doctor = {.words = "doctor", .arguments="", .summary="", .about="", .examples=""};
