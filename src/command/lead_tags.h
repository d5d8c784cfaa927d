/*
 * lead_tags: the tags of a lead that is being written. Inputs name them by name or id, documents
 * hold ids; a name that no tag has yet makes one.
 *
 * Holds    a memory of names, where the writer brings one: an import asks for the same few
 *          thousands of times. Forget it whenever tags may have been made, renamed, deleted or
 *          undone by somebody else.
 * Threads  the writer.
 * Fails    ERR_TAG_NOT_FOUND, ERR_INVALID_INPUT, store errors.
 */
#ifndef COMMAND_LEAD_TAGS_H
#define COMMAND_LEAD_TAGS_H

#include "command/lead_act.h"

#define LEAD_TAGS_SLOTS 256

struct lead_tags_slot {
	struct text name; /* absent: free */
	struct uuid id;
};

struct lead_tags_memory {
	struct arena arena;
	struct lead_tags_slot slots[LEAD_TAGS_SLOTS];
};

void lead_tags_memory_init(struct lead_tags_memory *memory);
void lead_tags_memory_forget(struct lead_tags_memory *memory);
void lead_tags_memory_release(struct lead_tags_memory *memory);

/*
 * Before the input is applied: its tag names (or the plan's tag_ids) become the ids that the
 * document is to have. Of the record's own those go that are no more.
 */
MUST_USE enum err_code lead_tags_resolve(struct lead_act *act, struct record_input *input,
					 struct err *err);

/* After it was applied: the tags that the plan adds and takes away. */
MUST_USE enum err_code lead_tags_change(struct lead_act *act, struct err *err);

#endif
