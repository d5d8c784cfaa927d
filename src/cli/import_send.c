#include "cli/import_send.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/import_progress.h"
#include "cli/interrupt.h"
#include "cli/local.h"
#include "cli/remote.h"
#include "command/import_file.h"

#define PIECE_BYTES ((size_t)256 * 1024)
#define PATH_BYTES_MAX ((size_t)24 * 1024) /* a server takes no longer header */
#define ANSWER_BYTES_MAX ((size_t)64 * 1024 * 1024)

static enum err_code interrupted(struct err *err)
{
	return err_set(err, ERR_BUSY, "",
		       "Interrupted while the file was read: nothing was "
		       "imported.");
}

static enum err_code open_file(const char *path, int *out, struct err *err)
{
	struct stat st;
	int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return err_set(err, ERR_INVALID_INPUT, "", "Cannot read %.200s: %s.", path,
			       strerror(errno));
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		return err_set(err, ERR_INVALID_INPUT, "",
			       "%.200s is a folder. Import its files one by one.", path);
	}
	*out = fd;
	return ERR_OK;
}

/* Copy what `fd` has left; `piece` holds PIECE_BYTES. */
static enum err_code copy(int fd, struct import_file *file, char *piece, struct err *err)
{
	for (;;) {
		ssize_t len = read(fd, piece, PIECE_BYTES);

		if (interrupt_came())
			return interrupted(err);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return err_set(err, ERR_INVALID_INPUT, "", "Cannot read the file: %s.",
				       strerror(errno));
		if (len == 0)
			return ERR_OK;
		if (import_file_add(file, (struct text){piece, (size_t)len}, err) != ERR_OK)
			return err->code;
	}
}

/* The import works on a copy of its own, which may be changed or removed meanwhile. */
static enum err_code keep_copy(struct local *local, int fd, struct import_file *out,
			       struct err *err)
{
	struct uuid_maker maker;
	char *piece = malloc(PIECE_BYTES);

	if (!piece)
		return err_memory(err);
	uuid_maker_init(&maker, clock_system());
	enum err_code code = import_file_begin(local->home.files, local->workspace.number,
					       uuid_make(&maker), out, err);

	if (code == ERR_OK) {
		code = copy(fd, out, piece, err);
		if (code != ERR_OK)
			import_file_drop(out);
	}
	free(piece);
	return code == ERR_OK ? import_file_keep(out, err) : code;
}

static enum err_code send_local(struct reach *reach, int fd, const json_t *settings,
				json_t **out_answer, struct err *err)
{
	struct import_file file;
	char id[UUID_TEXT_LEN + 1];
	json_t *input;

	if (keep_copy(reach_local(reach), fd, &file, err) != ERR_OK)
		return err->code;
	uuid_format(file.id, id);
	input = json_copy((json_t *)settings);
	enum err_code code = json_object_set_new(input, "upload_id", json_string(id)) == 0
				     ? reach_command(reach, "import.create", input, out_answer, err)
				     : err_memory(err);

	if (code != ERR_OK)
		unlink(file.path);
	return code;
}

static void add_escaped(struct buf *out, const char *text)
{
	for (; *text; text++) {
		bool is_plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
				(*text >= '0' && *text <= '9') || strchr("-._~", *text);

		if (is_plain)
			buf_add_char(out, *text);
		else
			buf_add_format(out, "%%%02X", (unsigned char)*text);
	}
}

/* The settings as the query of POST /api/v1/imports. */
static enum err_code make_path(struct arena *arena, const json_t *settings, struct text *out,
			       struct err *err)
{
	const char *key;
	json_t *value;
	struct buf buf;
	char before = '?';

	buf_init_arena(&buf, arena, PATH_BYTES_MAX);
	buf_add(&buf, TEXT("/api/v1/imports"));
	json_object_foreach((json_t *)settings, key, value)
	{
		char *dumped = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);

		buf_add_format(&buf, "%c%s=", before, key);
		before = '&';
		add_escaped(&buf, dumped ? dumped : json_string_value(value));
		free(dumped);
	}
	if (buf.failed)
		return err_set(err, ERR_TOO_LARGE, "",
			       "The mapping is too long to send. Import the file where the "
			       "database is.");
	*out = buf_text(&buf);
	return ERR_OK;
}

static bool show_upload(void *context, uint64_t done, uint64_t total)
{
	import_progress_upload(context, (int64_t)done, (int64_t)total);
	return !interrupt_came();
}

static enum err_code send_remote(struct reach *reach, int fd, const json_t *settings,
				 json_t **out_answer, struct err *err)
{
	struct import_progress progress;
	struct http_client_upload upload = {.fd = fd,
					    .progress = show_upload,
					    .context = &progress};
	struct arena arena;
	struct text path, body;

	arena_init(&arena, ANSWER_BYTES_MAX);
	import_progress_init(&progress);
	enum err_code code = make_path(&arena, settings, &path, err);

	if (code == ERR_OK)
		code = remote_upload(reach_remote(reach), &arena, path, &upload, &body, err);
	import_progress_end(&progress);
	if (code == ERR_OK)
		code = reach_read(body, out_answer, err);
	else if (interrupt_came())
		code = interrupted(err);
	arena_release(&arena);
	return code;
}

enum err_code import_send(struct reach *reach, const char *path, const json_t *settings,
			  json_t **out_answer, struct err *err)
{
	int fd = -1;

	if (open_file(path, &fd, err) != ERR_OK)
		return err->code;
	enum err_code code = reach_local(reach) ? send_local(reach, fd, settings, out_answer, err)
						: send_remote(reach, fd, settings, out_answer, err);

	close(fd);
	return code;
}
