#include "cli/import_watch.h"

#include "cli/import_progress.h"
#include "cli/interrupt.h"

/* Small files are over at once, and long ones are not asked about too often. */
#define REST_MS_MIN 5
#define REST_MS_MAX 250

static int64_t count_of(const json_t *import, const char *key)
{
	return json_integer_value(json_object_get(import, key));
}

static bool is_over(const json_t *import)
{
	const char *state = json_string_value(json_object_get(import, "state"));

	return state && strcmp(state, "queued") != 0 && strcmp(state, "running") != 0;
}

static enum err_code look(struct reach *reach, const char *id, json_t **out_import, struct err *err)
{
	json_t *answer = NULL;

	if (reach_command(reach, "import.get", json_pack("{s:s}", "import_id", id), &answer, err) !=
	    ERR_OK)
		return err->code;
	*out_import = json_incref(json_object_get(json_object_get(answer, "data"), "import"));
	json_decref(answer);
	return ERR_OK;
}

static enum err_code watch(struct reach *reach, const char *id, struct import_progress *progress,
			   json_t **out_import, struct err *err)
{
	int64_t rest_ms = REST_MS_MIN;

	for (;;) {
		json_t *import = NULL;

		if (look(reach, id, &import, err) != ERR_OK)
			return err->code;
		if (is_over(import)) {
			*out_import = import;
			return ERR_OK;
		}
		import_progress_show(progress, import);
		json_decref(import);
		if (!interrupt_came())
			interrupt_rest(rest_ms);
		if (interrupt_came())
			return err_set(err, ERR_BUSY, "", "Interrupted.");
		rest_ms = rest_ms * 2 > REST_MS_MAX ? REST_MS_MAX : rest_ms * 2;
	}
}

enum err_code import_watch(struct reach *reach, const char *id, json_t **out_import,
			   struct err *err)
{
	struct import_progress progress;

	import_progress_init(&progress);
	enum err_code code = watch(reach, id, &progress, out_import, err);

	import_progress_end(&progress);
	return code;
}

int64_t import_watch_refused(const json_t *import)
{
	return count_of(import, "conflict_count") + count_of(import, "invalid_count");
}

void import_watch_sum_up(const json_t *import, struct buf *out)
{
	static const struct {
		const char *key, *one, *many;
	} parts[] = {
		{"created_count", "created", "created"},
		{"updated_count", "updated", "updated"},
		{"unchanged_count", "unchanged", "unchanged"},
		{"conflict_count", "conflict", "conflicts"},
		{"invalid_count", "invalid", "invalid"},
		{"skipped_count", "left out", "left out"},
	};
	const char *name = json_string_value(json_object_get(import, "name"));
	int64_t rows = 0;
	bool is_first = true;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		rows += count_of(import, parts[i].key);
	buf_add(out, text_of(name));
	buf_add(out, TEXT(": "));
	import_progress_count(out, rows);
	buf_add(out, rows == 1 ? TEXT(" row") : TEXT(" rows"));
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		int64_t count = count_of(import, parts[i].key);

		if (count == 0)
			continue;
		buf_add(out, is_first ? TEXT(" = ") : TEXT(" + "));
		import_progress_count(out, count);
		buf_add_format(out, " %s", count == 1 ? parts[i].one : parts[i].many);
		is_first = false;
	}
	buf_add(out, TEXT("; "));
	import_progress_count(out, count_of(import, "total_leads"));
	buf_add(out, count_of(import, "total_leads") == 1 ? TEXT(" lead") : TEXT(" leads"));
	if (json_is_true(json_object_get(import, "dry_run")))
		buf_add(out, TEXT(" (a dry run: nothing was written)"));
	buf_add_char(out, '\n');
}
