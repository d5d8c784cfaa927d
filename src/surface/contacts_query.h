/*
 * contacts_query: what a client of the contacts dialect asks a list for, made into the input of a
 * catalogue command: {query, where: [{field, op, value}], order, direction, limit, offset, cursor}.
 *
 * Read are the query string and, on POST, the body; either may say all of it:
 *
 *   limit, offset, after, order_field, order_type (or with a hyphen), q
 *   filter[key]=v   filter[key][]=v   filter[key][op]=v   filter[key][op][]=v   filter={json}
 *   {"filter": {"key": v, "key": [v, …], "key": {"op": v}}}
 *
 * op is = != <> < <= > >=. An array means any of its values (with != none of them). The texts
 * is_null and is_not_null, and null itself, ask whether there is a value at all. `q` is text
 * search, beside the filter or in it. What a key is called inside, and what kind of value it
 * takes, is the table of the object that is listed: a struct contacts_object, constant, one for
 * each noun. Numbers and times in a query string arrive as text and are converted by it.
 *
 * Holds    nothing; a struct contacts_query is the caller's, its texts live in the request's arena.
 * Threads  any; one at a time for each request.
 * Fails    ERR_INVALID_INPUT with the client's field ("filter.created_at") as err->pointer, for
 *          contacts_error_refuse: an unknown key, an op or a value that cannot be.
 */
#ifndef SURFACE_CONTACTS_QUERY_H
#define SURFACE_CONTACTS_QUERY_H

#include <jansson.h>

#include "http/request.h"
#include "surface/contacts_error.h"

#define CONTACTS_CONDITIONS_MAX 50
#define CONTACTS_OFFSET_MAX 100000

enum contacts_kind {
	CONTACTS_KEY_TEXT,
	CONTACTS_KEY_NUMBER,
	CONTACTS_KEY_TIME,  /* RFC 3339; also a date alone, or without a zone, which is UTC */
	CONTACTS_KEY_ORDER, /* nothing to filter by, only to order by */
};

struct contacts_key {
	const char *name;   /* what clients say */
	const char *inside; /* `field` of the command's where, and of its order */
	enum contacts_kind kind;
	bool sorts;                        /* order_field may name it */
	const struct contacts_name *words; /* values that have another name inside, or NULL; */
	size_t word_count; /* a value that is not among them is passed on as it is */
};

struct contacts_object {
	const struct contacts_key *keys;
	size_t count;
	bool has_lead_fields; /* the names of lead/fields.h for this dialect are keys, too */
	bool has_text;        /* `q` */
	bool has_cursor;      /* `after`: the command answers a next_cursor */
};

struct contacts_query {
	json_t *input; /* owned: contacts_query_release, or taken by the caller */
	int64_t limit;
	int64_t offset;
	struct text fields[CONTACTS_CONDITIONS_MAX]; /* "filter.key" of each item of where */
	size_t count;
};

/* Leads: what GET and POST of contacts can be filtered and ordered by. */
extern const struct contacts_object contacts_query_leads;

/*
 * Read all of it. `body` is the parsed body of a POST, or NULL. limit is 20 where nothing is
 * said, at most 100 on GET and 1,000 on POST.
 */
MUST_USE enum err_code contacts_query_read(const struct http_request *request, const json_t *body,
					   const struct contacts_object *object,
					   struct contacts_query *out, struct err *err);

/*
 * Only the conditions of `filter`, an object, into an input without limit and offset: for calls
 * that choose and do not list.
 */
MUST_USE enum err_code contacts_query_filter(const struct http_request *request,
					     const json_t *filter,
					     const struct contacts_object *object,
					     struct contacts_query *out, struct err *err);

/*
 * What the client calls the place that the command's pointer names: "filter.name" for
 * "/where/3/value", "after" for "/cursor"; absent for what the query did not make.
 */
struct text contacts_query_field(const struct contacts_query *query, struct text pointer);

/* Give the input back, when nobody took it. */
void contacts_query_release(struct contacts_query *query);

/*
 * The page {data, limit, offset, total, has_more} around `data`, a JSON array, from what the
 * command answered. Also the header X-Next-After where there is a next_cursor: `after` of the
 * page behind this one.
 */
void contacts_query_answer(struct visit *visit, const struct contacts_query *query,
			   struct text data);

#endif
