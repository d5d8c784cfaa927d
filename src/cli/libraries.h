/*
 * libraries: the versions of what the program is built upon.
 *
 * Holds    static text.
 * Threads  any.
 * Fails    never.
 */
#ifndef CLI_LIBRARIES_H
#define CLI_LIBRARIES_H

#define LIBRARIES_COUNT 8

struct libraries_row {
	const char *name;
	const char *version;
};

/* As they run, which need not be what was compiled against. */
void libraries_list(struct libraries_row out[LIBRARIES_COUNT]);

#endif
