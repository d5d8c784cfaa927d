/*
 * Runs a fuzz target once over every file of the folder named on the command line, in an
 * ordinary build. Succeeds when none crashed and all could be read; a missing folder is an empty
 * one, for a target whose corpus has not begun. The empty input is always tried.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_BYTES_MAX ((size_t)4 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay(const char *folder, const char *name)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
		return false;
	FILE *file = fopen(path, "rb");
	uint8_t *input = malloc(INPUT_BYTES_MAX);

	if (!file || !input) {
		if (file)
			fclose(file);
		free(input);
		return false;
	}
	size_t len = fread(input, 1, INPUT_BYTES_MAX, file);
	bool whole = feof(file) && !ferror(file);

	fclose(file);
	/* An exact copy, so that a sanitizer sees a read past the end. */
	uint8_t *exact = malloc(len ? len : 1);

	if (exact)
		memcpy(exact, input, len);
	free(input);
	if (!exact || !whole) {
		free(exact);
		return false;
	}
	/* Named before it runs: a crash leaves this as the last line. */
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	return true;
}

static int replay_all(const char *folder, DIR *dir)
{
	const struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (!replay(folder, entry->d_name)) {
			fprintf(stderr, "%s/%s cannot be read\n", folder, entry->d_name);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	DIR *dir = opendir(argv[1]);

	if (!dir)
		return errno == ENOENT ? 0 : 1;
	int status = replay_all(argv[1], dir);

	closedir(dir);
	return status;
}
