#include "cli/cmd_export.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/list_name.h"
#include "cli/local.h"
#include "cli/remote.h"
#include "cli/say.h"
#include "command/lead_export.h"

#define PAGE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* What is exported, and where to. */
struct job {
	struct reach *reach;
	struct lead_export_wish wish;
	FILE *file;
	bool is_cut; /* the reader of our output went away */
	struct arena arena; /* scratch of a page */
	struct lead_export export;
	struct buf page;
};

static bool put(struct job *job, struct text bytes)
{
	if (fwrite(bytes.ptr, 1, bytes.len, job->file) == bytes.len)
		return !interrupt_came();
	job->is_cut = errno == EPIPE;
	return false;
}

static enum err_code cannot_write(struct err *err)
{
	if (interrupt_came())
		return err_set(err, ERR_BUSY, "", "Interrupted: the export is not whole.");
	return err_set(err, ERR_STORAGE_FULL, "", "The export could not be written: %s.",
		       strerror(errno));
}

static enum err_code make_page(void *state, struct txn *txn, struct err *err)
{
	struct job *job = state;

	return lead_export_page(&job->export, &job->arena, txn, &job->page, err);
}

static enum err_code export_local(struct job *job, struct err *err)
{
	struct local *local = reach_local(job->reach);
	enum err_code code =
		lead_export_init(&job->export, local->workspace.number, &job->wish, err);

	arena_init(&job->arena, PAGE_BYTES_MAX);
	buf_init(&job->page, PAGE_BYTES_MAX);
	while (code == ERR_OK && !job->export.is_ended) {
		buf_reset(&job->page);
		code = home_read(&local->home, make_page, job, err);
		if (code == ERR_OK && job->page.len > 0 && !put(job, buf_text(&job->page)))
			code = cannot_write(err);
	}
	lead_export_release(&job->export);
	buf_release(&job->page);
	arena_release(&job->arena);
	return code;
}

static bool take_piece(void *context, struct text piece)
{
	return put(context, piece);
}

static enum err_code export_remote(struct job *job, struct err *err)
{
	struct http_client_download download = {take_piece, job};
	struct lead_export check;
	struct arena arena;
	struct text path;

	/* Words that a server would refuse are refused here, before they stand in a path. */
	if (lead_export_init(&check, 1, &job->wish, err) != ERR_OK)
		return err->code;
	arena_init(&arena, PAGE_BYTES_MAX);
	path = arena_format(&arena, "/api/v1/export?format=%s%s%.*s%s%.*s",
			    lead_export_format_name(check.format).ptr,
			    job->wish.status.ptr ? "&status=" : "", TEXT_ARG(job->wish.status),
			    job->wish.list_id.ptr ? "&list_id=" : "", TEXT_ARG(job->wish.list_id));
	enum err_code code =
		path.ptr ? remote_download(reach_remote(job->reach), path, &download, err)
			 : err_memory(err);

	if (code != ERR_OK && (ferror(job->file) || interrupt_came()))
		code = cannot_write(err);
	arena_release(&arena);
	return code;
}

static enum err_code run_job(struct job *job, struct err *err)
{
	enum err_code code = reach_local(job->reach) ? export_local(job, err)
						     : export_remote(job, err);

	if (code == ERR_OK && fflush(job->file) != 0)
		return cannot_write(err);
	return code;
}

/* Beside its place first: what has the name is whole. */
static enum err_code export_to_file(struct job *job, const char *path, struct err *err)
{
	char part[HOME_PATH_MAX];

	if (snprintf(part, sizeof part, "%s.part", path) >= (int)sizeof part)
		return err_set(err, ERR_INVALID_INPUT, "", "The path behind --output is too long.");
	job->file = fopen(part, "wb");
	if (!job->file)
		return err_set(err, ERR_INVALID_INPUT, "", "Cannot write %.200s: %s.", part,
			       strerror(errno));
	enum err_code code = run_job(job, err);

	if (code == ERR_OK && fsync(fileno(job->file)) != 0 && errno != EINVAL)
		code = cannot_write(err);
	if (fclose(job->file) != 0 && code == ERR_OK)
		code = cannot_write(err);
	if (code == ERR_OK && rename(part, path) != 0)
		code = cannot_write(err);
	if (code != ERR_OK)
		unlink(part);
	return code;
}

/* The format that the file's name asks for, where nothing else does. */
static struct text format_of(const char *format, const char *path)
{
	const char *dot = path ? strrchr(path, '.') : NULL;

	if (format)
		return text_of(format);
	if (dot && (strcmp(dot, ".ndjson") == 0 || strcmp(dot, ".jsonl") == 0))
		return TEXT("ndjson");
	return TEXT("csv");
}

static enum err_code find_list(struct invocation *invocation, struct job *job, json_t **out_id,
			       struct err *err)
{
	const char *name = options_value(invocation, "list");

	if (!name)
		return ERR_OK;
	if (list_name_find(job->reach, name, out_id, err) != ERR_OK)
		return err->code;
	if (!*out_id)
		return err_set(err, ERR_LIST_NOT_FOUND, "",
			       "There is no list \"%.100s\"; 'galena commands run list.list' shows "
			       "them all.",
			       name);
	job->wish.list_id = text_of(json_string_value(*out_id));
	return ERR_OK;
}

static enum err_code run(struct invocation *invocation, struct err *err)
{
	const char *path = options_value(invocation, "output");
	const char *status = options_value(invocation, "status");
	struct job job = {.file = stdout};
	json_t *list = NULL;

	if (path && strcmp(path, "-") == 0)
		path = NULL;
	job.wish.format = format_of(options_value(invocation, "format"), path);
	job.wish.status = status ? text_of(status) : TEXT_NONE;
	if (reach_create(&invocation->settings, &job.reach, err) != ERR_OK)
		return err->code;
	interrupt_catch();
	enum err_code code = find_list(invocation, &job, &list, err);

	if (code == ERR_OK)
		code = path ? export_to_file(&job, path, err) : run_job(&job, err);
	/* As after "export | head": whoever reads has seen enough. */
	invocation->has_told = code != ERR_OK && job.is_cut;
	json_decref(list);
	reach_destroy(job.reach);
	return code;
}

static const struct option_row options[] = {
	{"format", "WORD", "csv (the default), or ndjson: whole leads, one JSON object per line."},
	{"output", "FILE", "Write there, and give the name to the file only when it is whole."},
	{"list", "NAME", "Only leads on this list (name or id)."},
	{"status", "WORD", "Only leads with this status, e.g. Interested."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_export = {
	.words = "export",
	.arguments = "",
	.summary = "Write every lead to a file that can be imported again.",
	.about = "Takes the same little memory however many leads there are.",
	.examples = "galena export > leads.csv\n"
		    "galena export --output leads.ndjson --status Interested",
	.options = options,
	.groups = SETTING_STORE | SETTING_REMOTE,
	.run = run,
};
