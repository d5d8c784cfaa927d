#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct err_row {
	const char *name;
	int http;
	int rpc;
	int exit_code;
};

#define ERR_ROW(name, http, rpc, exit_code) {#name, http, rpc, exit_code},
static const struct err_row err_rows[ERR_CODE_COUNT] = {{"OK", 200, 0, 0}, ERR_LIST(ERR_ROW)};
#undef ERR_ROW

static const struct err_row *row_of(enum err_code code)
{
	return &err_rows[(unsigned)code < ERR_CODE_COUNT ? code : ERR_INTERNAL];
}

/* vsnprintf may cut a UTF-8 character in two; a half character is not valid JSON text. */
static void cut_at_character(char *text)
{
	size_t len = strlen(text);
	size_t lead = len;

	while (lead > 0 && ((unsigned char)text[lead - 1] & 0xC0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	unsigned char first = (unsigned char)text[lead - 1];
	size_t want = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;

	if (len - (lead - 1) < want)
		text[lead - 1] = '\0';
}

enum err_code err_set(struct err *err, enum err_code code, const char *pointer, const char *format,
		      ...)
{
	va_list args;

	err->code = code;
	snprintf(err->pointer, sizeof err->pointer, "%s", pointer);
	cut_at_character(err->pointer);
	va_start(args, format);
	vsnprintf(err->message, sizeof err->message, format, args);
	va_end(args);
	cut_at_character(err->message);
	err->detail[0] = '\0';
	return code;
}

enum err_code err_internal(struct err *err, const char *format, ...)
{
	va_list args;

	err_set(err, ERR_INTERNAL, "",
		"Something failed inside Galena. Nothing was written; try again, and look in the "
		"server's log for this request id.");
	va_start(args, format);
	vsnprintf(err->detail, sizeof err->detail, format, args);
	va_end(args);
	cut_at_character(err->detail);
	return ERR_INTERNAL;
}

enum err_code err_memory(struct err *err)
{
	return err_set(err, ERR_BUSY, "",
		       "Not enough memory for this request. Try again, or send less at once.");
}

const char *err_name(enum err_code code)
{
	return row_of(code)->name;
}

int err_http_status(enum err_code code)
{
	return row_of(code)->http;
}

int err_rpc_code(enum err_code code)
{
	return row_of(code)->rpc;
}

int err_exit_code(enum err_code code)
{
	return row_of(code)->exit_code;
}

enum err_code err_from_name(const char *name)
{
	for (int code = 0; code < ERR_CODE_COUNT; code++) {
		if (strcmp(err_rows[code].name, name) == 0)
			return (enum err_code)code;
	}
	return ERR_INTERNAL;
}
