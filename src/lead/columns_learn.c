#include "lead/columns_learn.h"

#include "lead/columns_key.h"
#include "lead/email.h"
#include "lead/linkedin.h"
#include "lead/placeholder.h"

/* No address and no profile is longer; notes are, and need no parsing. */
#define VALUE_BYTES_MAX 2048
/* What is kept of the values of two columns, some copies of each. */
#define VALUES_BYTES_MAX ((size_t)4 * 1024 * 1024)

struct learning {
	struct arena *arena; /* of the columns */
	struct columns *columns;
	const struct columns_sample *sample;
	struct arena values; /* of one column's values */
	bool failed;         /* that arena is used up */
};

/* The one spelling of whom a cell names, or absent. */
typedef struct text read_fn(struct learning *learning, struct text cell);

static struct text read_profile(struct learning *learning, struct text cell, bool is_linkedin)
{
	struct linkedin linkedin;
	struct err err;

	if (linkedin_parse(&learning->values, cell, is_linkedin, &linkedin, &err) != ERR_OK) {
		learning->failed = true;
		return TEXT_NONE;
	}
	if (linkedin_advice(linkedin.kind))
		return TEXT_NONE;
	struct text who = linkedin_canonical(&learning->values, &linkedin);

	learning->failed = learning->failed || !who.ptr;
	return who;
}

/* Outside of LinkedIn's own columns: any word could be a slug. */
static struct text read_linkedin(struct learning *learning, struct text cell)
{
	return read_profile(learning, cell, false);
}

static struct text read_email(struct learning *learning, struct text cell)
{
	struct email email;
	struct err err;

	if (email_parse(&learning->values, cell, &email, &err) == ERR_OK)
		return email.key;
	learning->failed = true;
	return TEXT_NONE;
}

/* The cell, empty where it stands for nothing. */
static struct text cell_at(const struct columns_sample *sample, size_t row, size_t column)
{
	if (column >= sample->cell_counts[row])
		return TEXT("");
	struct text cell = text_trim(sample->cells[row][column]);

	return placeholder_is(cell) ? TEXT("") : cell;
}

static bool is_among(const struct text *list, size_t count, struct text text)
{
	for (size_t i = 0; i < count; i++) {
		if (text_is(list[i], text))
			return true;
	}
	return false;
}

/*
 * Four of five values name somebody, and more than half of these somebody new: a column that
 * repeats a few people tells whose leads they are, not who they are.
 */
static bool tells_people(struct learning *learning, size_t column, read_fn *read)
{
	const struct columns_sample *sample = learning->sample;
	struct text people[COLUMNS_SAMPLE_ROWS];
	size_t filled = 0, named = 0, different = 0;

	arena_reset(&learning->values);
	for (size_t i = 0; i < sample->count; i++) {
		struct text cell = cell_at(sample, i, column), who = TEXT_NONE;

		filled += cell.len > 0;
		if (cell.len > 0 && cell.len <= VALUE_BYTES_MAX)
			who = read(learning, cell);
		if (who.len == 0)
			continue;
		different += !is_among(people, named, who);
		people[named++] = who;
	}
	return named > 0 && named * 5 >= filled * 4 && different * 2 > named;
}

static bool is_profile(enum columns_target target)
{
	return target == COLUMNS_LINKEDIN_URL || target == COLUMNS_LINKEDIN_ID ||
	       target == COLUMNS_SALES_NAVIGATOR_ID || target == COLUMNS_SALES_NAVIGATOR_URL;
}

/* Of two columns, that one row after another they name different people: a referrer, say. */
static bool contradicts(struct learning *learning, size_t column, size_t other)
{
	const struct columns_sample *sample = learning->sample;
	size_t compared = 0, unlike = 0;

	arena_reset(&learning->values);
	for (size_t i = 0; i < sample->count; i++) {
		struct text cells[2] = {cell_at(sample, i, column), cell_at(sample, i, other)};

		if (!cells[0].len || !cells[1].len || cells[0].len > VALUE_BYTES_MAX ||
		    cells[1].len > VALUE_BYTES_MAX)
			continue;
		struct text who = read_profile(learning, cells[0], false);
		struct text also = read_profile(learning, cells[1], true);
		struct text member = TEXT("li:member:");

		/* A slug and a number cannot be compared. */
		if (!who.len || !also.len || text_starts(who, member) != text_starts(also, member))
			continue;
		compared++;
		unlike += !text_is(who, also);
	}
	return unlike * 5 > compared;
}

static bool contradicts_any(struct learning *learning, size_t column)
{
	const struct columns *columns = learning->columns;

	for (size_t i = 0; i < columns->count; i++) {
		if (is_profile(columns->columns[i].target) && contradicts(learning, column, i))
			return true;
	}
	return false;
}

/* The header speaks of somebody or something else than the lead. */
static bool is_of_another(struct text header)
{
	static const char *const others[] = {
		"company",  "organi",     "employer",  "account",   "owner",        "sender",
		"manager",  "assistant",  "recruiter", "referral",  "referrer",     "referredby",
		"invitedb", "assignedto", "createdby", "updatedby", "conversation", "search",
	};
	struct columns_key key;

	if (!columns_key_of(header, &key))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		if (memmem(key.bytes, key.len, others[i], strlen(others[i])))
			return true;
	}
	return false;
}

static bool may_be_profile(const struct columns_column *column)
{
	bool is_generic = column->target == COLUMNS_IGNORE || column->target == COLUMNS_METADATA ||
			  column->target == COLUMNS_COMPANY_WEBSITE ||
			  column->target == COLUMNS_PERSONAL_WEBSITE;

	return is_generic && !column->is_fixed && !is_of_another(column->header);
}

static bool may_be_email(const struct columns_column *column)
{
	return column->target == COLUMNS_IGNORE && !column->is_known && !column->is_fixed &&
	       !is_of_another(column->header);
}

static bool is_taken(const struct columns *columns, enum columns_target target)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (columns->columns[i].target == target)
			return true;
	}
	return false;
}

/* The next place for a profile; COLUMNS_IGNORE when there is none. */
static enum columns_target free_place(const struct columns *columns)
{
	if (!is_taken(columns, COLUMNS_LINKEDIN_URL))
		return COLUMNS_LINKEDIN_URL;
	return is_taken(columns, COLUMNS_LINKEDIN_ID) ? COLUMNS_IGNORE : COLUMNS_LINKEDIN_ID;
}

static enum err_code learn_profiles(struct learning *learning, struct err *err)
{
	struct columns *columns = learning->columns;

	for (size_t i = 0; i < columns->count; i++) {
		enum columns_target place = free_place(columns);

		if (place == COLUMNS_IGNORE)
			break;
		if (!may_be_profile(&columns->columns[i]) ||
		    !tells_people(learning, i, read_linkedin) || contradicts_any(learning, i))
			continue;
		if (columns_assign(learning->arena, columns, i, place, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

static enum err_code learn_email(struct learning *learning, struct err *err)
{
	struct columns *columns = learning->columns;

	for (size_t i = 0; i < columns->count; i++) {
		if (may_be_email(&columns->columns[i]) && tells_people(learning, i, read_email))
			return columns_assign(learning->arena, columns, i, COLUMNS_EMAIL, err);
	}
	return ERR_OK;
}

enum err_code columns_learn(struct arena *arena, struct columns *columns,
			    const struct columns_sample *sample, struct err *err)
{
	struct learning learning = {.arena = arena, .columns = columns, .sample = sample};
	enum err_code code = ERR_OK;

	arena_init(&learning.values, VALUES_BYTES_MAX);
	if (!sample->has_linkedin)
		code = learn_profiles(&learning, err);
	if (code == ERR_OK && !sample->has_email && !is_taken(columns, COLUMNS_EMAIL))
		code = learn_email(&learning, err);
	arena_release(&learning.values);
	if (code == ERR_OK && learning.failed)
		code = err_memory(err);
	return code;
}

/* Pages and words are not meant as a profile; a damaged one is, and the caller is told. */
static bool is_meant_as_profile(enum linkedin_kind kind)
{
	return kind != LINKEDIN_INVALID && kind != LINKEDIN_COMPANY && kind != LINKEDIN_SCHOOL &&
	       kind != LINKEDIN_SHOWCASE && kind != LINKEDIN_NON_PERSON;
}

enum err_code columns_learn_fits(struct arena *arena, enum columns_target target, struct text text,
				 bool *out_fits, struct err *err)
{
	struct linkedin linkedin;

	if (target == COLUMNS_EMAIL) {
		*out_fits = memchr(text.ptr, '@', text.len) != NULL;
		return ERR_OK;
	}
	if (linkedin_parse(arena, text, false, &linkedin, err) != ERR_OK)
		return err->code;
	*out_fits = is_meant_as_profile(linkedin.kind);
	return ERR_OK;
}
