/*
 * entry_list: a list command's answer over the entries of one kind: those that `query` and
 * `where` let through, in the `order` and `direction` asked for, from `offset` on, at most
 * `limit`; with how many there are in all.
 *
 * Newest or oldest first costs what the page costs. A query, a condition or another order looks
 * at every entry of the kind.
 *
 * Holds    nothing.
 * Threads  a reading connection's.
 * Fails    ERR_INVALID_INPUT with the pointer of the member that is wrong, store errors.
 */
#ifndef COMMAND_ENTRY_LIST_H
#define COMMAND_ENTRY_LIST_H

#include "command/command.h"
#include "command/where.h"
#include "store/entries.h"

/* One entry that is looked at. */
struct entry_seen {
	struct arena *arena; /* until the next page of them */
	struct db *db;
	const struct entry_row *entry;
	void *state; /* listing->state */
};

struct entry_listing {
	enum entry_kind kind;
	struct uuid about; /* only those about this; all zero: all */
	const char *noun;  /* member of the answer: "companies" */
	/* By these it can be asked and sorted; ends with a NULL name. */
	const struct where_field *fields;
	/* The value of one of them: texts in normal form (where_fold), in seen->arena. */
	enum err_code (*value)(const struct entry_seen *seen, size_t field, struct where_value *out,
			       struct err *err);
	/* Where a query's words are looked for; NULL: there is no query. */
	enum err_code (*words)(const struct entry_seen *seen, struct text *out, struct err *err);
	enum err_code (*show)(const struct entry_seen *seen, struct writer *writer,
			      struct err *err);
	void *state;
};

/*
 * Write the answer of `call`, whose input has been held against its schema: {NOUN: […], "total",
 * "limit", "offset", "has_more"}. created_at and updated_at are always known as fields.
 */
MUST_USE enum err_code entry_list_run(struct call *call, struct txn *txn,
				      const struct entry_listing *listing, struct err *err);

/* {"NOUN": …} of one entry, through listing->show. */
MUST_USE enum err_code entry_list_answer(struct call *call, struct txn *txn, const char *noun,
					 const struct entry_listing *listing,
					 const struct entry_row *entry, struct err *err);

/* A canonical JSON string (or absent) as the one value of a field. */
MUST_USE enum err_code entry_list_text(const struct entry_seen *seen, struct text json,
				       struct where_value *out, struct err *err);

#endif
