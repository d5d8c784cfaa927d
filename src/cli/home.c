#include "cli/home.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* For one caller, and a short while. */
#define LOCAL_CACHE_KIB (8 * 1024)
#define LOCAL_QUEUE_MAX 64

#define FIRST_WORKSPACE TEXT("default")

/* Make `path`, and the folders above it, for the user alone. `path` is changed and put back. */
static enum err_code make_folders(char *path, struct err *err)
{
	for (char *at = path + 1;; at++) {
		char was = *at;

		if (was != '/' && was != '\0')
			continue;
		*at = '\0';
		int code = mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : errno;

		*at = was;
		if (code)
			return err_set(err, ERR_INVALID_INPUT, "",
				       "Cannot make the folder %.150s: %s. Say where the database "
				       "is to be with --db FILE.",
				       path, strerror(code));
		if (was == '\0')
			return ERR_OK;
	}
}

static enum err_code default_path(char out[HOME_PATH_MAX], struct err *err)
{
	const char *data = getenv("XDG_DATA_HOME");
	const char *user = getenv("HOME");
	char folder[HOME_PATH_MAX];
	int len;

	if (data && data[0] == '/')
		len = snprintf(folder, sizeof folder, "%s/galena", data);
	else if (user && user[0] == '/')
		len = snprintf(folder, sizeof folder, "%s/.local/share/galena", user);
	else
		return err_set(err, ERR_INVALID_INPUT, "",
			       "There is no home folder to keep the database in. Say where it is "
			       "to be with --db FILE.");
	if (len >= HOME_PATH_MAX - 16)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The path of the data folder is too long. Use --db FILE.");
	if (make_folders(folder, err) != ERR_OK)
		return err->code;
	snprintf(out, HOME_PATH_MAX, "%.*s/galena.db", HOME_PATH_MAX - 16, folder);
	return ERR_OK;
}

enum err_code home_path(const struct settings *settings, char out[HOME_PATH_MAX], struct err *err)
{
	if (!settings->db[0])
		return default_path(out, err);
	if (strncmp(settings->db, "postgres://", 11) == 0 ||
	    strncmp(settings->db, "postgresql://", 13) == 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "This version keeps its leads in a file and cannot use PostgreSQL. "
			       "Give --db the name of a file.");
	if (strlen(settings->db) >= HOME_PATH_MAX - 16)
		return err_set(err, ERR_INVALID_INPUT, "", "The path behind --db is too long.");
	snprintf(out, HOME_PATH_MAX, "%s", settings->db);
	return ERR_OK;
}

static enum err_code check_place(const char *path, struct err *err)
{
	char folder[HOME_PATH_MAX];
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "%.200s is a folder. Give --db the name of a file in it.", path);
	snprintf(folder, sizeof folder, "%s", path);
	char *slash = strrchr(folder, '/');

	if (!slash || slash == folder)
		return ERR_OK;
	*slash = '\0';
	if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode))
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "",
		       "There is no folder %.150s for the database. Make it, or give --db another "
		       "place.",
		       folder);
}

static enum err_code start(struct home *home, const struct settings *settings, bool serves,
			   struct err *err)
{
	struct engine_settings engine = {
		.path = home->path,
		.clock = clock_system(),
		.readers = serves ? (int)settings->readers : 1,
		.queue_max = serves ? (size_t)settings->queue_max : LOCAL_QUEUE_MAX,
		.cache_kib = serves ? (int)(settings->cache_mib * 1024) : LOCAL_CACHE_KIB,
		.search = serves,
	};

	if (engine_create(&engine, &home->engine, err) != ERR_OK)
		return err->code;
	struct desk_settings desk = {
		.engine = home->engine,
		.check_outputs = settings->check_outputs,
		.files = home->files,
	};

	return dispatch_create(&desk, &home->desk, err);
}

enum err_code home_init(struct home *home, const struct settings *settings, bool serves,
			struct err *err)
{
	memset(home, 0, sizeof *home);
	if (home_path(settings, home->path, err) != ERR_OK ||
	    check_place(home->path, err) != ERR_OK)
		return err->code;
	snprintf(home->files, sizeof home->files, "%s.uploads", home->path);
	if (start(home, settings, serves, err) != ERR_OK) {
		home_release(home);
		return err->code;
	}
	return ERR_OK;
}

void home_release(struct home *home)
{
	dispatch_destroy(home->desk);
	engine_destroy(home->engine);
	home->desk = NULL;
	home->engine = NULL;
}

struct task {
	struct engine_job job; /* first: the engine hands this back */
	home_work *work;
	void *state;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool is_done;
};

static enum err_code run(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct task *task = (struct task *)job;

	return task->work(task->state, txn, err);
}

static void done(struct engine_job *job)
{
	struct task *task = (struct task *)job;

	pthread_mutex_lock(&task->lock);
	task->is_done = true;
	pthread_cond_signal(&task->wake);
	pthread_mutex_unlock(&task->lock);
}

static enum err_code outcome(struct task *task, struct err *err)
{
	pthread_mutex_lock(&task->lock);
	while (!task->is_done)
		pthread_cond_wait(&task->wake, &task->lock);
	pthread_mutex_unlock(&task->lock);
	if (task->job.err.code != ERR_OK)
		*err = task->job.err;
	return task->job.err.code;
}

enum err_code home_write(struct home *home, home_work *work, void *state, struct err *err)
{
	struct task task = {.job = {.run = run, .done = done},
			    .work = work,
			    .state = state,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .wake = PTHREAD_COND_INITIALIZER};

	if (engine_write(home->engine, &task.job, err) != ERR_OK)
		return err->code;
	return outcome(&task, err);
}

enum err_code home_read(struct home *home, home_work *work, void *state, struct err *err)
{
	struct task task = {.job = {.run = run, .done = done},
			    .work = work,
			    .state = state,
			    .lock = PTHREAD_MUTEX_INITIALIZER,
			    .wake = PTHREAD_COND_INITIALIZER};

	engine_read_here(home->engine, &task.job);
	return outcome(&task, err);
}

struct search_for {
	struct arena *arena;
	struct text name; /* empty: the oldest */
	struct workspace_row found;
};

static enum err_code not_found(struct search_for *search, const struct workspace_row *rows,
			       size_t count, struct err *err)
{
	struct buf names;

	buf_init_arena(&names, search->arena, 4096);
	for (size_t i = 0; i < count && i < 5; i++)
		buf_add_format(&names, "%s\"%.*s\"", i ? ", " : "", TEXT_ARG(rows[i].name));
	return err_set(err, ERR_WORKSPACE_NOT_FOUND, "",
		       "There is no workspace \"%.60s\"; there is %.*s%s. Make one with 'galena "
		       "workspace create NAME'.",
		       search->name.ptr, TEXT_ARG(buf_text(&names)),
		       count == 0  ? "none yet"
		       : count > 5 ? " and more"
				   : "");
}

static enum err_code find(void *state, struct txn *txn, struct err *err)
{
	struct search_for *search = state;
	struct workspace_row *rows;
	size_t count;

	if (accounts_workspaces(txn->db, search->arena, &rows, &count, err) != ERR_OK)
		return err->code;
	for (size_t i = 0; i < count && search->found.number == 0; i++) {
		if (search->name.len == 0 || text_is(rows[i].name, search->name))
			search->found = rows[i];
	}
	if (search->found.number > 0 || search->name.len == 0)
		return ERR_OK;
	if (count == 0 && text_is(search->name, FIRST_WORKSPACE))
		return ERR_OK; /* it is the one that will be made */
	return not_found(search, rows, count, err);
}

/* In a database without any; another program may have been quicker. */
static enum err_code make_first(void *state, struct txn *txn, struct err *err)
{
	struct search_for *search = state;

	if (find(search, txn, err) != ERR_OK)
		return err->code;
	if (search->found.number > 0)
		return ERR_OK;
	return home_make_workspace(txn, FIRST_WORKSPACE, &search->found, err);
}

enum err_code home_workspace(struct home *home, struct arena *arena,
			     const struct settings *settings, struct workspace_row *out,
			     struct err *err)
{
	struct search_for search = {.arena = arena, .name = text_of(settings->workspace)};

	if (home_read(home, find, &search, err) != ERR_OK)
		return err->code;
	if (search.found.number == 0 && home_write(home, make_first, &search, err) != ERR_OK)
		return err->code;
	*out = search.found;
	return ERR_OK;
}

enum err_code home_make_workspace(struct txn *txn, struct text name, struct workspace_row *out,
				  struct err *err)
{
	struct workspace_row row = {.name = name, .created_ms = txn->now_ms};

	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	row.id = uuid_make(&txn->ids);
	if (accounts_insert_workspace(txn, &row, &row.number, err) != ERR_OK)
		return err->code;
	*out = row;
	return ERR_OK;
}
