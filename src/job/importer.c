#include "job/importer.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "command/dispatch.h"
#include "command/import_file.h"
#include "job/import_run.h"
#include "store/lists.h"

#define POLL_MS 1000 /* another program may have made an import in the same database */
#define SWEEP_MS ((int64_t)3600 * 1000)
#define UPLOAD_AGE_MAX_S ((int64_t)24 * 3600)
#define IMPORT_BYTES_MAX ((size_t)16 * 1024 * 1024)
#define LOCK_NAME TEXT("importer.lock")
#define CLEARED_AT_ONCE 5000 /* rows, in some milliseconds */

struct importer {
	struct engine_job job; /* first: look_job */
	struct desk *desk;
	struct engine *engine;
	pthread_t thread;
	bool is_started;
	pthread_mutex_t lock;
	pthread_cond_t wake;  /* something to do, or stop */
	pthread_cond_t moved; /* a round is over */
	bool stop;
	bool is_woken;
	int64_t rounds;     /* begun so far */
	int64_t idle_round; /* the newest that found nothing open at its end */
	int64_t swept_ms;   /* steady; 0: never */
	void (*tell)(void *state, const struct import_row *import);
	void *tell_state;
	/* What the last look found; the thread's own. */
	struct arena arena;
	struct import_row found;
	int64_t leftover_no;
	struct text leftover_file;
	bool has_gone_list;
};

static struct importer *importer_of(struct engine_job *job)
{
	return (struct importer *)job; /* job is the first member */
}

static int64_t steady_ms(void)
{
	return clock_steady_us() / 1000;
}

/* Wait for a wake at most `ms`; the caller holds the lock. */
static void wait_locked(struct importer *importer, int64_t ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&importer->wake, &importer->lock, &until);
}

static bool pause_run(void *state, int64_t ms)
{
	struct importer *importer = state;
	int64_t until_ms = steady_ms() + ms;

	pthread_mutex_lock(&importer->lock);
	for (int64_t left = ms; left > 0 && !importer->stop; left = until_ms - steady_ms())
		wait_locked(importer, left);
	bool goes_on = !importer->stop;

	pthread_mutex_unlock(&importer->lock);
	return goes_on;
}

static void tell_moved(void *state, const struct import_row *import)
{
	struct importer *importer = state;

	pthread_mutex_lock(&importer->lock);
	if (importer->tell)
		importer->tell(importer->tell_state, import);
	pthread_mutex_unlock(&importer->lock);
}

/* On the writer, behind what is being committed, so that a call's own import is seen. */
static enum err_code look(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct importer *importer = importer_of(job);

	arena_reset(&importer->arena);
	if (imports_next_open(txn->db, &importer->arena, &importer->found, err) != ERR_OK)
		return err->code;
	if (lists_has_gone(txn->db, &importer->has_gone_list, err) != ERR_OK)
		return err->code;
	return imports_leftover(txn->db, &importer->arena, &importer->leftover_no,
				&importer->leftover_file, err);
}

/* Remove some of what deleted lists have left; it is seen by nobody, so there is no hurry. */
static enum err_code clear_list(struct engine_job *job, struct txn *txn, struct err *err)
{
	(void)job;
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	return lists_clear_gone(txn, CLEARED_AT_ONCE, err);
}

static enum err_code forget(struct engine_job *job, struct txn *txn, struct err *err)
{
	if (txn_touch(txn, err) != ERR_OK)
		return err->code;
	return imports_forget_file(txn, importer_of(job)->leftover_no, err);
}

static void log_failure(const char *event, const struct err *err)
{
	const struct log_field fields[] = {LOG_TEXT("code", text_of(err_name(err->code))),
					   LOG_TEXT("detail", text_of(err->detail)), LOG_END};

	log_event(LOG_WARN, event, fields);
}

static bool run_slice(struct importer *importer,
		      enum err_code (*work)(struct engine_job *, struct txn *, struct err *))
{
	struct err err = {.code = ERR_OK};

	importer->job.run = work;
	if (engine_run_slice(importer->engine, &importer->job, &err) == ERR_OK)
		return true;
	log_failure("importer_slice_failed", &err);
	return false;
}

/* Remove the file of an import that is over, then forget it; whatever comes between. */
static bool remove_leftover(struct importer *importer)
{
	char path[IMPORT_FILE_PATH_MAX];
	struct err err;

	if (import_file_path(dispatch_files(importer->desk), importer->leftover_file, path, &err) ==
	    ERR_OK)
		unlink(path);
	return run_slice(importer, forget);
}

/* -1 when another program has it. */
static int take_lock(struct importer *importer)
{
	char path[IMPORT_FILE_PATH_MAX];
	struct err err;

	if (import_file_path(dispatch_files(importer->desk), LOCK_NAME, path, &err) != ERR_OK)
		return -1;
	mkdir(dispatch_files(importer->desk), 0700);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static void log_end(const struct import_row *import)
{
	const struct log_field fields[] = {LOG_INT("import", import->no),
					   LOG_TEXT("state",
						    text_of(imports_state_name(import->state))),
					   LOG_INT("rows", import->counts.rows_done), LOG_END};

	log_event(LOG_INFO, "import_over", fields);
}

/* Run what is open; true when nothing is left to do. */
static bool run_open(struct importer *importer)
{
	const struct import_run_hooks hooks = {importer, pause_run, tell_moved};

	while (pause_run(importer, 0) && run_slice(importer, look)) {
		bool is_over = true;

		if (importer->found.no) {
			import_run(importer->desk, &importer->found, &hooks, &is_over);
			if (is_over)
				log_end(&importer->found);
		} else if (importer->leftover_no) {
			is_over = remove_leftover(importer);
		} else if (importer->has_gone_list) {
			is_over = run_slice(importer, clear_list);
		} else {
			return true;
		}
		if (!is_over)
			return false;
	}
	return false;
}

/* Whether an import, of whatever state, has the file; asked on a reading connection. */
static enum err_code ask_file(struct engine_job *job, struct txn *txn, struct err *err)
{
	struct importer *importer = importer_of(job);
	bool has = true;

	if (imports_has_file(txn->db, importer->leftover_file, &has, err) != ERR_OK)
		return err->code;
	importer->leftover_no = has;
	return ERR_OK;
}

static void nothing(struct engine_job *job)
{
	(void)job;
}

static bool is_claimed(struct importer *importer, struct text name)
{
	importer->leftover_file = name;
	importer->leftover_no = 1;
	importer->job.run = ask_file;
	importer->job.done = nothing;
	engine_read_here(importer->engine, &importer->job);
	return importer->job.err.code != ERR_OK || importer->leftover_no != 0;
}

static void sweep_file(struct importer *importer, int folder, const char *name)
{
	struct stat st;

	if (import_file_is(text_of(name)) && fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    time(NULL) - st.st_mtime > UPLOAD_AGE_MAX_S && !is_claimed(importer, text_of(name)))
		unlinkat(folder, name, 0);
}

/* Remove uploads that nobody imported within a day; at the start, and once an hour. */
static void sweep(struct importer *importer)
{
	struct dirent *entry;
	DIR *folder;

	if (importer->swept_ms && steady_ms() - importer->swept_ms < SWEEP_MS)
		return;
	importer->swept_ms = steady_ms();
	folder = opendir(dispatch_files(importer->desk));
	if (!folder)
		return;
	while ((entry = readdir(folder)))
		sweep_file(importer, dirfd(folder), entry->d_name);
	closedir(folder);
}

/* A round of work; true when nothing was left to do. */
static bool do_round(struct importer *importer)
{
	int fd = take_lock(importer);

	if (fd < 0)
		return false;
	sweep(importer);
	bool is_idle = run_open(importer);

	close(fd);
	return is_idle;
}

/* Whether there is something to do, asked on a reading connection: costs the writer nothing. */
static bool is_wanted(struct importer *importer)
{
	importer->job.run = look;
	importer->job.done = nothing;
	engine_read_here(importer->engine, &importer->job);
	return importer->job.err.code == ERR_OK &&
	       (importer->found.no != 0 || importer->leftover_no != 0);
}

static void *work_loop(void *state)
{
	struct importer *importer = state;

	pthread_setname_np(pthread_self(), "importer");
	pthread_mutex_lock(&importer->lock);
	while (!importer->stop) {
		bool is_woken = importer->is_woken;
		int64_t round = ++importer->rounds;

		importer->is_woken = false;
		pthread_mutex_unlock(&importer->lock);
		bool is_idle = !is_woken && !is_wanted(importer);

		is_idle = is_idle || do_round(importer);
		pthread_mutex_lock(&importer->lock);
		if (is_idle)
			importer->idle_round = round;
		pthread_cond_broadcast(&importer->moved);
		if (!importer->stop && !importer->is_woken)
			wait_locked(importer, POLL_MS);
	}
	pthread_mutex_unlock(&importer->lock);
	return NULL;
}

static void wake_hook(void *state)
{
	importer_wake(state);
}

enum err_code importer_create(struct desk *desk, struct importer **out, struct err *err)
{
	struct importer *importer = calloc(1, sizeof *importer);

	if (!importer)
		return err_memory(err);
	importer->desk = desk;
	importer->engine = dispatch_engine(desk);
	importer->is_woken = true;
	pthread_mutex_init(&importer->lock, NULL);
	pthread_cond_init(&importer->wake, NULL);
	pthread_cond_init(&importer->moved, NULL);
	arena_init(&importer->arena, IMPORT_BYTES_MAX);
	if (pthread_create(&importer->thread, NULL, work_loop, importer) != 0) {
		importer_destroy(importer);
		return err_memory(err);
	}
	importer->is_started = true;
	dispatch_set_import_hook(desk, wake_hook, importer);
	*out = importer;
	return ERR_OK;
}

void importer_destroy(struct importer *importer)
{
	if (!importer)
		return;
	if (importer->is_started) {
		dispatch_set_import_hook(importer->desk, NULL, NULL);
		pthread_mutex_lock(&importer->lock);
		importer->stop = true;
		pthread_cond_broadcast(&importer->wake);
		pthread_mutex_unlock(&importer->lock);
		pthread_join(importer->thread, NULL);
	}
	arena_release(&importer->arena);
	pthread_cond_destroy(&importer->moved);
	pthread_cond_destroy(&importer->wake);
	pthread_mutex_destroy(&importer->lock);
	free(importer);
}

void importer_wake(struct importer *importer)
{
	pthread_mutex_lock(&importer->lock);
	importer->is_woken = true;
	pthread_cond_broadcast(&importer->wake);
	pthread_mutex_unlock(&importer->lock);
}

void importer_wait_idle(struct importer *importer,
			void (*moved)(void *state, const struct import_row *import), void *state)
{
	pthread_mutex_lock(&importer->lock);
	int64_t before = importer->rounds;

	importer->tell = moved;
	importer->tell_state = state;
	importer->is_woken = true;
	pthread_cond_broadcast(&importer->wake);
	while (importer->idle_round <= before)
		pthread_cond_wait(&importer->moved, &importer->lock);
	importer->tell = NULL;
	pthread_mutex_unlock(&importer->lock);
}
