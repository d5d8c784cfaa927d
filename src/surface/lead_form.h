/*
 * lead_form: a lead's record (command/lead_record.h), laid out for translation into a dialect.
 *
 * Holds    nothing; texts are borrowed from the record, or in the arena where they were escaped.
 * Threads  any.
 * Fails    ERR_INTERNAL for a text that is no record.
 */
#ifndef SURFACE_LEAD_FORM_H
#define SURFACE_LEAD_FORM_H

#include "base/err.h"
#include "json/writer.h"
#include "lead/fields.h"

struct lead_form {
	/* Plain texts; absent where the record has null or nothing. */
	struct text lead_id;
	struct text created_at;
	struct text updated_at;
	struct text status; /* the inside word */
	struct text list_id;
	struct text stage_id;
	struct text company_id;
	struct text import_id;
	struct text chatbot_id;
	struct text linkedin_url; /* "" where the lead has no profile */
	/* JSON */
	struct text version;
	struct text tag_ids;
	struct text values[FIELD_COUNT]; /* absent: unknown */
};

MUST_USE enum err_code lead_form_read(struct arena *arena, struct text record,
				      struct lead_form *out, struct err *err);

/* A field's text; absent where it is unknown or no text. */
struct text lead_form_text(struct arena *arena, const struct lead_form *form, enum field_id field);

#endif
