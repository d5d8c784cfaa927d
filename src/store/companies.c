#include "store/companies.h"

enum err_code companies_owner(struct db *db, int64_t workspace, const struct company_keys *keys,
			      struct uuid *out, struct err *err)
{
	static const struct uuid none;
	struct uuid owner = none;

	for (size_t i = 0; i < keys->count && memcmp(&owner, &none, sizeof owner) == 0; i++) {
		if (entries_owner(db, workspace, ENTRY_COMPANY, &keys->items[i].hash, &owner,
				  err) != ERR_OK)
			return err->code;
	}
	*out = owner;
	return ERR_OK;
}

enum err_code companies_keys(struct db *db, struct arena *arena, int64_t workspace, struct uuid id,
			     struct companies_claimed *out, struct err *err)
{
	struct db_row *row = db_query(db, QUERY_ENTRY_KEYS_OF);
	struct identifier_key key;
	bool found = true;
	struct buf keys;

	buf_init_arena(&keys, arena, (size_t)1024 * 1024);
	db_bind_int(row, 1, workspace);
	db_bind_int(row, 2, ENTRY_COMPANY);
	db_bind_uuid(row, 3, id);
	while (found) {
		if (db_step(row, &found, err) != ERR_OK)
			return err->code;
		if (found && db_text(row, 0).len == sizeof key.bytes)
			buf_add(&keys, db_text(row, 0));
	}
	db_end(row);
	if (keys.failed)
		return err_memory(err);
	out->keys = (const struct identifier_key *)(const void *)keys.ptr;
	out->count = keys.len / sizeof key.bytes;
	return ERR_OK;
}
