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
