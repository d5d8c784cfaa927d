/*
 * company_doc: what is known about one company, as its entry's document has it.
 *
 * Values are canonical JSON, as a lead's are (lead/record.h). Domain, page and number are kept in
 * the forms of lead/company.h.
 *
 * Holds    nothing; a document's values are borrowed from the text it was read from.
 * Threads  any.
 * Fails    ERR_INVALID_INPUT for values that are no domain or page, or too large; ERR_INTERNAL for
 *          a stored document that is damaged; ERR_BUSY without memory.
 */
#ifndef COMMAND_COMPANY_DOC_H
#define COMMAND_COMPANY_DOC_H

#include <jansson.h>

#include "lead/company.h"
#include "store/entries.h"

/* In the order in which they are shown. */
enum company_field {
	COMPANY_NAME,
	COMPANY_DOMAIN,
	COMPANY_WEBSITE,
	COMPANY_LINKEDIN, /* the page's name */
	COMPANY_LN_ID,    /* and its number */
	COMPANY_PHONE,
	COMPANY_ADDRESS,
	COMPANY_LOGO,
	COMPANY_INDUSTRY,
	COMPANY_EMPLOYEES,
	COMPANY_ABOUT,
	COMPANY_STATUS,
	COMPANY_STAGE,    /* id */
	COMPANY_TAGS,     /* ids */
	COMPANY_METADATA, /* object */
	COMPANY_FIELD_COUNT
};

struct company_doc {
	struct text values[COMPANY_FIELD_COUNT]; /* absent: nothing known */
};

/* The member of documents, inputs and answers, e.g. "hq_raw_address". */
struct text company_doc_name(enum company_field field);

MUST_USE enum err_code company_doc_read(struct text doc, struct company_doc *out, struct err *err);
MUST_USE enum err_code company_doc_write(struct arena *arena, const struct company_doc *doc,
					 struct text *out, struct err *err);

/* The facts that keys are made of. */
MUST_USE enum err_code company_doc_facts(struct arena *arena, const struct company_doc *doc,
					 struct company_facts *out, struct err *err);

/*
 * New values of an input's members that are plain: an absent one leaves the value, JSON null
 * clears it, metadata is merged key by key. Not stage_id and tags, which name other things.
 */
MUST_USE enum err_code company_doc_apply(struct arena *arena, const json_t *input,
					 struct company_doc *doc, struct err *err);

/* Lay metadata `patch`, a canonical object, over what the document has. */
MUST_USE enum err_code company_doc_patch(struct arena *arena, struct company_doc *doc,
					 struct text patch, struct err *err);

bool company_doc_is(const struct company_doc *a, const struct company_doc *b);

/*
 * The company as answers show it; `entry` is its row. Tags and a stage that were deleted are left
 * out. Store errors.
 */
MUST_USE enum err_code company_doc_show(struct arena *arena, struct db *db,
					const struct entry_row *entry, struct writer *writer,
					struct err *err);

#endif
