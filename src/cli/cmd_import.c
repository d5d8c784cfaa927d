#include "cli/cmd_import.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/import_refused.h"
#include "cli/import_send.h"
#include "cli/import_watch.h"
#include "cli/interrupt.h"
#include "cli/list_name.h"
#include "cli/local.h"
#include "cli/say.h"
#include "job/importer.h"
#include "json/writer.h"

#define REASONS_SHOWN 5
#define NAME_BYTES_MAX 200
#define DOCUMENT_BYTES_MAX ((size_t)4 * 1024 * 1024)

/* Set a member of the settings from an option, where it was given. */
static enum err_code take_text(struct invocation *invocation, json_t *settings, const char *flag,
			       const char *key, struct err *err)
{
	const char *value = options_value(invocation, flag);

	if (!value || json_object_set_new(settings, key, json_string(value)) == 0)
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "", "--%s must be UTF-8 text.", flag);
}

static enum err_code take_mapping(struct invocation *invocation, json_t *settings, struct err *err)
{
	const char *value = options_value(invocation, "mapping");
	json_t *mapping = value ? json_loads(value, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (!value)
		return ERR_OK;
	if (json_is_object(mapping)) {
		if (json_object_set_new(settings, "mapping", mapping) == 0)
			return ERR_OK;
		return err_memory(err);
	}
	json_decref(mapping);
	return err_set(err, ERR_INVALID_INPUT, "",
		       "--mapping takes a JSON object from column to field, e.g. "
		       "'{\"E-mail\":\"email\",\"Notes\":null}'.");
}

static enum err_code take_tags(struct invocation *invocation, json_t *settings, struct err *err)
{
	struct text rest = text_of(options_value(invocation, "tags"));
	json_t *tags = json_array();

	while (rest.ptr) {
		struct text tag = text_trim(text_split(rest, ',', &rest));

		if (tag.len > 0 &&
		    json_array_append_new(tags, json_stringn(tag.ptr, tag.len)) != 0) {
			json_decref(tags);
			return err_set(err, ERR_INVALID_INPUT, "", "--tags must be UTF-8 text.");
		}
	}
	if (json_array_size(tags) == 0) {
		json_decref(tags);
		return ERR_OK;
	}
	return json_object_set_new(settings, "tags", tags) == 0 ? ERR_OK : err_memory(err);
}

/* The import is called like the file. */
static enum err_code take_name(struct invocation *invocation, json_t *settings, struct err *err)
{
	const char *path = invocation->args[0];
	const char *slash = strrchr(path, '/');
	struct text name = text_of(slash ? slash + 1 : path);

	if (options_value(invocation, "name"))
		return take_text(invocation, settings, "name", "name", err);
	if (text_is(name, TEXT("-")) || !text_is_utf8(name) || name.len > NAME_BYTES_MAX)
		name = TEXT("standard input");
	return json_object_set_new(settings, "name", json_stringn(name.ptr, name.len)) == 0
		       ? ERR_OK
		       : err_memory(err);
}

static enum err_code read_settings(struct invocation *invocation, json_t *settings, struct err *err)
{
	if (take_name(invocation, settings, err) != ERR_OK ||
	    take_mapping(invocation, settings, err) != ERR_OK ||
	    take_tags(invocation, settings, err) != ERR_OK ||
	    take_text(invocation, settings, "mission", "mission_id", err) != ERR_OK ||
	    take_text(invocation, settings, "source", "source", err) != ERR_OK ||
	    take_text(invocation, settings, "on-conflict", "on_conflict", err) != ERR_OK ||
	    take_text(invocation, settings, "on-existing", "on_existing", err) != ERR_OK ||
	    take_text(invocation, settings, "observed-at", "observed_at", err) != ERR_OK)
		return err->code;
	if (options_has(invocation, "dry-run") &&
	    json_object_set_new(settings, "dry_run", json_true()) != 0)
		return err_memory(err);
	return ERR_OK;
}

/* An id, or a name; a list of that name is made when there is none. */
static enum err_code take_list(struct invocation *invocation, struct reach *reach, json_t *settings,
			       struct err *err)
{
	const char *name = options_value(invocation, "list");
	json_t *id = NULL, *answer = NULL;

	if (!name)
		return ERR_OK;
	if (list_name_find(reach, name, &id, err) != ERR_OK)
		return err->code;
	if (!id && options_has(invocation, "dry-run")) {
		say_note("There is no list \"%s\" yet; the import would make it.", name);
		return ERR_OK;
	}
	if (!id) {
		if (reach_command(reach, "list.create", json_pack("{s:s}", "name", name), &answer,
				  err) != ERR_OK)
			return err->code;
		id = json_incref(json_object_get(json_object_get(json_object_get(answer, "data"),
								 "list"),
						 "id"));
		json_decref(answer);
	}
	return json_object_set_new(settings, "list_id", id) == 0 ? ERR_OK : err_memory(err);
}

/* The first reasons, so that nobody has to ask for what went wrong. */
static enum err_code say_reasons(struct reach *reach, const char *id, struct err *err)
{
	json_t *answer = NULL, *row;
	size_t i;

	if (reach_command(reach, "import.rows.list",
			  json_pack("{s:s, s:i}", "import_id", id, "limit", REASONS_SHOWN), &answer,
			  err) != ERR_OK)
		return err->code;
	json_array_foreach(json_object_get(json_object_get(answer, "data"), "rows"), i, row)
	{
		const char *message = json_string_value(json_object_get(row, "message"));
		const char *column = json_string_value(json_object_get(row, "column"));

		say_note("row %lld%s%s: %s",
			 (long long)json_integer_value(json_object_get(row, "row")),
			 column ? ", " : "", column ? column : "", message ? message : "");
	}
	json_decref(answer);
	return ERR_OK;
}

static enum err_code write_refused(struct invocation *invocation, struct reach *reach,
				   const json_t *import, struct err *err)
{
	const char *path = options_value(invocation, "refused");
	const char *id = json_string_value(json_object_get(import, "import_id"));
	int64_t refused = import_watch_refused(import), rows;

	if (refused > 0 && !options_has(invocation, "json") &&
	    say_reasons(reach, id, err) != ERR_OK)
		return err->code;
	if (path) {
		if (import_refused_write(reach, id, path, &rows, err) != ERR_OK)
			return err->code;
		say_note("%lld refused %s in %s: mend the cells and import that file.",
			 (long long)rows, rows == 1 ? "row is" : "rows are", path);
		if (rows < refused)
			say_note("%lld more could not be read as rows; mend them in the file.",
				 (long long)(refused - rows));
	} else if (refused > 0 && !options_has(invocation, "json")) {
		say_note(
			"%lld %s refused, the others were not held up. All reasons:\n"
			"  galena commands run import.rows.list --input-json "
			"'{\"import_id\":\"%s\"}'\n"
			"To get those rows as a file, run it again with --refused FILE: leads that "
			"are in already stay as they are.",
			(long long)refused, refused == 1 ? "row was" : "rows were", id);
	}
	return ERR_OK;
}

static enum err_code say_import(const json_t *import, bool as_json, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init(&buf, DOCUMENT_BYTES_MAX);
	if (as_json)
		writer_value(&writer, import);
	else
		import_watch_sum_up(import, &buf);
	enum err_code code = buf.failed ? err_memory(err) : ERR_OK;

	if (code == ERR_OK && as_json)
		say_json(buf_text(&buf));
	else if (code == ERR_OK)
		say_text(buf_text(&buf));
	buf_release(&buf);
	return code;
}

/* What became of it; an import that failed is our failure. */
static enum err_code tell_end(struct invocation *invocation, struct reach *reach,
			      const json_t *import, struct err *err)
{
	const char *state = json_string_value(json_object_get(import, "state"));
	const char *error = json_string_value(json_object_get(import, "error"));

	if (say_import(import, options_has(invocation, "json"), err) != ERR_OK ||
	    write_refused(invocation, reach, import, err) != ERR_OK)
		return err->code;
	if (strcmp(state, "done") == 0)
		return ERR_OK;
	/* With --json it is told on standard output. */
	invocation->has_told = true;
	err_set(err, strcmp(state, "cancelled") == 0 ? ERR_STATE_CONFLICT : ERR_INTERNAL, "",
		"The import is %s. %s", state, error ? error : "");
	say_error(err);
	return err->code;
}

static void tell_interrupted(struct reach *reach, const char *id)
{
	if (reach_local(reach))
		say_note("Stopped; what is done stays done. 'galena import --resume' or 'galena "
			 "serve' goes on at the next row. To give it up:");
	else
		say_note("The server goes on with the import. To stop it:");
	say_note("  galena commands run import.cancel --input-json '{\"import_id\":\"%s\"}'", id);
}

static enum err_code watch(struct invocation *invocation, struct reach *reach, const char *id,
			   struct err *err)
{
	json_t *import;
	enum err_code code = import_watch(reach, id, &import, err);

	if (code != ERR_OK) {
		if (interrupt_came())
			tell_interrupted(reach, id);
		return code;
	}
	code = tell_end(invocation, reach, import, err);
	json_decref(import);
	return code;
}

static enum err_code send_and_watch(struct invocation *invocation, struct reach *reach,
				    json_t *settings, struct err *err)
{
	json_t *answer = NULL;

	if (read_settings(invocation, settings, err) != ERR_OK ||
	    take_list(invocation, reach, settings, err) != ERR_OK ||
	    import_send(reach, invocation->args[0], settings, &answer, err) != ERR_OK)
		return err->code;
	const json_t *import = json_object_get(json_object_get(answer, "data"), "import");
	const char *id = json_string_value(json_object_get(import, "import_id"));
	enum err_code code = id ? watch(invocation, reach, id, err)
				: err_internal(err, "no import_id");

	json_decref(answer);
	return code;
}

/* The oldest import that is not over; *out_answer holds it, *out_id is NULL for none. */
static enum err_code find_open(struct reach *reach, json_t **out_answer, const char **out_id,
			       struct err *err)
{
	static const char *const states[] = {"running", "queued"};
	json_t *answer = NULL;

	*out_id = NULL;
	for (size_t i = 0; i < ARRAY_LEN(states) && !*out_id; i++) {
		json_decref(answer);
		if (reach_command(reach, "import.list", json_pack("{s:s}", "state", states[i]),
				  &answer, err) != ERR_OK)
			return err->code;
		const json_t *imports = json_object_get(json_object_get(answer, "data"), "imports");
		size_t count = json_array_size(imports);

		if (count > 0)
			*out_id = json_string_value(json_object_get(json_array_get(imports,
										   count - 1),
								    "import_id"));
	}
	*out_answer = answer;
	return ERR_OK;
}

static enum err_code resume(struct invocation *invocation, struct reach *reach, struct err *err)
{
	json_t *answer = NULL;
	const char *id;

	if (invocation->arg_count > 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "--resume goes on with what was begun and takes no file.");
	if (find_open(reach, &answer, &id, err) != ERR_OK)
		return err->code;
	enum err_code code = ERR_OK;

	if (id)
		code = watch(invocation, reach, id, err);
	else if (options_has(invocation, "json"))
		say_text(TEXT("null\n"));
	else
		say_note("There is no import to go on with.");
	json_decref(answer);
	return code;
}

static enum err_code work(struct invocation *invocation, struct reach *reach, struct err *err)
{
	json_t *settings;

	if (options_has(invocation, "resume"))
		return resume(invocation, reach, err);
	if (invocation->arg_count == 0)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Say which file: galena import people.csv (- is standard input)");
	settings = json_object();
	if (!settings)
		return err_memory(err);
	enum err_code code = send_and_watch(invocation, reach, settings, err);

	json_decref(settings);
	return code;
}

static enum err_code run(struct invocation *invocation, struct err *err)
{
	struct importer *importer = NULL;
	struct reach *reach;
	enum err_code code = ERR_OK;

	if (reach_create(&invocation->settings, &reach, err) != ERR_OK)
		return err->code;
	interrupt_catch();
	if (reach_local(reach))
		code = importer_create(reach_local(reach)->home.desk, &importer, err);
	if (code == ERR_OK)
		code = work(invocation, reach, err);
	importer_destroy(importer);
	reach_destroy(reach);
	return code;
}

static const struct option_row options[] = {
	{"mapping", "JSON",
	 "What columns mean, where their heads do not say it: '{\"E-mail\":\"email\"}'; null "
	 "leaves a column out."},
	{"list", "NAME", "Put every lead on this list (name or id); made when there is none."},
	{"mission", "ID", "Put every lead into this mission."},
	{"name", "TEXT", "What the import is called; otherwise like the file."},
	{"source", "TEXT", "Where the people came from, for rows that do not say it."},
	{"tags", "A,B", "Tags that every lead gets."},
	{"on-conflict", "WORD",
	 "When a row's identifiers belong to several leads: reject (the default) or prefer."},
	{"on-existing", "WORD",
	 "When the lead is known: overwrite (the default), fill only what is empty, or skip."},
	{"observed-at", "TIME", "When the file was right; older values never replace newer ones."},
	{"dry-run", NULL, "Count what would happen and write no lead."},
	{"refused", "FILE", "Write the rows that were refused to a file of the same columns."},
	{"resume", NULL, "Go on with an import that was interrupted."},
	{"json", NULL, "Print the import as import.get shows it, and nothing else."},
	{NULL, NULL, NULL},
};

const struct subcommand cmd_import = {
	.words = "import",
	.arguments = "FILE",
	.args_min = 0,
	.args_max = 1,
	.summary = "Import a file of leads: CSV as it comes, or JSON lines.",
	.about = "Every row creates or updates the lead that any of its identifiers matches. Rows "
		 "that cannot be used are set aside and told; the others are imported. The same "
		 "file again changes nothing.",
	.examples = "galena import Connections.csv\n"
		    "galena import people.csv --list \"Fair 2026\" --tags fair,north --refused "
		    "mend.csv\n"
		    "galena import people.ndjson --dry-run --json",
	.options = options,
	.groups = SETTING_STORE | SETTING_REMOTE,
	.run = run,
};
