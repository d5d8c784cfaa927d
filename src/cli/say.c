#include "cli/say.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool shows_colour(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_color && no_color[0]) && term && strcmp(term, "dumb") != 0 &&
	       isatty(fileno(stream));
}

const char *say_style(FILE *stream, enum say_style style)
{
	static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[2m",
					    "\033[31m", "\033[32m", "\033[33m"};

	return shows_colour(stream) ? codes[style] : "";
}

size_t say_width(FILE *stream)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t number;

	if (!isatty(fileno(stream)))
		return 0;
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (columns && text_to_int(text_of(columns), &number) && number > 0 && number < 10000)
		return (size_t)number;
	return 80;
}

void say_plainly(struct err *err)
{
	struct err was = *err;

	if (was.code == ERR_INTERNAL && was.detail[0])
		err_set(err, was.code, was.pointer, "It failed: %s.", was.detail);
}

void say_error(const struct err *err)
{
	fflush(stdout);
	fprintf(stderr, "%sgalena: %s%s\n", say_style(stderr, SAY_RED), err->message,
		say_style(stderr, SAY_PLAIN));
	if (err->detail[0])
		fprintf(stderr, "  (%s)\n", err->detail);
}

void say_note(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

void say_text(struct text text)
{
	fwrite(text.ptr, 1, text.len, stdout);
}

void say_json(struct text json)
{
	json_t *value = isatty(STDOUT_FILENO) ? json_loadb(json.ptr, json.len, 0, NULL) : NULL;
	char *laid_out = value ? json_dumps(value, JSON_INDENT(2) | JSON_ENCODE_ANY) : NULL;

	say_text(laid_out ? text_of(laid_out) : json);
	fputc('\n', stdout);
	free(laid_out);
	json_decref(value);
}

enum err_code say_end(struct err *err)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return ERR_OK;
	return err_set(err, ERR_STORAGE_FULL, "", "The answer could not be written: %s.",
		       strerror(errno));
}
