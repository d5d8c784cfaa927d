/*
 * import_rig: an engine and a desk on a fresh database, and commands run as a caller would.
 *
 * Holds    a folder, an engine, a desk and an arena, until the test ends.
 * Threads  the test's; the engine has its own.
 * Fails    the test, with the message of what went wrong.
 */
#ifndef TESTS_STORE_IMPORT_RIG_H
#define TESTS_STORE_IMPORT_RIG_H

#include "fixture.h"

#include <jansson.h>

#include "command/dispatch.h"
#include "job/importer.h"

#define RIG_WORKSPACE 7

struct import_rig {
	struct fixture *fixture; /* its folder; it opens no database */
	char files[160];
	struct engine *engine;
	struct desk *desk;
};

int import_rig_setup(void **state);
int import_rig_teardown(void **state);

#define RIG_TEST(test) cmocka_unit_test_setup_teardown(test, import_rig_setup, import_rig_teardown)

/* Run a command as workspace `workspace`; its data, which the caller owns. `input` is taken. */
json_t *import_rig_run_as(struct import_rig *rig, int64_t workspace, const char *command,
			  json_t *take_input);
json_t *import_rig_run(struct import_rig *rig, const char *command, json_t *take_input);

/* The same where it must fail with `code`. */
void import_rig_refuse(struct import_rig *rig, const char *command, json_t *take_input,
		       enum err_code code);

/* Make an import of `content` with `settings` (taken, may be NULL) and run it to its end; what
 * import.get shows of it, which the caller owns. */
json_t *import_rig_import(struct import_rig *rig, const char *content, json_t *take_settings);

/* Wait until all imports are over, with an importer of its own. */
void import_rig_finish(struct import_rig *rig);

/* import.get's import. */
json_t *import_rig_get(struct import_rig *rig, const char *import_id);

int64_t import_rig_count(const json_t *import, const char *member);

/* How many leads the workspace has. */
int64_t import_rig_leads(struct import_rig *rig);

/* Fail unless the import's counts are these: created, updated, unchanged, conflict, invalid,
 * skipped. */
void import_rig_expect(const json_t *import, const int64_t counts[6]);

#endif
