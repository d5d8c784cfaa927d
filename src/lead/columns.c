#include "lead/columns.h"

#include <stdlib.h>

#include "lead/columns_key.h"
#include "lead/columns_table.h"

/* A format is named only by this many of its headers; fewer are found in any file. */
#define FORMAT_HEADERS_MIN 3
/* Ranks: a user's choice, then a format's own table, then names and synonyms. */
#define RANK_FORMAT 1u
#define RANK_WORD 1024u
#define RANK_FIELD 4096u
#define METADATA_NAME_BYTES 128

/* What detection knows of one column before its target is settled. */
struct candidate {
	struct columns_key key;
	bool has_key;
	bool is_known;
	bool is_format; /* the format lists it */
	const struct columns_field *field; /* NULL: of no use */
	unsigned rank;
};

static const struct columns_header *find_header(const struct columns_header *list, size_t count,
						const struct columns_key *key, size_t *out_at)
{
	for (size_t i = 0; i < count; i++) {
		if (columns_key_is(key, list[i].header)) {
			*out_at = i;
			return &list[i];
		}
	}
	return NULL;
}

/* The key without "Contact", "Lead" … in front, as CRMs put the object there. */
static bool without_object(const struct columns_key *key, struct columns_key *out)
{
	static const char *const objects[] = {"contact", "person", "lead", "prospect", "kontakt"};

	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		size_t len = strlen(objects[i]);

		if (key->len <= len || memcmp(key->bytes, objects[i], len) != 0)
			continue;
		out->len = key->len - len;
		memcpy(out->bytes, key->bytes + len, out->len);
		return true;
	}
	return false;
}

/* "Person's LinkedIn page link" and the like, but nothing about companies or messages. */
static bool is_linkedin_url(const struct columns_key *key)
{
	static const char *const ends[] = {"url", "link", "profile", "linkedin"};
	static const char *const others[] = {"company", "organi", "account", "conversation",
					     "search"};
	struct text text = {key->bytes, key->len};

	if (!memmem(text.ptr, text.len, "linkedin", 8))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (memmem(text.ptr, text.len, others[i], strlen(others[i])))
			return false;
	}
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct text end = text_of(ends[i]);

		if (text.len >= end.len && text_is(text_skip(text, text.len - end.len), end))
			return true;
	}
	return false;
}

/* The field a header names in whichever file; NULL when unknown. */
static const char *word_field(const struct columns_key *key, size_t *out_at)
{
	size_t count;
	const struct columns_header *synonyms = columns_table_synonyms(&count);
	const struct columns_header *found = find_header(synonyms, count, key, out_at);
	struct columns_key bare;

	if (!found && without_object(key, &bare))
		found = find_header(synonyms, count, &bare, out_at);
	if (found)
		return found->field;
	*out_at = count;
	return is_linkedin_url(key) ? "linkedin_url" : NULL;
}

/* The field whose target is called like the header ("companyLogoUrl"), or NULL. */
static const char *target_field(const struct columns_key *key)
{
	for (size_t i = COLUMNS_METADATA + 1; i < COLUMNS_TARGET_COUNT; i++) {
		const char *name = columns_table_target_name((enum columns_target)i).ptr;

		if (i != COLUMNS_TITLE && columns_key_is(key, name) && columns_table_field(name))
			return name;
	}
	return NULL;
}

static bool format_knows(const struct columns_key *key)
{
	size_t count, at;
	const struct columns_format *formats = columns_formats_all(&count);

	for (size_t i = 0; i < count; i++) {
		if (find_header(formats[i].headers, formats[i].count, key, &at))
			return true;
	}
	return false;
}

bool columns_is_known(struct text header)
{
	struct columns_key key;
	size_t at;

	if (!columns_key_of(header, &key) || key.len == 0)
		return false;
	return target_field(&key) || word_field(&key, &at) || format_knows(&key);
}

static bool has_header(const struct candidate *candidates, size_t count, const char *header)
{
	for (size_t i = 0; i < count; i++) {
		if (candidates[i].has_key && columns_key_is(&candidates[i].key, header))
			return true;
	}
	return false;
}

/* How many of the format's headers the file has; 0 when its signature is not among them. */
static size_t format_hits(const struct columns_format *format, const struct candidate *candidates,
			  size_t count)
{
	size_t hits = 0;

	for (size_t i = 0; i < ARRAY_LEN(format->signature); i++) {
		if (format->signature[i][0] && !has_header(candidates, count, format->signature[i]))
			return 0;
	}
	for (size_t i = 0; i < format->count; i++)
		hits += has_header(candidates, count, format->headers[i].header);
	return hits;
}

/* The format that shares the largest part of the headers, or NULL. */
static const struct columns_format *find_format(const struct candidate *candidates, size_t count)
{
	size_t format_count;
	const struct columns_format *formats = columns_formats_all(&format_count);
	const struct columns_format *best = NULL;
	size_t best_hits = 0;

	for (size_t i = 0; i < format_count; i++) {
		size_t hits = format_hits(&formats[i], candidates, count);

		if (hits < FORMAT_HEADERS_MIN)
			continue;
		/* Shares compared without division: hits / (count + format's count). */
		size_t share = best ? hits * (count + best->count) : 1;
		size_t best_share = best_hits * (count + formats[i].count);

		if (share > best_share) {
			best = &formats[i];
			best_hits = hits;
		}
	}
	return best;
}

static void name_field(const struct columns_format *format, struct candidate *candidate)
{
	size_t at = 0;
	const struct columns_header *own =
		format ? find_header(format->headers, format->count, &candidate->key, &at) : NULL;
	const char *field = own ? own->field : target_field(&candidate->key);

	candidate->is_format = own != NULL;
	candidate->rank = own ? RANK_FORMAT + (unsigned)at : RANK_WORD;
	if (!field) {
		field = word_field(&candidate->key, &at);
		candidate->rank = RANK_WORD + 1 + (unsigned)at;
	}
	candidate->is_known = field != NULL;
	candidate->field = field ? columns_table_field(field) : NULL;
	if (candidate->field)
		candidate->rank += candidate->field->rank * RANK_FIELD;
}

static bool has_target(const struct candidate *candidates, size_t count, enum columns_target target)
{
	for (size_t i = 0; i < count; i++) {
		if (candidates[i].field && candidates[i].field->target == target)
			return true;
	}
	return false;
}

/* Settle the words that mean one thing beside a first name or job title and another alone. */
static void settle_words(struct candidate *candidates, size_t count, const struct text *headers)
{
	bool has_first = has_target(candidates, count, COLUMNS_FIRST_NAME);
	bool has_last = has_target(candidates, count, COLUMNS_LAST_NAME);
	bool is_german = has_header(candidates, count, "Vorname");
	bool has_job = false;

	for (size_t i = 0; i < count; i++)
		has_job = has_job || (candidates[i].field && candidates[i].field->rank == 0 &&
				      candidates[i].field->target == COLUMNS_JOB_TITLE);
	for (size_t i = 0; i < count; i++) {
		const char *name = candidates[i].field ? candidates[i].field->name : "";
		bool is_family = strcmp(name, "family_or_full_name") == 0 ||
				 (is_german && columns_key_is(&candidates[i].key, "Name"));

		if (is_family && has_first && !has_last)
			candidates[i].field = columns_table_field("last_name");
		else if (strcmp(name, "given_or_full_name") == 0 && has_last && !has_first)
			candidates[i].field = columns_table_field("first_name");
		if (strcmp(name, "job_or_person_title") != 0 || !has_job)
			continue;
		/* Our own files say "title" for the headline; elsewhere it is "Dr." or "Mrs". */
		candidates[i].field =
			text_is(headers[i], TEXT("title")) ? columns_table_field("headline") : NULL;
	}
}

static bool name_is_taken(const struct columns *columns, size_t before, struct text name)
{
	for (size_t i = 0; i < before; i++) {
		if (columns->columns[i].metadata.ptr && text_is(columns->columns[i].metadata, name))
			return true;
	}
	return false;
}

/* A metadata name no column before this one has: "owner", "owner_2" …; absent without memory. */
static struct text free_name(struct arena *arena, const struct columns *columns, size_t before,
			     const char *wanted)
{
	struct text name = text_of(wanted);

	for (unsigned n = 2; name.ptr && name_is_taken(columns, before, name); n++)
		name = arena_format(arena, "%s_%u", wanted, n);
	return name;
}

static int order_compare(const void *a, const void *b, void *context)
{
	const struct columns_column *columns = context;
	uint16_t left = *(const uint16_t *)a, right = *(const uint16_t *)b;
	const struct columns_column *x = &columns[left], *y = &columns[right];

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return left < right ? -1 : 1;
}

static void sort_columns(struct columns *columns)
{
	columns->order_count = 0;
	for (size_t i = 0; i < columns->count; i++) {
		if (columns->columns[i].target != COLUMNS_IGNORE)
			columns->order[columns->order_count++] = (uint16_t)i;
	}
	qsort_r(columns->order, columns->order_count, sizeof columns->order[0], order_compare,
		columns->columns);
}

/*
 * Sort the mapped columns. A file with two LinkedIn URLs tells a slug and a token of one person:
 * the second one is an identifier of its own, not a spare.
 */
static void plan(struct columns *columns)
{
	bool has_url = false;

	sort_columns(columns);
	columns->values_max = columns->order_count * 2 + 2;
	for (size_t i = 0; i < columns->order_count; i++) {
		struct columns_column *column = &columns->columns[columns->order[i]];

		if (column->target == COLUMNS_TAGS)
			columns->values_max += COLUMNS_TAGS_MAX;
		if (column->target != COLUMNS_LINKEDIN_URL)
			continue;
		if (has_url) {
			column->target = COLUMNS_LINKEDIN_ID;
			column->rank += RANK_FIELD;
		}
		has_url = true;
	}
	sort_columns(columns);
}

static bool settle_column(struct arena *arena, struct columns *columns, size_t at,
			  const struct candidate *candidate)
{
	struct columns_column *column = &columns->columns[at];

	column->is_known = candidate->is_known;
	column->is_fixed = candidate->is_format;
	column->rank = candidate->rank;
	if (!candidate->field)
		return true;
	column->target = candidate->field->target;
	if (!candidate->field->metadata)
		return true;
	column->metadata = free_name(arena, columns, at, candidate->field->metadata);
	return column->metadata.ptr != NULL;
}

static bool is_unsubscribe_header(struct text header)
{
	struct text start = {header.ptr, header.len < 6 ? header.len : 6};

	return text_is_nocase(start, TEXT("UNSUB_"));
}

/* What tools call the column that says whether somebody asked not to be written to. */
static bool is_opt_out_header(const struct columns_key *key)
{
	static const char *const names[] = {
		"do not contact", "do not email", "do not mail", "dnc", "opt out", "opted out",
		"email opt out", "email opted out", "has opted out of email", "unsubscribed",
		"unsubscribed from all email", "unsubscribed from emails", "no contact",
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (columns_key_is(key, names[i]))
			return true;
	}
	return false;
}

static enum err_code settle(struct arena *arena, struct candidate *candidates,
			    const struct text *headers, struct columns *columns, struct err *err)
{
	const struct columns_format *format = find_format(candidates, columns->count);

	columns->format = format ? format->name : "";
	columns->external_source = format ? format->external_source : "";
	columns->flags = format ? format->flags : 0;
	for (size_t i = 0; i < columns->count; i++) {
		columns->columns[i].header = headers[i];
		if (is_unsubscribe_header(headers[i]))
			columns->is_unsubscribed = true;
		columns->columns[i].is_opt_out = candidates[i].has_key &&
						 is_opt_out_header(&candidates[i].key);
		if (candidates[i].has_key)
			name_field(format, &candidates[i]);
	}
	settle_words(candidates, columns->count, headers);
	for (size_t i = 0; i < columns->count; i++) {
		if (!settle_column(arena, columns, i, &candidates[i]))
			return err_memory(err);
	}
	plan(columns);
	return ERR_OK;
}

enum err_code columns_detect(struct arena *arena, const struct text *headers, size_t count,
			     struct columns *out, struct err *err)
{
	struct columns columns = {.count = count};

	if (count > COLUMNS_MAX)
		return err_set(err, ERR_TOO_LARGE, "",
			       "The file has %zu columns; at most %d can be read. Remove some.",
			       count, COLUMNS_MAX);
	struct candidate *candidates = arena_zero(arena, count, sizeof *candidates);

	columns.columns = arena_zero(arena, count, sizeof *columns.columns);
	columns.order = arena_zero(arena, count, sizeof *columns.order);
	if (!candidates || !columns.columns || !columns.order)
		return err_memory(err);
	for (size_t i = 0; i < count; i++)
		candidates[i].has_key = columns_key_of(headers[i], &candidates[i].key) &&
					candidates[i].key.len > 0;
	enum err_code code = settle(arena, candidates, headers, &columns, err);

	if (code == ERR_OK)
		*out = columns;
	return code;
}

/* True and the outputs for "", "ignore", a target's name or "metadata.NAME". */
static bool parse_target(struct text name, enum columns_target *out_target,
			 struct text *out_metadata)
{
	struct text prefix = TEXT("metadata.");

	*out_metadata = TEXT_NONE;
	if (name.len == 0 || text_is(name, TEXT("ignore"))) {
		*out_target = COLUMNS_IGNORE;
		return true;
	}
	if (!text_starts(name, prefix))
		return columns_table_target(name, out_target);
	*out_target = COLUMNS_METADATA;
	*out_metadata = text_skip(name, prefix.len);
	return out_metadata->len > 0 && out_metadata->len <= METADATA_NAME_BYTES &&
	       text_is_utf8(*out_metadata);
}

enum err_code columns_override(struct arena *arena, struct columns *columns, struct text header,
			       struct text target, struct err *err)
{
	enum columns_target wanted;
	struct text metadata;
	bool found = false;

	if (!parse_target(target, &wanted, &metadata))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "No field is called \"%.*s\"; use a lead's field, "
			       "\"metadata.NAME\" or \"ignore\".",
			       TEXT_ARG(target));
	if (metadata.ptr) {
		metadata = arena_copy(arena, metadata);
		if (!metadata.ptr)
			return err_memory(err);
	}
	for (size_t i = 0; i < columns->count; i++) {
		struct columns_column *column = &columns->columns[i];

		if (!text_is(text_trim(column->header), text_trim(header)))
			continue;
		*column = (struct columns_column){.header = column->header,
						  .target = wanted,
						  .metadata = metadata,
						  .is_known = true,
						  .is_fixed = true};
		found = true;
	}
	if (!found)
		return err_set(err, ERR_INVALID_INPUT, "", "The file has no column \"%.*s\".",
			       TEXT_ARG(header));
	plan(columns);
	return ERR_OK;
}

enum err_code columns_assign(struct arena *arena, struct columns *columns, size_t at,
			     enum columns_target target, struct err *err)
{
	struct columns_column *column = &columns->columns[at];
	struct text before = columns_table_target_name(column->target);

	if (before.len > 0 && !column->metadata.ptr) {
		column->metadata = free_name(arena, columns, columns->count, before.ptr);
		if (!column->metadata.ptr)
			return err_memory(err);
	}
	column->target = target;
	column->rank = 0;
	column->is_known = true;
	column->is_learned = true;
	plan(columns);
	return ERR_OK;
}

struct text columns_target_text(struct arena *arena, const struct columns_column *column)
{
	if (column->target == COLUMNS_METADATA)
		return arena_format(arena, "metadata.%.*s", TEXT_ARG(column->metadata));
	return columns_table_target_name(column->target);
}
