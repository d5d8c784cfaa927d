/*
 * fixture: a fresh database in a folder of its own for each test, and a clock that stands still.
 *
 * Holds    the folder, until the test ends.
 * Threads  the test's.
 * Fails    the test, with the message of what went wrong.
 */
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store/leads.h"
#include "store/txn.h"

#define FIXTURE_NOW_MS ((int64_t)1795166100000)

struct fixture {
	char folder[64];
	char path[96];
	struct clock clock; /* says now_ms; random bytes are the system's */
	int64_t now_ms;
	struct arena arena;
	struct err err;
	struct db *db; /* writes, its schema is up to date; NULL with fixture_folder */
	struct txn txn;
};

/* For cmocka: *state becomes a struct fixture. fixture_folder opens no database. */
int fixture_setup(void **state);
int fixture_folder(void **state);
int fixture_teardown(void **state);

#define FIXTURE_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
#define FOLDER_TEST(test) cmocka_unit_test_setup_teardown(test, fixture_folder, fixture_teardown)

/* The test fails unless the call, which takes &fixture->err, answers that code. */
#define EXPECT(fixture, expected, call)                                                       \
	fixture_expect(&(fixture)->err, (expected), (call), #call, __LINE__)
#define OK(fixture, call) EXPECT(fixture, ERR_OK, call)
void fixture_expect(const struct err *err, enum err_code expected, enum err_code code,
		    const char *call, int line);

/* Another connection to the same file; the caller destroys it. */
struct db *fixture_open(struct fixture *fixture, enum db_mode mode, int busy_timeout_ms);

/* Begin a transaction and one write in it; keep the write and commit. */
void fixture_begin(struct fixture *fixture);
void fixture_commit(struct fixture *fixture);

/* Insert a lead with that document, and its change; its number. Between begin and commit. */
int64_t fixture_add_lead(struct fixture *fixture, int64_t workspace, enum status status,
			 const char *doc);

/* Append a change to lead `no` that text search must see. */
void fixture_add_change(struct fixture *fixture, int64_t workspace, int64_t no);

/* The key of an e-mail address. */
struct identifier_key fixture_key(const char *address);

#endif
