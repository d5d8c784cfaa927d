/*
 * entry_nouns: the nouns that are plain entries (store/entries.h): tags, stages, custom fields,
 * notes, activities, webhooks, chatbots. Each is one descriptor; command/entry_commands.h runs
 * the commands of all of them.
 *
 * An entry's document holds the noun's members in the order of its table, in canonical JSON; an
 * answer shows id, name, what it is about, those members, and its times.
 *
 * Holds    nothing; the descriptors are constant.
 * Threads  any.
 * Fails    store errors.
 */
#ifndef COMMAND_ENTRY_NOUNS_H
#define COMMAND_ENTRY_NOUNS_H

#include "command/listing.h"
#include "store/entries.h"

#define ENTRY_NOUNS_MEMBERS_MAX 20

enum entry_member_use {
	ENTRY_FIXED = 1, /* given when it is made, and never changed */
	ENTRY_MADE = 2,  /* not from an input: its value is `otherwise`, or made by the noun */
	ENTRY_HIDDEN = 4 /* stored, but not shown */
};

struct entry_member {
	const char *name;      /* in documents and answers */
	const char *input;     /* in inputs; NULL: the same */
	const char *otherwise; /* JSON, where nothing is given; NULL: the noun makes it */
	unsigned use;
};

struct entry_draft;

struct entry_noun {
	const char *name;   /* "tag"; also the commands' noun and the answer's member */
	const char *id_key; /* "tag_id" */
	enum err_code missing;
	bool is_named;    /* has a name of its own, see struct entry_row */
	bool has_scope;   /* the name is its own among those of its `object` */
	bool is_about;    /* it is about a lead or company: `object` and `object_id` */
	bool is_named_id; /* its name is shown as its id */
	bool never_changes;
	struct entry_member members[ENTRY_NOUNS_MEMBERS_MAX];
	size_t member_count;
	struct listing_noun listing; /* its `kind` says which entries these are */
	/* NULL, or: make what a new one has beyond its input. */
	enum err_code (*complete)(struct entry_draft *draft, struct err *err);
	/* NULL, or: check values and bring them into form; a new one's and a changed one's. */
	enum err_code (*check)(struct entry_draft *draft, struct err *err);
	/* NULL for entries_insert, or: store a new one. Calls txn_touch. */
	enum err_code (*insert)(struct entry_draft *draft, struct err *err);
	/* NULL, or: ERR_STATE_CONFLICT for one that must stay. */
	enum err_code (*release)(const struct entry_row *row, struct err *err);
};

/* An entry that is being made or changed. */
struct entry_draft {
	const struct entry_noun *noun;
	struct call *call;
	struct txn *txn;
	struct entry_row row;
	struct text values[ENTRY_NOUNS_MEMBERS_MAX]; /* canonical JSON, by the noun's members */
};

/* The noun of a command "tag.create"; NULL when it is none of these. */
const struct entry_noun *entry_nouns_of(struct text command_id);

/* The place of the member called `name` among the noun's; member_count when there is none. */
size_t entry_nouns_member(const struct entry_noun *noun, const char *name);

/* Read the values of a stored document. */
void entry_nouns_read(struct entry_draft *draft);

/* The document of the draft's values; absent without memory. */
struct text entry_nouns_doc(const struct entry_draft *draft);

/* An entry as answers show it. */
void entry_nouns_write(const struct entry_noun *noun, const struct entry_row *row,
		       struct writer *writer);

/* Its members without the braces around them. */
void entry_nouns_write_members(const struct entry_noun *noun, const struct entry_row *row,
			       struct writer *writer);

#endif
