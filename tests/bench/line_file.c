#include "line_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_whole(const char *path, size_t *out_len)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	long size = -1;

	if (file && fseek(file, 0, SEEK_END) == 0)
		size = ftell(file);
	if (size > 0 && fseek(file, 0, SEEK_SET) == 0)
		text = malloc((size_t)size);
	if (text && fread(text, 1, (size_t)size, file) != (size_t)size) {
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	*out_len = text ? (size_t)size : 0;
	return text;
}

static size_t count_lines(const char *text, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] == '\n';
	return count + (text[len - 1] != '\n');
}

bool line_file_read(const char *path, struct line_file *out)
{
	struct line_file lines = {.count = 0};
	size_t len;
	char *text = read_whole(path, &len);

	if (!text)
		return false;
	lines.all = calloc(count_lines(text, len), sizeof *lines.all);
	if (!lines.all) {
		free(text);
		return false;
	}
	for (const char *at = text, *end = text + len; at < end;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));
		size_t line_len = (size_t)((feed ? feed : end) - at);

		lines.all[lines.count++] = (struct line){at, line_len};
		lines.bytes_max = line_len > lines.bytes_max ? line_len : lines.bytes_max;
		at += line_len + 1;
	}
	*out = lines;
	return true;
}
