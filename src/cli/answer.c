#include "cli/answer.h"

#include <stdio.h>

#include "cli/card.h"
#include "cli/say.h"
#include "cli/table_print.h"

#define TEXT_BYTES_MAX ((size_t)256 * 1024 * 1024)

/* Append the array's strings, separated by commas; "" for none. */
static void join(const json_t *array, struct buf *out)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		buf_add_format(out, "%s%s", i ? ", " : "",
			       json_string_value(json_array_get(array, i)));
}

static const char *string_in(const json_t *object, const char *key)
{
	const char *value = json_string_value(json_object_get(object, key));

	return value ? value : "";
}

/* "updated (found by email); changed: company, status" */
static void show_outcome(const json_t *meta)
{
	const char *outcome = string_in(meta, "outcome");
	const json_t *matched = json_object_get(meta, "matched_by");
	const json_t *changed = json_object_get(meta, "changed");
	struct buf buf;

	if (!outcome[0])
		return;
	buf_init(&buf, 64 * 1024);
	buf_add(&buf, text_of(outcome));
	if (json_array_size(matched) > 0) {
		buf_add(&buf, TEXT(" (found by "));
		join(matched, &buf);
		buf_add(&buf, TEXT(")"));
	}
	if (json_array_size(changed) > 0) {
		buf_add(&buf, TEXT("; changed: "));
		join(changed, &buf);
	}
	say_note("%s%.*s%s", say_style(stderr, SAY_GREEN), TEXT_ARG(buf_text(&buf)),
		 say_style(stderr, SAY_PLAIN));
	buf_release(&buf);
}

static void show_warnings(const json_t *meta)
{
	const json_t *warnings = json_object_get(meta, "warnings");

	for (size_t i = 0; i < json_array_size(warnings); i++)
		say_note("%swarning: %s%s", say_style(stderr, SAY_YELLOW),
			 json_string_value(json_array_get(warnings, i)),
			 say_style(stderr, SAY_PLAIN));
}

void answer_show(const json_t *envelope)
{
	const json_t *meta = json_object_get(envelope, "meta");
	const json_t *data = json_object_get(envelope, "data");
	const char *cursor = string_in(meta, "next_cursor");
	struct card_look look = {say_width(stdout), say_style(stdout, SAY_BOLD),
				 say_style(stdout, SAY_PLAIN)};
	struct buf buf;

	buf_init(&buf, TEXT_BYTES_MAX);
	card_write(data, &look, &buf);
	if (!buf.failed && buf.len > 0)
		say_text(buf_text(&buf));
	buf_release(&buf);
	show_outcome(meta);
	show_warnings(meta);
	if (cursor[0])
		say_note("There is more: add \"cursor\":\"%s\" to the input.", cursor);
}

static void show_details(const json_t *details, const struct err *err)
{
	for (size_t i = 0; i < json_array_size(details); i++) {
		const json_t *detail = json_array_get(details, i);
		const char *message = string_in(detail, "message");

		/* The message told the first one already. */
		if (strstr(err->message, message) == NULL)
			say_note("  %s %s",
				 string_in(detail, "pointer")[0] ? string_in(detail, "pointer") + 1
								 : "the input",
				 message);
	}
}

static void show_candidates(const json_t *candidates)
{
	struct buf buf;

	buf_init(&buf, 64 * 1024);
	for (size_t i = 0; i < json_array_size(candidates); i++) {
		const json_t *candidate = json_array_get(candidates, i);

		buf_reset(&buf);
		join(json_object_get(candidate, "matched_by"), &buf);
		say_note("  lead %s by %.*s", string_in(candidate, "lead_id"),
			 TEXT_ARG(buf.len ? buf_text(&buf) : TEXT("?")));
	}
	buf_release(&buf);
}

void answer_show_error(const json_t *envelope, const struct err *err)
{
	const json_t *error = json_object_get(envelope, "error");

	say_error(err);
	show_details(json_object_get(error, "details"), err);
	show_candidates(json_object_get(error, "candidates"));
	show_warnings(json_object_get(envelope, "meta"));
}
