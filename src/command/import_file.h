/*
 * import_file: the files that wait for their import, in a folder of their own.
 *
 * A file is called <workspace number>-<upload id>.upload, so that an upload id leads only to
 * files of the caller's own workspace and never is a path.
 *
 * Holds    nothing; the files lie on disk until their import ends.
 * Threads  any.
 * Fails    ERR_STORAGE_FULL when the disk takes no more, ERR_INTERNAL when the folder cannot be
 *          used. What was begun and failed leaves no file behind.
 */
#ifndef COMMAND_IMPORT_FILE_H
#define COMMAND_IMPORT_FILE_H

#include <sodium.h>

#include "base/err.h"
#include "base/uuid.h"

#define IMPORT_FILE_NAME_MAX 80 /* with NUL */
#define IMPORT_FILE_PATH_MAX 4200
#define IMPORT_FILE_HASH_LEN 16

void import_file_name(int64_t workspace, struct uuid id, char out[IMPORT_FILE_NAME_MAX]);

/* Whether `name` is that of an upload. */
bool import_file_is(struct text name);

/* Folder and name; ERR_INTERNAL when that is too long. */
MUST_USE enum err_code import_file_path(const char *folder, struct text name,
					char out[IMPORT_FILE_PATH_MAX], struct err *err);

/* Bytes of the file `name`; -1 when there is none. */
int64_t import_file_bytes(const char *folder, struct text name);

/* An upload on its way in: begin, add, and keep or drop it. Stays where it was begun. */
struct import_file {
	const char *folder; /* borrowed */
	struct uuid id;
	int fd;
	char path[IMPORT_FILE_PATH_MAX];
	/* The state of the hash, with room to align it: an arena's memory is not aligned enough. */
	unsigned char hashing[2 * sizeof(crypto_generichash_state)];
	unsigned char hash[IMPORT_FILE_HASH_LEN]; /* BLAKE2b-128 of all bytes, once kept */
};

/* Make the folder when there is none, and in it an empty file that only its owner may read. */
MUST_USE enum err_code import_file_begin(const char *folder, int64_t workspace, struct uuid id,
					 struct import_file *out, struct err *err);
MUST_USE enum err_code import_file_add(struct import_file *file, struct text bytes,
				       struct err *err);

/* Bring it to disk and close it. On failure it is dropped. */
MUST_USE enum err_code import_file_keep(struct import_file *file, struct err *err);

/* Close and remove it. */
void import_file_drop(struct import_file *file);

#endif
