#include "command/company_find.h"

#include "command/company_doc.h"
#include "json/scan.h"

static const struct uuid none;

enum err_code company_find(struct arena *arena, struct db *db, int64_t workspace,
			   const struct record *record, struct uuid *out, struct err *err)
{
	struct company_keys keys;

	if (company_keys_of_record(arena, record, &keys, err) != ERR_OK)
		return err->code;
	return companies_owner(db, workspace, &keys, out, err);
}

/* Both are known and differ, and are of one form: a page's name and its number cannot differ. */
static bool contradicts(const struct company_key *a, const struct company_key *b)
{
	return a->kind == b->kind && a->kind != COMPANY_BY_NAME && !text_is(a->value, b->value) &&
	       (a->kind == COMPANY_BY_DOMAIN ||
		company_page_is_number(a->value) == company_page_is_number(b->value));
}

/* Whether the company has another domain or page than `keys` say. */
static enum err_code is_other(struct arena *arena, const struct company_doc *doc,
			      const struct company_keys *keys, bool *out, struct err *err)
{
	struct company_facts facts;
	struct company_keys own;

	if (company_doc_facts(arena, doc, &facts, err) != ERR_OK ||
	    company_keys_of(arena, &facts, &own, err) != ERR_OK)
		return err->code;
	*out = false;
	for (size_t i = 0; i < keys->count; i++) {
		for (size_t k = 0; k < own.count; k++)
			*out = *out || contradicts(&keys->items[i], &own.items[k]);
	}
	return ERR_OK;
}

/* Who has the keys: the owner of the strongest, and which have no owner. */
static enum err_code find_owner(struct db *db, int64_t workspace, const struct company_keys *keys,
				struct company_match *match, struct err *err)
{
	for (size_t i = 0; i < keys->count; i++) {
		struct uuid owner;

		if (entries_owner(db, workspace, ENTRY_COMPANY, &keys->items[i].hash, &owner,
				  err) != ERR_OK)
			return err->code;
		if (uuid_is(owner, none)) {
			match->unclaimed |= 1u << i;
		} else if (uuid_is(match->entry.id, none)) {
			match->entry.id = owner;
			match->by = keys->items[i].kind;
		}
	}
	return ERR_OK;
}

enum err_code company_match(struct arena *arena, struct db *db, int64_t workspace,
			    const struct company_keys *keys, struct company_match *out,
			    struct err *err)
{
	struct company_match match = {.entry = {.workspace = workspace}};
	bool other = false;

	if (find_owner(db, workspace, keys, &match, err) != ERR_OK)
		return err->code;
	/* Everything that is given is known: by far the most common, and nothing to read. */
	if (uuid_is(match.entry.id, none) || match.unclaimed == 0) {
		*out = match;
		return ERR_OK;
	}
	if (company_read(arena, db, workspace, &match, err) != ERR_OK ||
	    (match.by == COMPANY_BY_NAME &&
	     is_other(arena, &match.doc, keys, &other, err) != ERR_OK))
		return err->code;
	if (other)
		match = (struct company_match){.entry = {.workspace = workspace},
					       .unclaimed = match.unclaimed};
	*out = match;
	return ERR_OK;
}

enum err_code company_read(struct arena *arena, struct db *db, int64_t workspace,
			   struct company_match *match, struct err *err)
{
	struct entry_row entry;

	if (entries_read(db, arena, (struct entry_ref){workspace, ENTRY_COMPANY, match->entry.id},
			 &entry, err) != ERR_OK)
		return err->code;
	if (!entry.doc.ptr)
		return err_internal(err, "a company's key belongs to none");
	match->entry = entry;
	return company_doc_read(entry.doc, &match->doc, err);
}

static enum err_code quote(struct arena *arena, struct text text, struct text *out, struct err *err)
{
	struct buf buf;
	struct writer writer = writer_on(&buf);

	buf_init_arena(&buf, arena, 64 * 1024);
	writer_text(&writer, text);
	*out = buf_text(&buf);
	return out->ptr ? ERR_OK : err_memory(err);
}

/* What the record says beside the keys, where the company has nothing yet. */
static void learn_values(const struct record *record, struct company_doc *doc)
{
	static const struct {
		enum company_field to;
		enum field_id from;
	} pairs[] = {
		{COMPANY_NAME, FIELD_COMPANY},           {COMPANY_WEBSITE, FIELD_COMPANY_WEBSITE},
		{COMPANY_LOGO, FIELD_COMPANY_LOGO_URL},  {COMPANY_INDUSTRY, FIELD_COMPANY_INDUSTRY},
		{COMPANY_EMPLOYEES, FIELD_COMPANY_SIZE},
	};

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		if (!doc->values[pairs[i].to].ptr)
			doc->values[pairs[i].to] = record->values[pairs[i].from];
	}
}

/* Where a document has the value of a key that is no name. */
static enum company_field field_of(const struct company_key *key)
{
	if (key->kind == COMPANY_BY_DOMAIN)
		return COMPANY_DOMAIN;
	return company_page_is_number(key->value) ? COMPANY_LN_ID : COMPANY_LINKEDIN;
}

/* The key that is a name, or NULL. */
static const struct company_key *name_of(const struct company_keys *keys)
{
	const struct company_key *last = keys->count ? &keys->items[keys->count - 1] : NULL;

	return last && last->kind == COMPANY_BY_NAME ? last : NULL;
}

static enum err_code learn(struct arena *arena, const struct record *record,
			   const struct company_keys *keys, struct company_doc *doc,
			   struct err *err)
{
	for (size_t i = 0; i < keys->count; i++) {
		const struct company_key *key = &keys->items[i];
		enum company_field field = field_of(key);

		if (key->kind != COMPANY_BY_NAME && !doc->values[field].ptr &&
		    quote(arena, key->value, &doc->values[field], err) != ERR_OK)
			return err->code;
	}
	/* Where a company was known by its domain alone, that stands for its name. */
	if (name_of(keys) && text_is(doc->values[COMPANY_NAME], doc->values[COMPANY_DOMAIN]))
		doc->values[COMPANY_NAME] = TEXT_NONE;
	bool nameless = !doc->values[COMPANY_NAME].ptr;

	learn_values(record, doc);
	if (nameless && !name_of(keys))
		return quote(arena, keys->items[0].value, &doc->values[COMPANY_NAME], err);
	return ERR_OK;
}

static enum err_code make(struct arena *arena, struct txn *txn, struct company_match *match,
			  struct err *err)
{
	struct entry_row entry = match->entry;

	entry.kind = ENTRY_COMPANY;
	entry.id = uuid_make(&txn->ids);
	entry.created_ms = entry.updated_ms = txn->now_ms;
	if (company_doc_write(arena, &match->doc, &entry.doc, err) != ERR_OK ||
	    entries_insert(txn, &entry, err) != ERR_OK)
		return err->code;
	match->entry = entry;
	return ERR_OK;
}

static enum err_code update(struct arena *arena, struct txn *txn, struct company_match *match,
			    struct err *err)
{
	struct entry_row entry = match->entry;
	struct company_doc old;

	if (company_doc_read(entry.doc, &old, err) != ERR_OK)
		return err->code;
	if (company_doc_is(&old, &match->doc))
		return ERR_OK;
	entry.updated_ms = txn->now_ms;
	if (company_doc_write(arena, &match->doc, &entry.doc, err) != ERR_OK ||
	    entries_update(txn, &entry, err) != ERR_OK)
		return err->code;
	match->entry = entry;
	return ERR_OK;
}

/*
 * A name is only a company's own one: a lead with a wrong employer beside the right domain must
 * not give the employer's name to the domain's company.
 */
static enum err_code is_claimable(struct arena *arena, const struct company_doc *doc,
				  const struct company_key *key, bool *out, struct err *err)
{
	struct text own = doc->values[COMPANY_NAME];

	*out = key->kind != COMPANY_BY_NAME;
	if (*out || !own.ptr)
		return ERR_OK;
	own = scan_string(arena, own);
	if (!own.ptr)
		return err_memory(err);
	if (company_folded_name(arena, own, &own, err) != ERR_OK)
		return err->code;
	*out = own.ptr && text_is(own, key->value);
	return ERR_OK;
}

enum err_code company_store(struct arena *arena, struct txn *txn, const struct company_keys *keys,
			    struct company_match *match, struct err *err)
{
	enum err_code code = match->entry.doc.ptr ? update(arena, txn, match, err)
						  : make(arena, txn, match, err);

	for (size_t i = 0; code == ERR_OK && i < keys->count; i++) {
		bool claimable;

		if (!(match->unclaimed & 1u << i))
			continue;
		code = is_claimable(arena, &match->doc, &keys->items[i], &claimable, err);
		if (code == ERR_OK && claimable)
			code = entries_claim(txn, &match->entry, &keys->items[i].hash, err);
	}
	return code;
}

enum err_code company_ensure(struct arena *arena, struct txn *txn, int64_t workspace,
			     const struct record *record, struct uuid *out, struct err *err)
{
	struct company_keys keys;
	struct company_match match;

	if (company_keys_of_record(arena, record, &keys, err) != ERR_OK ||
	    company_match(arena, txn->db, workspace, &keys, &match, err) != ERR_OK)
		return err->code;
	if (keys.count == 0 || match.unclaimed == 0) {
		*out = match.entry.id;
		return ERR_OK;
	}
	if (txn_touch(txn, err) != ERR_OK ||
	    learn(arena, record, &keys, &match.doc, err) != ERR_OK ||
	    company_store(arena, txn, &keys, &match, err) != ERR_OK)
		return err->code;
	*out = match.entry.id;
	return ERR_OK;
}
