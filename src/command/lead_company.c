#include "command/lead_company.h"

#include <stdlib.h>

#include "command/company_find.h"

#define SLOTS ((size_t)64 * 1024) /* a power of two */

static const enum field_id fields[] = {FIELD_COMPANY, FIELD_COMPANY_WEBSITE, FIELD_COMPANY_DOMAIN,
				       FIELD_COMPANY_LINKEDIN_URL, FIELD_COMPANY_LINKEDIN_ID};

enum err_code lead_company_memory_init(struct lead_company_memory *memory, struct err *err)
{
	memory->hashes = calloc(SLOTS, sizeof *memory->hashes);
	return memory->hashes ? ERR_OK : err_memory(err);
}

void lead_company_memory_forget(struct lead_company_memory *memory)
{
	memset(memory->hashes, 0, SLOTS * sizeof *memory->hashes);
}

void lead_company_memory_release(struct lead_company_memory *memory)
{
	free(memory->hashes);
	memory->hashes = NULL;
}

/* FNV-1a of all that names the company. */
static uint64_t hash_of(const struct record *record)
{
	uint64_t hash = 14695981039346656037u;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct text value = record->values[fields[i]];

		for (size_t k = 0; k < value.len; k++)
			hash = (hash ^ (unsigned char)value.ptr[k]) * 1099511628211u;
		hash = (hash ^ 0xFF) * 1099511628211u; /* in no UTF-8: where one value ends */
	}
	return hash ? hash : 1;
}

static bool is_known(const struct lead_company_memory *memory, uint64_t hash)
{
	size_t at = hash % SLOTS;

	return memory->hashes[at] == hash || memory->hashes[at ^ 1] == hash;
}

/* In one of two neighbours, so that two companies need not drive each other out. */
static void remember(const struct lead_company_memory *memory, uint64_t hash)
{
	size_t at = hash % SLOTS;

	if (memory->hashes[at] && !memory->hashes[at ^ 1])
		at ^= 1;
	memory->hashes[at] = hash;
}

enum err_code lead_company_store(struct lead_act *act, struct err *err)
{
	const struct lead_company_memory *memory = act->by->companies;
	const struct record *record = &act->out->record;
	bool is_changed = false;
	struct uuid company;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		is_changed = is_changed || act->diff.changed[fields[i]];
	/* What companies there are makes no difference to an import's dry run. */
	if (!is_changed || act->by->around)
		return ERR_OK;
	uint64_t hash = memory ? hash_of(record) : 0;

	if (memory && is_known(memory, hash))
		return ERR_OK;
	if (company_ensure(act->arena, act->txn, act->by->workspace, record, &company, err) !=
	    ERR_OK)
		return err->code;
	if (memory)
		remember(memory, hash);
	return ERR_OK;
}
