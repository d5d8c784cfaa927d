#include "fixture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/changes.h"
#include "store/migrate.h"

static int64_t now_ms(void *state)
{
	return ((struct fixture *)state)->now_ms;
}

static void random_bytes(void *state, void *out, size_t len)
{
	const struct clock *system = clock_system();

	(void)state;
	system->random_bytes(system->state, out, len);
}

void fixture_expect(const struct err *err, enum err_code expected, enum err_code code,
		    const char *call, int line)
{
	if (code != expected)
		fail_msg("line %d: %s is %s, not %s: %s (%s)", line, call, err_name(code),
			 err_name(expected), code ? err->message : "", code ? err->detail : "");
}

int fixture_folder(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	assert_non_null(fixture);
	fixture->now_ms = FIXTURE_NOW_MS;
	fixture->clock = (struct clock){now_ms, random_bytes, fixture};
	snprintf(fixture->folder, sizeof fixture->folder, "/tmp/galena-test-XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	snprintf(fixture->path, sizeof fixture->path, "%s/test.db", fixture->folder);
	arena_init(&fixture->arena, (size_t)16 * 1024 * 1024);
	*state = fixture;
	return 0;
}

int fixture_setup(void **state)
{
	size_t ran;

	fixture_folder(state);
	struct fixture *fixture = *state;

	fixture->db = fixture_open(fixture, DB_WRITE, 0);
	OK(fixture, migrate_run(fixture->db, migrations_sqlite, migrations_sqlite_count,
				fixture->now_ms, &ran, &fixture->err));
	txn_init(&fixture->txn, fixture->db, &fixture->clock);
	return 0;
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;
	struct dirent *entry;

	db_destroy(fixture->db);
	arena_release(&fixture->arena);
	DIR *folder = opendir(fixture->folder);

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] != '.')
			assert_int_equal(unlinkat(dirfd(folder), entry->d_name, 0), 0);
	}
	closedir(folder);
	assert_int_equal(rmdir(fixture->folder), 0);
	free(fixture);
	return 0;
}

struct db *fixture_open(struct fixture *fixture, enum db_mode mode, int busy_timeout_ms)
{
	struct db_settings settings = {.path = fixture->path,
				       .mode = mode,
				       .cache_kib = 512,
				       .busy_timeout_ms = busy_timeout_ms};
	struct db *db = NULL;

	OK(fixture, db_create(&settings, &db, &fixture->err));
	return db;
}

void fixture_begin(struct fixture *fixture)
{
	OK(fixture, txn_begin(&fixture->txn, &fixture->err));
	txn_enter(&fixture->txn, fixture->now_ms);
	OK(fixture, txn_touch(&fixture->txn, &fixture->err));
}

void fixture_commit(struct fixture *fixture)
{
	txn_keep(&fixture->txn);
	OK(fixture, txn_commit(&fixture->txn, &fixture->err));
}

void fixture_add_change(struct fixture *fixture, int64_t workspace, int64_t no)
{
	struct change_row change = {.workspace = workspace,
				    .lead_no = no,
				    .id = uuid_make(&fixture->txn.ids),
				    .at_ms = fixture->now_ms,
				    .observed_ms = fixture->now_ms,
				    .searchable = true,
				    .patch = TEXT("{}")};

	OK(fixture, txn_next_change(&fixture->txn, &change.no, &fixture->err));
	OK(fixture, changes_append(&fixture->txn, &change, &fixture->err));
}

int64_t fixture_add_lead(struct fixture *fixture, int64_t workspace, enum status status,
			 const char *doc)
{
	struct lead_row lead = {.workspace = workspace,
				.id = uuid_make(&fixture->txn.ids),
				.status = status,
				.created_ms = fixture->now_ms,
				.last_change = 1,
				.doc = text_of(doc)};

	OK(fixture, txn_next_lead(&fixture->txn, workspace, &lead.no, &fixture->err));
	OK(fixture, leads_insert(&fixture->txn, &lead, &fixture->err));
	fixture_add_change(fixture, workspace, lead.no);
	return lead.no;
}

struct identifier_key fixture_key(const char *address)
{
	return identifier_key_of(IDENTIFIER_BY_EMAIL, text_of(address));
}
