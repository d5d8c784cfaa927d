/*
 * catalogue_data: the commands' files, whole, as tools/catalogue_gen.py made them.
 *
 * Holds    constant text.
 * Threads  any.
 * Fails    never.
 */
#ifndef COMMAND_CATALOGUE_DATA_H
#define COMMAND_CATALOGUE_DATA_H

#include <stddef.h>

extern const char *const catalogue_data_rows[]; /* one JSON object per command, sorted by id */
extern const size_t catalogue_data_count;
extern const char *const catalogue_data_record; /* schema of a lead in an answer of records */

#endif
