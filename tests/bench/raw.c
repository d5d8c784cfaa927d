/*
 * raw: how fast the database alone can do what an upsert of a known person needs, in process:
 * no HTTP, no JSON, no deciding.
 *
 *   raw --db FILE --people FILE --batch B --seconds S --cache-kib K
 *
 * FILE of people: a line each, "e-mail TAB LinkedIn profile name", both as they are compared. Each
 * write looks both up, reads the lead, appends a change and updates the lead, behind a mark of its
 * own; B writes (on average; it need not be whole) are committed together, as the server's writer
 * does, while another thread moves the write-ahead log as the server's keeper does.
 *
 * Writes into the database it is given: give it a copy. Prints one line of JSON.
 */
#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "line_file.h"
#include "store/changes.h"
#include "store/leads.h"
#include "template.h"

#define WORKSPACE 1
#define SECONDS_MAX 600
#define BATCH_MAX 512 /* ENGINE_BATCH_MAX */
#define ARENA_BYTES_MAX ((size_t)4 * 1024 * 1024)

/* As in engine/keeper.c. */
#define LOG_ROUND_MS 100
#define LOG_PAGES_MAX 16384
#define LOG_PAGES_LEFT_MAX 1500

struct person {
	struct identifier_key email;
	struct identifier_key slug;
};

struct raw {
	const char *path;
	const char *people_path;
	double batch;
	double seconds;
	int cache_kib;
	struct person *people;
	size_t people_count;
	struct db *db;
	struct txn txn;
	struct arena arena;
	uint64_t random;
	int64_t writes, batches, commit_us;
	struct db *log_db;
	atomic_bool checkpoint_asked;
	atomic_bool stop;
};

_Noreturn static void refuse(const char *why, const char *detail)
{
	fprintf(stderr, "raw: %s%s%s\n", why, detail[0] ? ": " : "", detail);
	exit(2);
}

static void read_people(struct raw *raw)
{
	struct line_file lines;

	if (!line_file_read(raw->people_path, &lines))
		refuse("the people cannot be read", raw->people_path);
	raw->people = calloc(lines.count, sizeof *raw->people);
	if (!raw->people)
		refuse("out of memory", "");
	for (size_t i = 0; i < lines.count; i++) {
		struct text line = {lines.all[i].ptr, lines.all[i].len}, slug;
		struct text email = text_split(line, '\t', &slug);

		if (!slug.ptr)
			refuse("a line is not e-mail TAB profile name", raw->people_path);
		raw->people[i] = (struct person){identifier_key_of(IDENTIFIER_BY_EMAIL, email),
						 identifier_key_of(IDENTIFIER_BY_SLUG, slug)};
	}
	raw->people_count = lines.count;
}

/* The lead's chain of changes goes on with one that sets two fields. */
static enum err_code append_change(struct raw *raw, struct lead_row *lead, struct err *err)
{
	char patch[80];
	struct change_row change = {
		.workspace = WORKSPACE,
		.lead_no = lead->no,
		.prev = lead->last_change,
		.id = uuid_make(&raw->txn.ids),
		.at_ms = raw->txn.now_ms,
		.observed_ms = raw->txn.now_ms,
		.kind = CHANGE_UPDATED,
		.via = CHANGE_VIA_REST,
		.matched = 1 << IDENTIFIER_EMAIL | 1 << IDENTIFIER_SLUG,
		.searchable = true,
		.patch = {.ptr = patch},
	};

	change.patch.len = (size_t)snprintf(patch, sizeof patch,
					    "{\"job_title\":\"Head of Sales %d\",\"score\":%d}",
					    (int)template_random_below(&raw->random, 1000000),
					    (int)template_random_below(&raw->random, 1000));
	if (txn_next_change(&raw->txn, &change.no, err) != ERR_OK)
		return err->code;
	lead->last_change = change.no;
	return changes_append(&raw->txn, &change, err);
}

static enum err_code write_one(struct raw *raw, struct err *err)
{
	const struct person *person =
		&raw->people[template_random_below(&raw->random, raw->people_count)];
	int64_t no, no_by_slug;
	struct lead_row lead;

	txn_enter(&raw->txn, clock_now_ms(clock_system()));
	arena_reset(&raw->arena);
	if (leads_owner(raw->db, WORKSPACE, &person->email, &no, err) != ERR_OK ||
	    leads_owner(raw->db, WORKSPACE, &person->slug, &no_by_slug, err) != ERR_OK)
		return err->code;
	if (no == 0 || no != no_by_slug)
		return err_internal(err, "%s", "a person of the file is not in the database");
	if (leads_read(raw->db, &raw->arena, WORKSPACE, no, &lead, err) != ERR_OK ||
	    txn_touch(&raw->txn, err) != ERR_OK || append_change(raw, &lead, err) != ERR_OK)
		return err->code;
	lead.version++;
	lead.updated_ms = raw->txn.now_ms;
	if (leads_update(&raw->txn, &lead, false, err) != ERR_OK)
		return err->code;
	txn_keep(&raw->txn);
	return ERR_OK;
}

static enum err_code run_batch(struct raw *raw, int64_t count, struct err *err)
{
	struct db_log log;

	if (atomic_exchange(&raw->checkpoint_asked, false) &&
	    db_checkpoint(raw->db, &log, err) != ERR_OK)
		return err->code;
	if (txn_begin(&raw->txn, err) != ERR_OK)
		return err->code;
	for (int64_t i = 0; i < count; i++) {
		if (write_one(raw, err) != ERR_OK)
			return err->code;
	}
	int64_t from_us = clock_steady_us();

	if (txn_commit(&raw->txn, err) != ERR_OK)
		return err->code;
	raw->commit_us += clock_steady_us() - from_us;
	return ERR_OK;
}

static void *log_loop(void *state)
{
	struct raw *raw = state;
	const struct timespec round = {.tv_nsec = LOG_ROUND_MS * 1000000};
	int64_t seen = 0;
	struct err err;

	while (!atomic_load(&raw->stop)) {
		struct db_log log;

		nanosleep(&round, NULL);
		if (db_checkpoint(raw->log_db, &log, &err) != ERR_OK)
			continue;
		if (log.pages > LOG_PAGES_MAX && log.left < LOG_PAGES_LEFT_MAX && log.pages != seen)
			atomic_store(&raw->checkpoint_asked, true);
		seen = log.pages;
	}
	return NULL;
}

/* As many writes in each batch as keep the mean at raw->batch. */
static enum err_code run(struct raw *raw, struct err *err)
{
	int64_t until_us = clock_steady_us() + (int64_t)(raw->seconds * 1e6);

	while (clock_steady_us() < until_us) {
		int64_t count = (int64_t)(raw->batch * (double)(raw->batches + 1)) - raw->writes;

		if (run_batch(raw, count, err) != ERR_OK)
			return err->code;
		raw->writes += count;
		raw->batches++;
	}
	return ERR_OK;
}

static void open_database(struct raw *raw)
{
	struct db_settings settings = {.path = raw->path,
				       .mode = DB_WRITE,
				       .cache_kib = raw->cache_kib,
				       .busy_timeout_ms = 5000};
	struct db_settings log_settings = {.path = raw->path,
					   .mode = DB_WRITE,
					   .cache_kib = 256,
					   .busy_timeout_ms = 0};
	struct err err;

	if (db_create(&settings, &raw->db, &err) != ERR_OK ||
	    db_create(&log_settings, &raw->log_db, &err) != ERR_OK)
		refuse("the database cannot be opened", err.message);
	txn_init(&raw->txn, raw->db, clock_system());
	arena_init(&raw->arena, ARENA_BYTES_MAX);
}

static double number_of(const char *text, double low, double high)
{
	char *end;
	double number = strtod(text, &end);

	if (end == text || *end || !(number >= low && number <= high))
		refuse("not a number, or out of bounds", text);
	return number;
}

static void read_options(struct raw *raw, int argc, char **argv)
{
	static const struct option names[] = {
		{"db", required_argument, NULL, 'd'},
		{"people", required_argument, NULL, 'p'},
		{"batch", required_argument, NULL, 'b'},
		{"cache-kib", required_argument, NULL, 'c'},
		{"seconds", required_argument, NULL, 's'},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'd')
			raw->path = optarg;
		else if (option == 'p')
			raw->people_path = optarg;
		else if (option == 'b')
			raw->batch = number_of(optarg, 1, BATCH_MAX);
		else if (option == 'c')
			raw->cache_kib = (int)number_of(optarg, 1, 1e9);
		else if (option == 's')
			raw->seconds = number_of(optarg, 0.1, SECONDS_MAX);
		else
			refuse("the options are listed in tests/bench/raw.c", "");
	}
	if (optind != argc || !raw->path || !raw->people_path || raw->batch < 1 ||
	    raw->cache_kib < 1 || raw->seconds <= 0)
		refuse("every option is needed, and nothing but options", "");
}

int main(int argc, char **argv)
{
	static struct raw raw = {.random = 1};
	pthread_t log_thread;
	struct err err;

	read_options(&raw, argc, argv);
	read_people(&raw);
	open_database(&raw);
	if (pthread_create(&log_thread, NULL, log_loop, &raw) != 0)
		refuse("no thread", "");
	int64_t from_us = clock_steady_us();
	enum err_code code = run(&raw, &err);
	double seconds = (double)(clock_steady_us() - from_us) / 1e6;

	atomic_store(&raw.stop, true);
	pthread_join(log_thread, NULL);
	if (code != ERR_OK)
		refuse(err.message, err.detail);
	arena_release(&raw.arena);
	db_destroy(raw.log_db);
	db_destroy(raw.db);
	printf("{\"writes\":%lld,\"seconds\":%.3f,\"rps\":%.1f,\"batch\":%.2f,"
	       "\"commit_us\":%.1f}\n",
	       (long long)raw.writes, seconds, (double)raw.writes / seconds,
	       (double)raw.writes / (double)raw.batches,
	       (double)raw.commit_us / (double)raw.batches);
	return 0;
}
