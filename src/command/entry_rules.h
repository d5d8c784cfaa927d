/*
 * entry_rules: what holds for one noun of command/entry_nouns.h alone. The functions are members
 * of the nouns' descriptors.
 *
 * Holds    nothing.
 * Threads  the writer.
 * Fails    ERR_INVALID_INPUT, ERR_STATE_CONFLICT, store errors.
 */
#ifndef COMMAND_ENTRY_RULES_H
#define COMMAND_ENTRY_RULES_H

#include "base/err.h"

struct entry_draft;
struct entry_row;

/* A stage without an order comes behind those there are. */
MUST_USE enum err_code entry_rules_place(struct entry_draft *draft, struct err *err);

/* Only stages of type custom can go. */
MUST_USE enum err_code entry_rules_release_stage(const struct entry_row *row, struct err *err);

/* A custom field's definition: see command/field_find.h. */
MUST_USE enum err_code entry_rules_insert_field(struct entry_draft *draft, struct err *err);

/* A note's author is the name of the key that made it; its text is more than blanks. */
MUST_USE enum err_code entry_rules_sign(struct entry_draft *draft, struct err *err);
MUST_USE enum err_code entry_rules_check_note(struct entry_draft *draft, struct err *err);

/* An activity's type is more than blanks, its payload not too large. */
MUST_USE enum err_code entry_rules_check_activity(struct entry_draft *draft, struct err *err);

/*
 * A new webhook's secret: "whsec_" and 43 random letters and digits. It is stored as it is, since
 * deliveries are signed with it; only the answer to webhook.create shows it.
 */
MUST_USE enum err_code entry_rules_make_secret(struct entry_draft *draft, struct err *err);

/* A webhook has an event, a name, and an http or https address with a host. */
MUST_USE enum err_code entry_rules_check_webhook(struct entry_draft *draft, struct err *err);

#endif
