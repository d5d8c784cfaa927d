/*
 * cmd_doctor: galena doctor: whether all is well, in plain words.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    by the subcommand's failure.
 */
#ifndef CLI_CMD_DOCTOR_H
#define CLI_CMD_DOCTOR_H

#include "cli/options.h"

extern const struct subcommand cmd_doctor;

#endif
