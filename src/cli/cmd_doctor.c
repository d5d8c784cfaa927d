#include "cli/cmd_doctor.h"

#include "cli/checkup.h"
#include "cli/help.h"
#include "cli/say.h"
#include "json/writer.h"

#define MEMORY_MAX ((size_t)16 * 1024 * 1024)
#define TEXT_COLUMN 22

static void write_json(const struct checkup *checkup, struct buf *out)
{
	struct writer writer = writer_on(out);

	writer_begin_object(&writer);
	writer_member_bool(&writer, "ok", !checkup_is_bad(checkup));
	writer_key(&writer, TEXT("checks"));
	writer_begin_array(&writer);
	for (size_t i = 0; i < checkup->count; i++) {
		const struct checkup_item *item = &checkup->items[i];

		writer_begin_object(&writer);
		writer_member_text(&writer, "check", text_of(item->name));
		writer_member_text(&writer, "state", text_of(checkup_state_name(item->state)));
		writer_member_text(&writer, "message", item->message);
		writer_end_object(&writer);
	}
	writer_end_array(&writer);
	writer_end_object(&writer);
}

static void write_lines(const struct checkup *checkup, struct buf *out)
{
	static const enum say_style styles[] = {SAY_GREEN, SAY_YELLOW, SAY_RED};
	size_t width = say_width(stdout);

	for (size_t i = 0; i < checkup->count; i++) {
		const struct checkup_item *item = &checkup->items[i];

		buf_add_format(out, "%s%-8s%s %-12s ", say_style(stdout, styles[item->state]),
			       checkup_state_name(item->state), say_style(stdout, SAY_PLAIN),
			       item->name);
		help_wrap(out, item->message, TEXT_COLUMN, width < 60 ? 10000 : width);
	}
}

static enum err_code run(struct invocation *invocation, struct err *err)
{
	bool as_json = options_has(invocation, "json");
	struct checkup checkup;
	struct arena arena;
	struct buf buf;

	arena_init(&arena, MEMORY_MAX);
	checkup_run(&checkup, &arena, &invocation->settings);
	buf_init_arena(&buf, &arena, MEMORY_MAX);
	if (as_json)
		write_json(&checkup, &buf);
	else
		write_lines(&checkup, &buf);
	enum err_code code = buf.failed ? err_memory(err) : ERR_OK;

	if (code == ERR_OK && as_json)
		say_json(buf_text(&buf));
	else if (code == ERR_OK)
		say_text(buf_text(&buf));
	if (code == ERR_OK && checkup_is_bad(&checkup)) {
		invocation->has_told = true;
		code = err_set(err, ERR_INTERNAL, "", "Something is wrong, see above.");
	}
	arena_release(&arena);
	return code;
}

static const struct option_row options[] = {
	{"json", NULL, "Print one JSON document and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_doctor = {
	.words = "doctor",
	.arguments = "",
	.summary = "Say whether all is well: database, disk, clock, imports, server.",
	.about = "Changes nothing. Reads the whole database, which takes a while for a large one. "
		 "The exit code is 1 when something is bad.",
	.examples = "galena doctor\ngalena doctor --db leads.db --json",
	.options = options,
	.groups = SETTING_ALL,
	.run = run,
};
