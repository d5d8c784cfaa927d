/*
 * field_find: definitions of custom fields, of leads and of companies. A field has a name, which
 * may change, and a key, which does not: its values are in `metadata` under the key.
 *
 * How to: field_find_named for a field that an input calls by its name, field_find_ensure where
 * an unknown name makes a definition, field_find_read by id. Values: metadata[field.key].
 *
 * Holds    nothing.
 * Threads  the connection's; field_find_ensure and field_find_make the writer's.
 * Fails    ERR_INVALID_INPUT when there are FIELD_FIND_MAX already, store errors.
 */
#ifndef COMMAND_FIELD_FIND_H
#define COMMAND_FIELD_FIND_H

#include "store/entries.h"

/* Most fields that leads, and that companies can have. */
#define FIELD_FIND_MAX 100
/* Most characters of a name. */
#define FIELD_FIND_NAME_MAX 200

/* Which field is meant. */
struct field_wanted {
	int64_t workspace;
	enum entry_scope scope; /* ENTRY_OF_LEADS or ENTRY_OF_COMPANIES */
	struct text name; /* without blanks at its ends, 1 to FIELD_FIND_NAME_MAX characters */
};

struct field_known {
	struct uuid id;
	enum entry_scope scope;
	struct text name; /* in the arena, like key; absent: there is no such field */
	struct text key;  /* of metadata */
};

/* out->name is absent when there is none. */
MUST_USE enum err_code field_find_named(struct db *db, struct arena *arena,
					const struct field_wanted *wanted, struct field_known *out,
					struct err *err);
MUST_USE enum err_code field_find_read(struct db *db, struct arena *arena, int64_t workspace,
				       struct uuid id, struct field_known *out, struct err *err);

/* Find the field, or make it. Calls txn_touch before it writes. */
MUST_USE enum err_code field_find_ensure(struct txn *txn, struct arena *arena,
					 const struct field_wanted *wanted, struct field_known *out,
					 struct err *err);

/*
 * Make the field, whose name is free; `order` is its place, -1 behind those there are. The key is
 * the name, or "name 2" where a renamed field has that key. Calls txn_touch.
 */
MUST_USE enum err_code field_find_make(struct txn *txn, struct arena *arena,
				       const struct field_wanted *wanted, int64_t order,
				       struct entry_row *out, struct err *err);

#endif
