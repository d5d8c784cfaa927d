/* store/txn.c: marks, numbers, two programs at once, and a disk that is full. */
#include "fixture.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define DOC "{\"ids\":[],\"seen\":{\"\":1}}"

static void what_is_undone_was_never_there(void **state)
{
	struct fixture *f = *state;
	struct identifier_key key = fixture_key("ada@example.com");
	struct lead_row row;
	int64_t owner, change;

	fixture_begin(f);
	int64_t kept = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	txn_keep(&f->txn);
	txn_enter(&f->txn, f->now_ms);
	OK(f, txn_touch(&f->txn, &f->err));
	int64_t undone = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	OK(f, leads_claim(&f->txn, 1, &key, undone, &f->err));
	txn_undo(&f->txn);

	/* Its numbers are given out again. */
	txn_enter(&f->txn, f->now_ms);
	OK(f, txn_touch(&f->txn, &f->err));
	assert_int_equal(fixture_add_lead(f, 1, STATUS_LOST, DOC), undone);
	OK(f, txn_next_change(&f->txn, &change, &f->err));
	assert_int_equal(change, 3);
	fixture_commit(f);
	OK(f, leads_owner(f->db, 1, &key, &owner, &f->err));
	assert_int_equal(owner, 0);
	OK(f, leads_read(f->db, &f->arena, 1, kept, &row, &f->err));
	assert_int_equal(row.no, kept);
	OK(f, leads_read(f->db, &f->arena, 1, undone, &row, &f->err));
	assert_int_equal(row.status, STATUS_LOST);
}

static void a_rollback_takes_back_everything(void **state)
{
	struct fixture *f = *state;
	struct lead_row row;

	fixture_begin(f);
	int64_t no = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	txn_keep(&f->txn);
	txn_rollback(&f->txn);
	OK(f, leads_read(f->db, &f->arena, 1, no, &row, &f->err));
	assert_int_equal(row.no, 0);
	fixture_begin(f);
	assert_int_equal(fixture_add_lead(f, 1, STATUS_NEW, DOC), no);
	fixture_commit(f);
}

static void a_part_fails_alone(void **state)
{
	struct fixture *f = *state;
	struct lead_row row;

	fixture_begin(f);
	txn_part_enter(&f->txn);
	OK(f, txn_touch(&f->txn, &f->err));
	int64_t first = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	txn_part_keep(&f->txn);
	txn_part_enter(&f->txn);
	OK(f, txn_touch(&f->txn, &f->err));
	int64_t second = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	txn_part_undo(&f->txn);
	fixture_commit(f);
	OK(f, leads_read(f->db, &f->arena, 1, first, &row, &f->err));
	assert_int_equal(row.no, first);
	OK(f, leads_read(f->db, &f->arena, 1, second, &row, &f->err));
	assert_int_equal(row.no, 0);
}

static void a_write_that_writes_nothing_reaches_no_disk(void **state)
{
	struct fixture *f = *state;
	struct db *other = fixture_open(f, DB_READ, 0);
	int64_t before = db_data_version(other);

	OK(f, txn_begin(&f->txn, &f->err));
	txn_enter(&f->txn, f->now_ms);
	txn_keep(&f->txn);
	OK(f, txn_commit(&f->txn, &f->err));
	assert_int_equal(db_data_version(other), before);
	fixture_begin(f);
	fixture_add_lead(f, 1, STATUS_NEW, DOC);
	fixture_commit(f);
	assert_int_not_equal(db_data_version(other), before);
	db_destroy(other);
}

/* In another process: take the write lock, say so, write, and let go when told to. */
static void other_program(struct fixture *f, int say, int hear)
{
	struct err err;
	char byte = 'x';
	struct db *db = fixture_open(f, DB_WRITE, 0);

	txn_init(&f->txn, db, &f->clock);
	if (txn_begin(&f->txn, &err) != ERR_OK)
		_exit(1);
	txn_enter(&f->txn, f->now_ms);
	if (txn_touch(&f->txn, &err) != ERR_OK)
		_exit(2);
	fixture_add_lead(f, 1, STATUS_NEW, DOC);
	if (write(say, &byte, 1) != 1 || read(hear, &byte, 1) != 1)
		_exit(3);
	txn_keep(&f->txn);
	_exit(txn_commit(&f->txn, &err) == ERR_OK ? 0 : 4);
}

static void two_programs_take_turns(void **state)
{
	struct fixture *f = *state;
	int to_parent[2], to_child[2], status;
	char byte = 'x';

	assert_int_equal(pipe(to_parent), 0);
	assert_int_equal(pipe(to_child), 0);
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		other_program(f, to_parent[1], to_child[0]);
	assert_int_equal(read(to_parent[0], &byte, 1), 1);

	/* Who will not wait is told so; who waits gets its turn, and sees what the other wrote. */
	EXPECT(f, ERR_BUSY, txn_begin(&f->txn, &f->err));
	struct db *patient = fixture_open(f, DB_WRITE, 20000);

	assert_int_equal(write(to_child[1], &byte, 1), 1);
	db_destroy(f->db);
	f->db = patient;
	txn_init(&f->txn, patient, &f->clock);
	fixture_begin(f);
	assert_int_equal(fixture_add_lead(f, 1, STATUS_NEW, DOC), leads_first_number(1) + 1);
	fixture_commit(f);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	for (int i = 0; i < 2; i++) {
		close(to_parent[i]);
		close(to_child[i]);
	}
}

/* The file may grow by a few pages only. */
static void fill_disk(struct fixture *f, struct db *db)
{
	OK(f, db_script(db, "PRAGMA max_page_count=1", &f->err));
}

static enum err_code write_until_full(struct fixture *f)
{
	enum { ENOUGH = 10000 };
	enum err_code code = ERR_OK;

	for (int i = 0; i < ENOUGH && code == ERR_OK; i++) {
		char address[32];
		struct identifier_key key;

		snprintf(address, sizeof address, "lead-%d@example.com", i);
		key = fixture_key(address);
		code = leads_claim(&f->txn, 1, &key, leads_first_number(1), &f->err);
	}
	return code;
}

static int64_t owner_of_first(struct fixture *f)
{
	struct identifier_key key = fixture_key("lead-0@example.com");
	int64_t owner;

	OK(f, leads_owner(f->db, 1, &key, &owner, &f->err));
	return owner;
}

static void a_full_disk_leaves_nothing_half_written(void **state)
{
	struct fixture *f = *state;

	fixture_begin(f);
	int64_t before = fixture_add_lead(f, 1, STATUS_NEW, DOC);

	fixture_commit(f);
	fill_disk(f, f->db);
	fixture_begin(f);
	EXPECT(f, ERR_STORAGE_FULL, write_until_full(f));
	/* Unless the engine has taken back all of it, the mark does. */
	if (!db_is_broken(f->db))
		txn_undo(&f->txn);
	if (!db_is_broken(f->db))
		OK(f, txn_commit(&f->txn, &f->err));
	else
		EXPECT(f, ERR_STORAGE_FULL, txn_commit(&f->txn, &f->err));
	assert_int_equal(owner_of_first(f), 0);

	OK(f, db_script(f->db, "PRAGMA max_page_count=1000000", &f->err));
	fixture_begin(f);
	assert_int_equal(fixture_add_lead(f, 1, STATUS_NEW, DOC), before + 1);
	fixture_commit(f);
}

/* After the engine has rolled back, a later write must not be stored by itself. */
static void a_broken_transaction_takes_no_more_writes(void **state)
{
	struct fixture *f = *state;
	struct identifier_key key = fixture_key("late@example.com");
	int64_t owner;

	fixture_begin(f);
	OK(f, db_script(f->db, "ROLLBACK", &f->err));
	assert_true(db_is_broken(f->db));
	EXPECT(f, ERR_STORAGE_FULL, leads_claim(&f->txn, 1, &key, 1, &f->err));
	txn_enter(&f->txn, f->now_ms);
	EXPECT(f, ERR_STORAGE_FULL, txn_touch(&f->txn, &f->err));
	EXPECT(f, ERR_STORAGE_FULL, txn_commit(&f->txn, &f->err));
	assert_false(db_is_broken(f->db));
	OK(f, leads_owner(f->db, 1, &key, &owner, &f->err));
	assert_int_equal(owner, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(what_is_undone_was_never_there),
		FIXTURE_TEST(a_rollback_takes_back_everything),
		FIXTURE_TEST(a_part_fails_alone),
		FIXTURE_TEST(a_write_that_writes_nothing_reaches_no_disk),
		FIXTURE_TEST(two_programs_take_turns),
		FIXTURE_TEST(a_full_disk_leaves_nothing_half_written),
		FIXTURE_TEST(a_broken_transaction_takes_no_more_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
