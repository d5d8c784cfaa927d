/*
 * lead_plan: a write about one person, decoded and normalised, ready for lead_write.
 *
 * Holds    nothing; a plan lives in the arena of its call or import row.
 * Threads  any; made off the writer.
 * Fails    ERR_INVALID_INPUT with the JSON pointer of what is wrong, ERR_IDENTIFIER_REQUIRED,
 *          ERR_LEAD_NOT_FOUND for a lead_id that can be no lead's.
 */
#ifndef COMMAND_LEAD_PLAN_H
#define COMMAND_LEAD_PLAN_H

#include <jansson.h>

#include "base/uuid.h"
#include "command/reply.h"
#include "lead/record.h"
#include "lead/resolve.h"

enum lead_existing { LEAD_OVERWRITE, LEAD_FILL, LEAD_SKIP, LEAD_REFUSE };

/* What holds for every row of a batch or import, and for a single write. */
struct lead_control {
	enum resolve_policy policy;
	enum lead_existing existing;
	int64_t observed_ms; /* 0: now */
	bool dry_run;
	/* In the words of `dialect`, instead of the input's; absent: the input's, the runtime's. */
	struct text status;
	enum status_dialect dialect;
};

#define LEAD_WARNINGS_MAX 12

struct lead_plan {
	struct lead_control control;
	bool has_lead_id;
	struct uuid lead_id;
	/* Arrays of given_count in the plan's arena; an import keeps thousands of plans at once. */
	struct identifier *given; /* without the lead id; no key twice */
	struct identifier_key *keys;
	enum field_id *shown_as; /* field that shows it, or FIELD_COUNT */
	struct text *shown;      /* its canonical value there */
	size_t given_count;
	uint32_t member;        /* LinkedIn member number among them; 0: none */
	unsigned cleared;       /* lead.update: bits 1 << enum identifier_kind given as null */
	int64_t if_version;     /* lead.update and lead.delete: only at that version; 0: any */
	bool replaces_external; /* lead.update: external_ids was given as a whole */
	struct record_input input;
	bool has_list, has_mission, leaves_list, moves_home, has_list_if_new, has_stage;
	struct uuid list, mission, list_left;
	struct uuid home;        /* list in place of the lead's home list */
	struct uuid list_if_new; /* list of a new lead */
	struct uuid stage;       /* all zero: the stage New */
	struct text chatbot;     /* as a JSON string; absent: none */
	/* Of the input, or of an import's settings; NULL: not given. Borrowed. */
	const json_t *added_tags; /* names to add to those the lead has */
	const json_t *tag_ids;    /* in place of those it has */
	const json_t *added_tag_ids, *removed_tag_ids;
	struct text reason; /* source of the change in the history; absent: the lead's source */
	const json_t *custom_fields; /* name of the field → value, null removes */
	struct text warnings[LEAD_WARNINGS_MAX];
	size_t warning_count;
};

/* Read on_conflict, on_existing, observed_at, dry_run. `now_ms` bounds observed_at. */
MUST_USE enum err_code lead_plan_control(const json_t *input, int64_t now_ms,
					 struct lead_control *out, struct err *err);

/*
 * Make a plan of an upsert's input (checked against its schema already, or made from an import's
 * row). Member names are those of lead.upsert. At least one identifier that identifies.
 */
MUST_USE enum err_code lead_plan_upsert(struct arena *arena, const json_t *input,
					const struct lead_control *control, struct lead_plan *out,
					struct err *err);

/* The same for lead.update: lead_id is required, identifiers are optional and null frees them. */
MUST_USE enum err_code lead_plan_update(struct arena *arena, const json_t *input,
					const struct lead_control *control, struct lead_plan *out,
					struct err *err);

/* The same for lead.get: identifiers only. */
MUST_USE enum err_code lead_plan_lookup(struct arena *arena, const json_t *input,
					struct lead_plan *out, struct err *err);

#endif
