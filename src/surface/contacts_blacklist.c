#include "surface/contacts_blacklist.h"

#include "json/scan.h"
#include "surface/contacts.h"

#define NOUN                                                                           \
	.one = "entry", .many = "entries", .id = "entry_id", .list = "blacklist.list", \
	.make = "blacklist.add", .remove = "blacklist.remove", .fixed = "object",      \
	.object = &object

static const struct contacts_key keys[] = {
	{.name = "uuid", .inside = "id"},
	{.name = "created_at", .inside = "created_at", .kind = CONTACTS_KEY_TIME, .sorts = true},
};
static const struct contacts_object object = {.keys = keys,
					      .count = ARRAY_LEN(keys),
					      .has_text = true};

static const struct contacts_member lead_members[] = {
	{"linkedin", "linkedin_url", CONTACTS_PLAIN, CONTACTS_MADE},
	{"linkedin_id", "linkedin_id", CONTACTS_PLAIN, CONTACTS_MADE},
	{"ln_id", "linkedin_id", CONTACTS_PLAIN, CONTACTS_MADE},
	{"sn_id", "sales_navigator_id", CONTACTS_PLAIN, CONTACTS_MADE},
	{"email", "email", CONTACTS_PLAIN, CONTACTS_MADE},
	{"work_email", "email", CONTACTS_PLAIN, CONTACTS_MADE},
	{"personal_email", "personal_email", CONTACTS_PLAIN, CONTACTS_MADE},
};

/* The value of the first identifier of one of these kinds, as JSON text; or null. */
static void write_identifier(struct writer *writer, const char *name, struct text identifiers,
			     const char *const kinds[2])
{
	struct scan scan = scan_of(identifiers);
	struct text key, item;

	while (scan_next(&scan, &key, &item)) {
		struct text kind = scan_member(item, TEXT("kind"));

		for (size_t i = 0; i < 2; i++) {
			struct text word = text_of(kinds[i]);

			/* Between its quotes. */
			if (kind.len != word.len + 2 || memcmp(kind.ptr + 1, word.ptr, word.len))
				continue;
			writer_member_raw(writer, name, scan_member(item, TEXT("value")));
			return;
		}
	}
	contacts_write_text(writer, name, TEXT_NONE);
}

static void write_lead(struct writer *writer, const struct visit *visit, struct text entry)
{
	static const struct {
		const char *name;
		const char *const kinds[2];
	} rows[] = {
		{"linkedin", {"linkedin_url", ""}},
		{"ln_id", {"linkedin_id", "linkedin_member"}},
		{"email", {"email", "personal_email"}},
	};
	struct text identifiers = scan_member(entry, TEXT("identifiers"));
	struct text created = scan_member(entry, TEXT("created_at"));

	writer_member_raw(writer, "uuid", scan_member(entry, TEXT("id")));
	writer_member_int(writer, "team_id", visit->caller.workspace);
	contacts_write_text(writer, "user_id", TEXT_NONE);
	contacts_write_text(writer, "name", TEXT_NONE);
	contacts_write_text(writer, "company_name", TEXT_NONE);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		write_identifier(writer, rows[i].name, identifiers, rows[i].kinds);
	contacts_nouns_write_time(writer, "created_at", created);
	contacts_nouns_write_time(writer, "updated_at", created);
}

const struct contacts_noun contacts_blacklist_lead = {
	NOUN,
	.fixed_value = "lead",
	.members = lead_members,
	.count = ARRAY_LEN(lead_members),
	.write = write_lead,
	.nobody = "This names nobody. Send a real one of linkedin, linkedin_id, ln_id, sn_id, "
		  "email or personal_email.",
};

static const struct contacts_member company_members[] = {
	{"uuid", "id", CONTACTS_PLAIN, CONTACTS_SHOWN},
	{"team_id", NULL, CONTACTS_TEAM, CONTACTS_SHOWN},
	{"user_id", NULL, CONTACTS_NOBODY, CONTACTS_SHOWN},
	{"name", "name", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"domain", "domain", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"linkedin", "linkedin", CONTACTS_PLAIN, CONTACTS_SHOWN | CONTACTS_MADE},
	{"ln_id", "ln_id", CONTACTS_NUMBERED, CONTACTS_SHOWN | CONTACTS_MADE},
	{"created_at", "created_at", CONTACTS_STAMP, CONTACTS_SHOWN},
	{"updated_at", "created_at", CONTACTS_STAMP, CONTACTS_SHOWN},
};

const struct contacts_noun contacts_blacklist_company = {
	NOUN,
	.fixed_value = "company",
	.members = company_members,
	.count = ARRAY_LEN(company_members),
};
