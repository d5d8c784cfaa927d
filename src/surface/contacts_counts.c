#include "surface/contacts_counts.h"

#include "json/scan.h"
#include "surface/contacts.h"
#include "surface/contacts_nouns.h"
#include "surface/runtime.h"

#define UUIDS_MAX 100
#define ANSWER_BYTES_MAX ((size_t)64 * 1024)

/* One number: what it is called, and the command whose `total` it is. */
struct metric {
	const char *name;
	const char *command;
	const char *field; /* of its where, for a tag */
	bool pages;        /* the command answers pages: one item is enough */
};

static const struct metric metrics[] = {
	{"leads_count", "lead.count", "tag_id", false},
	{"companies_count", "company.list", "tag_ids", true},
};

struct counting {
	json_t *body;
	const json_t *uuids; /* in it */
	bool of_lists;       /* else of tags */
	const struct metric *wanted[ARRAY_LEN(metrics)];
	size_t wanted_count;
	size_t step; /* which number is being counted: each uuid's wanted ones */
	struct buf buf;
	struct writer writer;
};

static enum err_code check_uuids(struct counting *counting, struct err *err)
{
	size_t count = json_array_size(counting->uuids), i, k;
	json_t *one;
	struct uuid id;

	if (!json_is_array(counting->uuids) || count > UUIDS_MAX)
		return err_set(err, ERR_INVALID_INPUT, "uuids",
			       "uuids must be an array of at most %d ids.", UUIDS_MAX);
	json_array_foreach(counting->uuids, i, one)
	{
		char field[32];

		snprintf(field, sizeof field, "uuids.%zu", i);
		if (!uuid_parse(text_of(json_string_value(one)), &id))
			return err_set(err, ERR_INVALID_INPUT, field, "%s must be an id.", field);
		for (k = 0; k < i; k++) {
			if (json_equal(json_array_get(counting->uuids, k), one))
				return err_set(err, ERR_INVALID_INPUT, field,
					       "%s stands there twice.", field);
		}
	}
	return ERR_OK;
}

static enum err_code read_metrics(struct counting *counting, struct err *err)
{
	const json_t *list = json_object_get(counting->body, "metrics");
	size_t i, known = 0;
	json_t *one;

	for (size_t m = 0; m < ARRAY_LEN(metrics); m++) {
		bool is_wanted = !list;

		json_array_foreach(list, i, one) is_wanted |=
			text_is(text_of(json_string_value(one)), text_of(metrics[m].name));
		if (is_wanted)
			counting->wanted[counting->wanted_count++] = &metrics[m];
		known += is_wanted;
	}
	if (known > 0 && (!list || json_array_size(list) == known))
		return ERR_OK;
	return err_set(err, ERR_INVALID_INPUT, "metrics",
		       "metrics takes leads_count and companies_count, each once.");
}

/* Count the next number, or answer when there is none. */
static void go_on(struct visit *visit)
{
	struct counting *counting = visit->own;
	size_t uuid = counting->step / counting->wanted_count;
	const struct metric *metric = counting->wanted[counting->step % counting->wanted_count];
	const json_t *id = json_array_get(counting->uuids, uuid);
	json_t *input;

	if (!id) {
		writer_end_object(&counting->writer);
		visit_respond_json(visit, 200, &counting->buf);
		return;
	}
	if (counting->step % counting->wanted_count == 0) {
		writer_key(&counting->writer, text_of(json_string_value(id)));
		writer_begin_object(&counting->writer);
	}
	input = json_pack("{s:[{s:s, s:s, s:s}]}", "where", "field",
			  counting->of_lists ? "list_id" : metric->field, "op", "eq", "value",
			  json_string_value(id));
	if (input && metric->pages && json_object_set_new(input, "limit", json_integer(1)) != 0) {
		json_decref(input);
		input = NULL;
	}
	contacts_nouns_run(visit, metric->command, input);
}

static void finish(struct visit *visit)
{
	struct counting *counting = visit->own;
	const struct metric *metric = counting->wanted[counting->step % counting->wanted_count];
	const struct contacts_names names = {.rows = NULL};

	if (visit->call.job.err.code != ERR_OK) {
		contacts_error_fail(visit, &names);
		return;
	}
	writer_member_raw(&counting->writer, metric->name,
			  scan_member(visit->call.reply.data, TEXT("total")));
	counting->step++;
	if (counting->step % counting->wanted_count == 0)
		writer_end_object(&counting->writer);
	go_on(visit);
}

static struct counting *start(struct visit *visit, struct err *err)
{
	struct counting *counting = arena_zero(visit->request->arena, 1, sizeof *counting);

	if (!counting) {
		err_memory(err);
		return NULL;
	}
	visit->own = counting;
	if (contacts_body(visit->request, &counting->body, err) != ERR_OK)
		return NULL;
	counting->uuids = json_object_get(counting->body, "uuids");
	if (check_uuids(counting, err) != ERR_OK)
		return NULL;
	buf_init_arena(&counting->buf, visit->request->arena, ANSWER_BYTES_MAX);
	counting->writer = writer_on(&counting->buf);
	writer_begin_object(&counting->writer);
	return counting;
}

void contacts_counts_lists(struct visit *visit)
{
	struct err err;
	struct counting *counting = start(visit, &err);

	if (!counting) {
		contacts_error_refuse(visit, &err);
		return;
	}
	counting->of_lists = true;
	counting->wanted[counting->wanted_count++] = &metrics[0];
	go_on(visit);
}

void contacts_counts_tags(struct visit *visit)
{
	struct err err;
	struct counting *counting = start(visit, &err);

	if (!counting || read_metrics(counting, &err) != ERR_OK) {
		contacts_error_refuse(visit, &err);
		return;
	}
	go_on(visit);
}

void contacts_counts_lists_finish(struct visit *visit)
{
	finish(visit);
}

void contacts_counts_tags_finish(struct visit *visit)
{
	finish(visit);
}

void contacts_counts_done(struct visit *visit)
{
	struct counting *counting = visit->own;

	runtime_done(visit);
	if (counting)
		json_decref(counting->body);
}
