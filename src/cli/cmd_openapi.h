/*
 * cmd_openapi: galena openapi: the description of the HTTP interface, for generators.
 *
 * Holds    nothing.
 * Threads  the main one.
 * Fails    ERR_INVALID_INPUT for a version there is none of.
 */
#ifndef CLI_CMD_OPENAPI_H
#define CLI_CMD_OPENAPI_H

#include "cli/options.h"

extern const struct subcommand cmd_openapi;

#endif
