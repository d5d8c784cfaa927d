#include "command/blacklist_check.h"

#include "command/company_find.h"
#include "json/scan.h"

static const struct uuid none;

/* One check under way. */
struct check {
	struct arena *arena;
	struct db *db;
	int64_t workspace;
};

/* Refuse when `key`, which `shown` tells people about, is on the list. */
static enum err_code check_key(const struct check *check, const struct identifier_key *key,
			       struct text shown, const char *pointer, struct err *err)
{
	struct uuid entry;
	char id[UUID_TEXT_LEN + 1];

	if (entries_owner(check->db, check->workspace, ENTRY_BLACKLIST, key, &entry, err) != ERR_OK)
		return err->code;
	if (uuid_is(entry, none))
		return ERR_OK;
	uuid_format(entry, id);
	return err_set(err, ERR_BLACKLISTED, pointer,
		       "%.*s is on the blacklist, so nothing was written. blacklist.remove with "
		       "entry_id %s takes it off.",
		       (int)(shown.len < 120 ? shown.len : 120), shown.ptr, id);
}

/* A domain and those above it: who bars acme.com bars eu.acme.com. */
static enum err_code check_domain(const struct check *check, struct text domain,
				  const char *pointer, struct err *err)
{
	struct text rest = domain, above;

	while (text_split(rest, '.', &above), above.ptr) {
		struct identifier_key key = company_key_hash(COMPANY_BY_DOMAIN, rest);

		if (check_key(check, &key, domain, pointer, err) != ERR_OK)
			return err->code;
		rest = above;
	}
	return ERR_OK;
}

/* An identifier, and of an address its domain. */
static enum err_code check_identifier(const struct check *check,
				      const struct identifier *identifier,
				      const struct identifier_key *key, struct err *err)
{
	const char *pointer = identifier->pointer ? identifier->pointer : "";
	struct text value = identifier->value, domain;

	if (check_key(check, key, value, pointer, err) != ERR_OK)
		return err->code;
	if (identifier_space_of(identifier->kind) != IDENTIFIER_BY_EMAIL)
		return ERR_OK;
	while (text_split(value, '@', &domain), domain.ptr)
		value = domain;
	return check_domain(check, value, pointer, err);
}

static enum err_code check_identifiers(const struct check *check, const struct lead_plan *plan,
				       const struct record *found, struct err *err)
{
	for (size_t i = 0; i < plan->given_count; i++) {
		if (check_identifier(check, &plan->given[i], &plan->keys[i], err) != ERR_OK)
			return err->code;
	}
	for (size_t i = 0; found && i < found->held_count; i++) {
		const struct identifier *held = &found->held[i];
		struct identifier_key key =
			identifier_key_of(identifier_space_of(held->kind), held->value);

		if (check_identifier(check, held, &key, err) != ERR_OK)
			return err->code;
	}
	return ERR_OK;
}

/* What the lead's record would say about its company after the write. */
static void company_after(const struct lead_plan *plan, const struct record *found,
			  struct record *out)
{
	static const enum field_id fields[] = {FIELD_COMPANY, FIELD_COMPANY_DOMAIN,
					       FIELD_COMPANY_WEBSITE, FIELD_COMPANY_LINKEDIN_URL,
					       FIELD_COMPANY_LINKEDIN_ID};

	record_init(out);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct text now = found ? found->values[fields[i]] : TEXT_NONE;
		struct text next = plan->input.values[fields[i]];
		bool kept = !next.ptr || (now.ptr && plan->input.mode == RECORD_FILL);

		next = kept ? now : next;
		out->values[fields[i]] = text_is(next, TEXT("null")) ? TEXT_NONE : next;
	}
}

enum err_code blacklist_check_company(struct arena *arena, struct db *db, int64_t workspace,
				      const struct company_keys *keys, struct err *err)
{
	const struct check check = {arena, db, workspace};
	static const char *const pointers[] = {[COMPANY_BY_DOMAIN] = "/company_domain",
					       [COMPANY_BY_LINKEDIN] = "/company_linkedin_url",
					       [COMPANY_BY_NAME] = "/company"};

	for (size_t i = 0; i < keys->count; i++) {
		const struct company_key *key = &keys->items[i];
		const char *pointer = pointers[key->kind];
		enum err_code code =
			key->kind == COMPANY_BY_DOMAIN
				? check_domain(&check, key->value, pointer, err)
				: check_key(&check, &key->hash, key->value, pointer, err);

		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

/* The company that has the keys may be barred under another of its own. */
static enum err_code check_known(const struct check *check, const struct company_keys *keys,
				 struct err *err)
{
	struct company_match match = {.unclaimed = 0};
	struct company_facts facts;
	struct company_keys own;

	if (companies_owner(check->db, check->workspace, keys, &match.entry.id, err) != ERR_OK)
		return err->code;
	if (uuid_is(match.entry.id, none))
		return ERR_OK;
	if (company_read(check->arena, check->db, check->workspace, &match, err) != ERR_OK ||
	    company_doc_facts(check->arena, &match.doc, &facts, err) != ERR_OK ||
	    company_keys_of(check->arena, &facts, &own, err) != ERR_OK)
		return err->code;
	return blacklist_check_company(check->arena, check->db, check->workspace, &own, err);
}

enum err_code blacklist_check(struct arena *arena, struct db *db, int64_t workspace,
			      const struct lead_plan *plan, const struct record *found,
			      struct err *err)
{
	const struct check check = {arena, db, workspace};
	const struct entries_walk all = {.workspace = workspace, .kind = ENTRY_BLACKLIST};
	struct company_keys keys;
	struct record record;
	int64_t count;

	if (entries_count(db, &all, &count, err) != ERR_OK)
		return err->code;
	if (count == 0)
		return ERR_OK;
	company_after(plan, found, &record);
	if (check_identifiers(&check, plan, found, err) != ERR_OK ||
	    company_keys_of_record(arena, &record, &keys, err) != ERR_OK ||
	    blacklist_check_company(arena, db, workspace, &keys, err) != ERR_OK)
		return err->code;
	return check_known(&check, &keys, err);
}
