#include "command/import_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX TEXT(".upload")

void import_file_name(int64_t workspace, struct uuid id, char out[IMPORT_FILE_NAME_MAX])
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	snprintf(out, IMPORT_FILE_NAME_MAX, "%lld-%s%s", (long long)workspace, text, SUFFIX.ptr);
}

bool import_file_is(struct text name)
{
	struct text rest;
	struct text workspace = text_split(name, '-', &rest);
	struct uuid id;
	int64_t number;

	if (!rest.ptr || rest.len != UUID_TEXT_LEN + SUFFIX.len ||
	    !text_is(text_skip(rest, UUID_TEXT_LEN), SUFFIX))
		return false;
	rest.len = UUID_TEXT_LEN;
	return text_to_int(workspace, &number) && uuid_parse(rest, &id);
}

enum err_code import_file_path(const char *folder, struct text name, char out[IMPORT_FILE_PATH_MAX],
			       struct err *err)
{
	if (strlen(folder) + name.len + 2 > IMPORT_FILE_PATH_MAX)
		return err_internal(err, "the path of upload %.*s is too long", TEXT_ARG(name));
	snprintf(out, IMPORT_FILE_PATH_MAX, "%s/%.*s", folder, TEXT_ARG(name));
	return ERR_OK;
}

int64_t import_file_bytes(const char *folder, struct text name)
{
	char path[IMPORT_FILE_PATH_MAX];
	struct stat st;
	struct err err;

	if (import_file_path(folder, name, path, &err) != ERR_OK || stat(path, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return -1;
	return st.st_size;
}

static enum err_code fail(const char *doing, struct err *err)
{
	int code = errno;

	if (code != ENOSPC && code != EDQUOT && code != EFBIG && code != EIO)
		return err_internal(err, "%s an upload: %s", doing, strerror(code));
	err_set(err, ERR_STORAGE_FULL, "",
		"The disk would not take the file, so nothing was imported. Free some space and "
		"send it again.");
	snprintf(err->detail, sizeof err->detail, "%s an upload: %s", doing, strerror(code));
	return err->code;
}

static crypto_generichash_state *state_of(struct import_file *file)
{
	uintptr_t align = alignof(crypto_generichash_state);
	uintptr_t at = (uintptr_t)file->hashing;

	return (void *)(file->hashing + (align - at % align) % align);
}

enum err_code import_file_begin(const char *folder, int64_t workspace, struct uuid id,
				struct import_file *out, struct err *err)
{
	char name[IMPORT_FILE_NAME_MAX];
	struct import_file file = {.folder = folder, .id = id};

	import_file_name(workspace, id, name);
	if (import_file_path(folder, text_of(name), file.path, err) != ERR_OK)
		return err->code;
	if (mkdir(folder, 0700) != 0 && errno != EEXIST)
		return fail("making the folder of", err);
	file.fd = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file.fd < 0)
		return fail("making", err);
	*out = file;
	crypto_generichash_init(state_of(out), NULL, 0, sizeof out->hash);
	return ERR_OK;
}

enum err_code import_file_add(struct import_file *file, struct text bytes, struct err *err)
{
	crypto_generichash_update(state_of(file), (const unsigned char *)bytes.ptr, bytes.len);
	while (bytes.len > 0) {
		ssize_t written = write(file->fd, bytes.ptr, bytes.len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return fail("writing", err);
		bytes = text_skip(bytes, (size_t)written);
	}
	return ERR_OK;
}

/* The new name must be on disk as well. */
static bool sync_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool synced = fsync(fd) == 0;

	close(fd);
	return synced;
}

enum err_code import_file_keep(struct import_file *file, struct err *err)
{
	bool synced = fsync(file->fd) == 0;

	synced = close(file->fd) == 0 && synced;
	file->fd = -1;
	crypto_generichash_final(state_of(file), file->hash, sizeof file->hash);
	if (synced && sync_folder(file->folder))
		return ERR_OK;
	fail("syncing", err);
	import_file_drop(file);
	return err->code;
}

void import_file_drop(struct import_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
	unlink(file->path);
}
