#include "select_world.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "store/accounts.h"
#include "store/lists.h"

uint32_t select_world_roll(struct world *w, uint32_t sides)
{
	w->seed = w->seed * 1664525u + 1013904223u;
	return (w->seed >> 8) % sides;
}

/* making */

/* Texts that differ early, after 8 bytes, after 16, and only after 64. */
static void make_texts(struct world *w, struct person *person)
{
	static const char *const given[] = {"ada", "alexander", "jose", "mira", "zoe"};
	char *company = person->company;

	snprintf(person->name, TEXT_MAX, "%s %c%c%u", given[select_world_roll(w, 5)],
		 (int)('a' + select_world_roll(w, 26)), (int)('a' + select_world_roll(w, 26)),
		 select_world_roll(w, 40));
	company[0] = '\0';
	switch (select_world_roll(w, 6)) {
	case 0:
		break;
	case 1:
		snprintf(company, TEXT_MAX, "acme");
		break;
	case 2:
		snprintf(company, TEXT_MAX, "acme %u", select_world_roll(w, 5));
		break;
	case 3:
		snprintf(company, TEXT_MAX, "shared beginning of %u", select_world_roll(w, 150));
		break;
	case 4:
		snprintf(company, TEXT_MAX, "shared beginning %u and more",
			 select_world_roll(w, 3));
		break;
	default:
		snprintf(company, TEXT_MAX,
			 "the long name of a company that goes on beyond what is sorted by %u",
			 select_world_roll(w, 9));
		break;
	}
}

/* The same text as somebody may have typed it. */
static void disguise(struct world *w, const char *text, char *out)
{
	for (; *text; text++) {
		uint32_t how = select_world_roll(w, 12);

		if (*text == 'e' && how == 0) {
			*out++ = '\xc3'; /* with an accent */
			*out++ = '\xa9';
			continue;
		}
		if (*text == ' ' && how == 1)
			*out++ = ' ';
		*out++ = *text >= 'a' && *text <= 'z' && how < 4 ? (char)(*text - 'a' + 'A')
								 : *text;
	}
	*out = '\0';
}

static void add_ids(struct buf *doc, const char *field, const struct uuid *ids, unsigned bits)
{
	char text[UUID_TEXT_LEN + 1];
	const char *comma = "";

	if (!bits)
		return;
	buf_add_format(doc, "\"%s\":[", field);
	for (unsigned i = 0; bits >> i; i++) {
		if (!(bits >> i & 1))
			continue;
		uuid_format(ids[i], text);
		buf_add_format(doc, "%s\"%s\"", comma, text);
		comma = ",";
	}
	buf_add(doc, TEXT("],"));
}

static struct text make_doc(struct world *w, const struct person *person)
{
	char text[TEXT_MAX * 2];
	struct buf doc;

	buf_init_arena(&doc, &w->f->arena, 8192);
	disguise(w, person->name, text);
	buf_add_format(&doc, "{\"name\":\"%s\",", text);
	disguise(w, person->company, text);
	if (person->company[0])
		buf_add_format(&doc, "\"company\":\"%s\",", text);
	if (person->score >= 0)
		buf_add_format(&doc, "\"score\":%d,", person->score);
	buf_add_format(&doc, "\"status\":\"%s\",", status_word(person->status, STATUS_INSIDE).ptr);
	add_ids(&doc, "tags", w->tags, person->tags);
	if (person->in_stage) {
		uuid_format(w->stage, text);
		buf_add_format(&doc, "\"stage_id\":\"%s\",", text);
	}
	add_ids(&doc, "lists", w->lists, person->lists);
	buf_add(&doc, TEXT("\"ids\":[],\"seen\":{\"\":1}}"));
	buf_add_char(&doc, '\0'); /* for those who take a string */
	assert_non_null(buf_text(&doc).ptr);
	return text_of(doc.ptr);
}

static void make_values(struct world *w, struct person *person)
{
	make_texts(w, person);
	person->score = select_world_roll(w, 3) ? (int)select_world_roll(w, 20) : -1;
	person->status = (enum status)select_world_roll(w, 4);
	person->lists = select_world_roll(w, 2) ? select_world_roll(w, 1u << LISTS) : 0;
	person->tags = select_world_roll(w, 4) ? 0 : select_world_roll(w, 1u << TAGS);
	person->in_stage = select_world_roll(w, 5) == 0;
	person->updated_ms = w->f->now_ms;
}

void select_world_add(struct world *w)
{
	struct person *person = &w->people[w->count++];
	struct fixture *f = w->f;
	struct lead_row row;

	arena_reset(&f->arena);
	f->now_ms += select_world_roll(w, 3) * 1000;
	f->txn.now_ms = f->now_ms;
	make_values(w, person);
	person->no = fixture_add_lead(f, 1, person->status, make_doc(w, person).ptr);
	OK(f, leads_read(f->db, &f->arena, 1, person->no, &row, &f->err));
	person->id = row.id;
}

static void change_person(struct world *w, struct person *person)
{
	struct fixture *f = w->f;
	struct lead_row row;

	arena_reset(&f->arena);
	if (person->gone)
		return;
	f->now_ms += select_world_roll(w, 3) * 1000;
	f->txn.now_ms = f->now_ms;
	OK(f, leads_read(f->db, &f->arena, 1, person->no, &row, &f->err));
	row.last_change = 1;
	if (select_world_roll(w, 4) == 0) {
		row.deleted_ms = f->now_ms;
		OK(f, leads_delete(&f->txn, &row, &f->err));
		person->gone = true;
	} else {
		make_values(w, person);
		row.status = person->status;
		row.updated_ms = f->now_ms;
		row.doc = make_doc(w, person);
		OK(f, leads_update(&f->txn, &row, true, &f->err));
	}
	fixture_add_change(f, 1, person->no);
}

void select_world_fill(struct world *w)
{
	bool left = true;

	while (left)
		OK(w->f, search_fill(w->search, w->f->db, 700, &left, &w->f->err));
}

static struct uuid make_entry(struct world *w, enum entry_kind kind, const char *name)
{
	struct fixture *f = w->f;
	struct entry_row entry = {.workspace = 1,
				  .kind = kind,
				  .id = uuid_make(&f->txn.ids),
				  .name = text_of(name),
				  .doc = TEXT("{}"),
				  .created_ms = f->now_ms};

	OK(f, entries_insert(&f->txn, &entry, &f->err));
	return entry.id;
}

struct world *select_world_create(struct fixture *f)
{
	struct workspace_row workspace = {.name = TEXT("One"), .created_ms = f->now_ms};
	struct world *w = calloc(1, sizeof *w);
	int64_t number;

	assert_non_null(w);
	*w = (struct world){.f = f, .seed = 7};
	OK(f, search_create(f->path, true, &f->clock, &w->search, &f->err));
	w->reading = (struct txn){.db = f->db, .search = w->search};
	fixture_begin(f);
	workspace.id = uuid_make(&f->txn.ids);
	OK(f, accounts_insert_workspace(&f->txn, &workspace, &number, &f->err));
	OK(f, defaults_read(f->db, 1, &w->defaults, &f->err));
	for (int i = 0; i < LISTS; i++) {
		struct list_row list = {.id = uuid_make(&f->txn.ids), .created_ms = f->now_ms};

		list.name = arena_format(&f->arena, "List %d", i);
		OK(f, lists_insert(&f->txn, 1, &list, &f->err));
		w->lists[i] = list.id;
	}
	w->tags[0] = make_entry(w, ENTRY_TAG, "warm");
	w->tags[1] = make_entry(w, ENTRY_TAG, "cold");
	w->stage = make_entry(w, ENTRY_STAGE, "Later");
	for (int i = 0; i < PEOPLE - 100; i++)
		select_world_add(w);
	/* Leads of somebody else, which nobody here ever sees. */
	fixture_add_lead(f, 2, STATUS_NEW, "{\"name\":\"Ada\",\"ids\":[],\"seen\":{\"\":1}}");
	fixture_commit(f);
	select_world_fill(w);
	return w;
}

/* Changes, deletions and new leads, in several rounds. */
void select_world_age(struct world *w)
{
	for (int round = 0; round < 4; round++) {
		fixture_begin(w->f);
		for (int i = 0; i < 150; i++)
			change_person(w, &w->people[select_world_roll(w, (uint32_t)w->count)]);
		for (int i = 0; i < 25; i++)
			select_world_add(w);
		fixture_commit(w->f);
		select_world_fill(w);
	}
}

void select_world_destroy(struct world *w)
{
	search_destroy(w->search);
	free(w);
}

/* asking */

static const char *const range_ops[] = {"lt", "lte", "gt", "gte"};

struct question select_world_question(struct world *w)
{
	const struct person *person = &w->people[select_world_roll(w, (uint32_t)w->count)];
	struct question question = {.about = select_world_roll(w, ASK_COUNT),
				    .is_not = select_world_roll(w, 3) == 0,
				    .op = (int)select_world_roll(w, 4),
				    .score = (int)select_world_roll(w, 20),
				    .at_ms = person->updated_ms};

	question.bit = select_world_roll(w, question.about == ASK_STATUS ? 4
					    : question.about == ASK_LIST ? LISTS
									 : TAGS);
	memcpy(question.text, select_world_roll(w, 2) ? person->company : person->name, TEXT_MAX);
	for (int i = 0; i < 3; i++)
		question.ids[i] = select_world_roll(w, (uint32_t)w->count);
	return question;
}

json_t *select_world_condition(const char *field, const char *op, json_t *take_value)
{
	json_t *json = json_pack("{s:s,s:s}", "field", field, "op", op);

	if (take_value)
		json_object_set_new(json, "value", take_value);
	return json;
}

json_t *select_world_id(struct uuid id)
{
	char text[UUID_TEXT_LEN + 1];

	uuid_format(id, text);
	return json_string(text);
}

json_t *select_world_ask(struct world *w, const struct question *q)
{
	const char *equal = q->is_not ? "ne" : "eq", *null = q->is_not ? "is_not_null" : "is_null";
	char text[TEXT_MAX * 2], time[CLOCK_TEXT_LEN + 1];
	json_t *ids;

	switch (q->about) {
	case ASK_STATUS:
		return select_world_condition("status", q->is_not ? "not_in" : "in",
					      json_pack("[s]", status_word((enum status)q->bit,
									   STATUS_INSIDE)
								       .ptr));
	case ASK_LIST:
		return select_world_condition("list_id", equal, select_world_id(w->lists[q->bit]));
	case ASK_INBOX:
		return select_world_condition("list_id", equal, select_world_id(w->defaults.inbox));
	case ASK_TAG:
		return select_world_condition("tag_id", equal, select_world_id(w->tags[q->bit]));
	case ASK_NO_TAG:
		return select_world_condition("tag_id", null, NULL);
	case ASK_STAGE:
		return select_world_condition("stage_id", equal, select_world_id(w->stage));
	case ASK_STAGE_NEW:
		return select_world_condition("stage_id", equal,
					      select_world_id(w->defaults.stage_new));
	case ASK_COMPANY:
		disguise(w, q->text, text);
		return select_world_condition("company", q->is_not ? "not_in" : "in",
					      json_pack("[s,s,s]", text, "nobody's", "Acme  3"));
	case ASK_TEXT:
		disguise(w, q->text, text);
		return select_world_condition("company", range_ops[q->op], json_string(text));
	case ASK_SCORE:
		return select_world_condition("score", range_ops[q->op], json_integer(q->score));
	case ASK_NO_SCORE:
		return select_world_condition("score", null, NULL);
	case ASK_UPDATED:
		clock_format(q->at_ms, time);
		return select_world_condition("updated_at", range_ops[q->op], json_string(time));
	default:
		ids = json_array();
		for (int i = 0; i < 3; i++)
			json_array_append_new(ids, select_world_id(w->people[q->ids[i]].id));
		return select_world_condition("lead_id", q->is_not ? "not_in" : "in", ids);
	}
}

static bool in_range(int64_t order, int op)
{
	return op == 0 ? order < 0 : op == 1 ? order <= 0 : op == 2 ? order > 0 : order >= 0;
}

static int64_t compare_texts(const char *a, const char *b)
{
	return strncmp(a, b, SORTED_BYTES);
}

static bool holds(const struct world *w, const struct person *person, const struct question *q)
{
	bool is = false;

	switch (q->about) {
	case ASK_STATUS:
		is = person->status == (enum status)q->bit;
		break;
	case ASK_LIST:
		is = person->lists >> q->bit & 1;
		break;
	case ASK_INBOX:
		is = person->lists == 0;
		break;
	case ASK_TAG:
		is = person->tags >> q->bit & 1;
		break;
	case ASK_NO_TAG:
		is = person->tags == 0;
		break;
	case ASK_STAGE:
		is = person->in_stage;
		break;
	case ASK_STAGE_NEW:
		is = !person->in_stage;
		break;
	case ASK_COMPANY:
		is = (person->company[0] && strcmp(person->company, q->text) == 0) ||
		     strcmp(person->company, "acme 3") == 0;
		break;
	case ASK_TEXT:
		if (!q->text[0]) /* every text stands behind none */
			return person->company[0] && q->op >= 2;
		return person->company[0] &&
		       in_range(compare_texts(person->company, q->text), q->op);
	case ASK_SCORE:
		return person->score >= 0 && in_range(person->score - q->score, q->op);
	case ASK_NO_SCORE:
		is = person->score < 0;
		break;
	case ASK_UPDATED:
		return in_range(person->updated_ms - q->at_ms, q->op);
	default:
		for (int i = 0; i < 3; i++)
			is |= w->people[q->ids[i]].no == person->no;
		break;
	}
	return is != q->is_not;
}

/* ordering */

const char *const select_world_orders[] = {"created_at", "updated_at", "status",
					   "name",       "company",    "score"};

static enum select_order sorted_by; /* for qsort */
static bool sorted_down;

static bool has_value(const struct person *person)
{
	return (sorted_by != BY_COMPANY || person->company[0]) &&
	       (sorted_by != BY_SCORE || person->score >= 0);
}

static int64_t compare_values(const struct person *a, const struct person *b)
{
	switch (sorted_by) {
	case BY_UPDATED:
		return a->updated_ms - b->updated_ms;
	case BY_STATUS:
		return (int64_t)a->status - (int64_t)b->status;
	case BY_NAME:
		return compare_texts(a->name, b->name);
	case BY_COMPANY:
		return compare_texts(a->company, b->company);
	case BY_SCORE:
		return a->score - b->score;
	default:
		return 0;
	}
}

static int compare_people(const void *left, const void *right)
{
	const struct person *a = *(struct person *const *)left;
	const struct person *b = *(struct person *const *)right;
	int64_t order = has_value(b) - has_value(a);

	if (order)
		return order < 0 ? -1 : 1;
	order = has_value(a) ? compare_values(a, b) : 0;
	if (order == 0)
		order = a->no - b->no;
	if (sorted_down)
		order = -order;
	return (order > 0) - (order < 0);
}

size_t select_world_expect(struct world *w, const struct expectation *expectation,
			   struct person **out)
{
	size_t found = 0;

	for (size_t i = 0; i < w->count; i++) {
		bool fits = !w->people[i].gone;

		for (size_t k = 0; k < expectation->count; k++)
			fits = fits && holds(w, &w->people[i], &expectation->questions[k]);
		if (fits)
			out[found++] = &w->people[i];
	}
	sorted_by = expectation->order;
	sorted_down = expectation->down;
	qsort(out, found, sizeof *out, compare_people);
	return found;
}
