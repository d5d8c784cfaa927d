#include "cli/checkup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "cli/home.h"
#include "cli/remote.h"
#include "cli/say.h"
#include "store/imports.h"
#include "store/migrate.h"
#include "store/search_fill.h"

#define MIB ((int64_t)1024 * 1024)
#define LOG_BYTES_MUCH (256 * MIB)
#define DISK_BYTES_LITTLE (1024 * MIB)
#define DISK_BYTES_NONE (64 * MIB)
#define BEHIND_MUCH 10000
#define CLOCK_EARLIEST_MS ((int64_t)1767225600000) /* 2026-01-01 */
#define CLOCK_LATEST_MS ((int64_t)4102444800000)   /* 2100-01-01 */
#define CACHE_KIB 8192
#define BUSY_MS 2000

static void add(struct checkup *checkup, const char *name, enum checkup_state state,
		const char *format, ...) PRINTF_LIKE(4, 5);

static void add(struct checkup *checkup, const char *name, enum checkup_state state,
		const char *format, ...)
{
	char text[640];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (checkup->count < CHECKUP_MAX)
		checkup->items[checkup->count++] = (struct checkup_item){
			name, state, arena_copy(checkup->arena, text_of(text))};
}

static void add_failure(struct checkup *checkup, const char *name, struct err *err)
{
	say_plainly(err);
	add(checkup, name, CHECKUP_BAD, "%s", err->message);
}

static void check_integrity(struct checkup *checkup, struct db *db)
{
	struct text found;
	struct err err = {.code = ERR_OK};

	if (db_verify(db, checkup->arena, &found, &err) != ERR_OK)
		add_failure(checkup, "integrity", &err);
	else if (text_is(found, TEXT("ok")))
		add(checkup, "integrity", CHECKUP_OK, "The database is sound.");
	else
		add(checkup, "integrity", CHECKUP_BAD,
		    "The database is damaged: %.*s. Restore a backup.", TEXT_ARG(found));
}

static void check_schema(struct checkup *checkup, struct db *db)
{
	struct db_row *row = db_query(db, QUERY_MIGRATION_ALL);
	struct err err = {.code = ERR_OK};
	int64_t version = 0;
	bool found = true;

	while (found && db_step(row, &found, &err) == ERR_OK) {
		if (found)
			version = db_int(row, 0);
	}
	db_end(row);
	if (err.code != ERR_OK)
		add(checkup, "schema", CHECKUP_BAD, "This is no database of Galena.");
	else if (version > (int64_t)migrations_sqlite_count)
		add(checkup, "schema", CHECKUP_BAD,
		    "The schema is %lld, this program knows %zu: use the newer Galena.",
		    (long long)version, migrations_sqlite_count);
	else if (version < (int64_t)migrations_sqlite_count)
		add(checkup, "schema", CHECKUP_WARN,
		    "The schema is %lld of %zu; the next start brings it up to date.",
		    (long long)version, migrations_sqlite_count);
	else
		add(checkup, "schema", CHECKUP_OK, "The schema is up to date (%lld).",
		    (long long)version);
}

static void check_imports(struct checkup *checkup, struct db *db)
{
	struct import_row import = {.no = 0};
	struct err err = {.code = ERR_OK};

	if (imports_next_open(db, checkup->arena, &import, &err) != ERR_OK)
		add_failure(checkup, "imports", &err);
	else if (import.no == 0)
		add(checkup, "imports", CHECKUP_OK, "No import is open.");
	else
		add(checkup, "imports", CHECKUP_WARN,
		    "An import is open: \"%.60s\", %lld rows done. A server goes on with it, or "
		    "'galena import --resume'.",
		    import.name.ptr, (long long)import.counts.rows_done);
}

static void check_search(struct checkup *checkup, struct db *db, const char *path)
{
	struct search *search;
	struct err err = {.code = ERR_OK};
	struct search_fill_state state;

	if (search_create(path, false, clock_system(), &search, &err) != ERR_OK) {
		add(checkup, "search", CHECKUP_WARN,
		    "There is no text index yet; the next start makes it.");
		return;
	}
	if (search_fill_state(search, db, &state, &err) != ERR_OK)
		add_failure(checkup, "search", &err);
	else if (state.last - state.seen > BEHIND_MUCH)
		add(checkup, "search", CHECKUP_WARN,
		    "The text index is %lld changes behind; a server catches up by itself.",
		    (long long)(state.last - state.seen));
	else
		add(checkup, "search", CHECKUP_OK, "The text index is %lld changes behind.",
		    (long long)(state.last - state.seen));
	search_destroy(search);
}

static void check_log(struct checkup *checkup, const char *path)
{
	char log[HOME_PATH_MAX + 8];
	struct stat st = {.st_size = 0};

	snprintf(log, sizeof log, "%s-wal", path);
	if (stat(log, &st) != 0)
		st.st_size = 0;
	if (st.st_size > LOG_BYTES_MUCH)
		add(checkup, "log", CHECKUP_WARN,
		    "The write-ahead log has %lld MiB: a program keeps the database open and "
		    "reads for very long.",
		    (long long)(st.st_size / MIB));
	else
		add(checkup, "log", CHECKUP_OK, "The write-ahead log has %lld KiB.",
		    (long long)(st.st_size / 1024));
}

static void check_permissions(struct checkup *checkup, const char *path, const struct stat *st)
{
	if (st->st_mode & 077)
		add(checkup, "permissions", CHECKUP_WARN,
		    "Others on this machine can read the database: chmod 600 '%s'", path);
	else
		add(checkup, "permissions", CHECKUP_OK, "Only its owner can read the database.");
}

static void check_disk(struct checkup *checkup, const char *path)
{
	struct statvfs fs;

	if (statvfs(path, &fs) != 0) {
		add(checkup, "disk", CHECKUP_WARN, "Cannot tell how much space is left: %s.",
		    strerror(errno));
		return;
	}
	int64_t left = (int64_t)(fs.f_bavail * fs.f_frsize);

	add(checkup, "disk",
	    left < DISK_BYTES_NONE     ? CHECKUP_BAD
	    : left < DISK_BYTES_LITTLE ? CHECKUP_WARN
				       : CHECKUP_OK,
	    "%lld MiB are left on the disk.", (long long)(left / MIB));
}

static void check_clock(struct checkup *checkup)
{
	int64_t now_ms = clock_now_ms(clock_system());
	bool is_sane = now_ms > CLOCK_EARLIEST_MS && now_ms < CLOCK_LATEST_MS;
	char text[CLOCK_TEXT_LEN + 1];

	clock_format(now_ms, text);
	add(checkup, "clock", is_sane ? CHECKUP_OK : CHECKUP_BAD, "The clock says %s.%s", text,
	    is_sane ? "" : " That cannot be: set it, for every change carries its time.");
}

static void check_server(struct checkup *checkup, const struct settings *settings)
{
	char url[512];
	struct err err = {.code = ERR_OK};

	if (settings->url[0])
		snprintf(url, sizeof url, "%.500s", settings->url);
	else
		snprintf(url, sizeof url, "%s://%.400s", settings->tls_cert[0] ? "https" : "http",
			 settings->listen[0] == '*' ? "127.0.0.1:8207" : settings->listen);
	if (remote_ping(url, &err) == ERR_OK)
		add(checkup, "server", CHECKUP_OK, "A server answers at %s.", url);
	else
		add(checkup, "server", settings->url[0] ? CHECKUP_BAD : CHECKUP_OK,
		    "No server answers at %s.", url);
}

static void check_content(struct checkup *checkup, const char *path)
{
	const struct db_settings settings = {.path = path,
					     .mode = DB_READ,
					     .cache_kib = CACHE_KIB,
					     .busy_timeout_ms = BUSY_MS};
	struct err err = {.code = ERR_OK};
	struct db *db;

	if (db_create(&settings, &db, &err) != ERR_OK) {
		add_failure(checkup, "database", &err);
		return;
	}
	add(checkup, "database", CHECKUP_OK, "%s opens; %lld MiB with its log.", path,
	    (long long)(db_bytes(db) / MIB));
	check_integrity(checkup, db);
	check_schema(checkup, db);
	check_imports(checkup, db);
	check_search(checkup, db, path);
	db_destroy(db);
}

void checkup_run(struct checkup *checkup, struct arena *arena, const struct settings *settings)
{
	char path[HOME_PATH_MAX];
	struct err err = {.code = ERR_OK};
	struct stat st;

	checkup->arena = arena;
	checkup->count = 0;
	check_clock(checkup);
	if (home_path(settings, path, &err) != ERR_OK) {
		add_failure(checkup, "database", &err);
	} else if (stat(path, &st) != 0) {
		add(checkup, "database", CHECKUP_WARN,
		    "There is no database at %s yet; 'galena serve' or 'galena import' makes it.",
		    path);
	} else {
		check_content(checkup, path);
		check_log(checkup, path);
		check_permissions(checkup, path, &st);
		check_disk(checkup, path);
	}
	check_server(checkup, settings);
}

bool checkup_is_bad(const struct checkup *checkup)
{
	for (size_t i = 0; i < checkup->count; i++) {
		if (checkup->items[i].state == CHECKUP_BAD)
			return true;
	}
	return false;
}

const char *checkup_state_name(enum checkup_state state)
{
	static const char *const names[] = {"ok", "warning", "bad"};

	return names[state];
}
