/*
 * contacts_nouns: the things around contacts (lists, tags, stages, fields, notes, …) in the
 * contacts dialect. Each is a row of a table: which commands serve it, and how its members are
 * called on either side. The handlers here serve them all; struct route says which by `about`.
 *
 * Bodies may hold members that nobody here keeps; they are ignored, as clients expect of this
 * dialect. What a request must say is the command's to check.
 *
 * Holds    nothing.
 * Threads  the HTTP server's loop.
 * Fails    by answering, in the client's own names.
 */
#ifndef SURFACE_CONTACTS_NOUNS_H
#define SURFACE_CONTACTS_NOUNS_H

#include "json/writer.h"
#include "surface/contacts_error.h"
#include "surface/contacts_query.h"
#include "surface/visit.h"

#define CONTACTS_FIELDS_MAX 32 /* members of one noun */

/* How a member's value looks on the outside. */
enum contacts_form {
	CONTACTS_PLAIN,    /* as it is; null where there is none */
	CONTACTS_STAMP,    /* a time, with microseconds */
	CONTACTS_TEAM,     /* the number of the workspace */
	CONTACTS_NOBODY,   /* always null: keys have no owners */
	CONTACTS_EVENTS,   /* the first of an array of event names, in this dialect's words */
	CONTACTS_NUMBERED, /* a text of digits as a number, another one as it is */
	CONTACTS_TAGS,     /* tag ids; requests may also have names among them */
	CONTACTS_OPTIONAL, /* as it is; left out where there is none */
	CONTACTS_OK        /* "ok" where nothing is known */
};

/* In what a member stands. */
enum contacts_use {
	CONTACTS_SHOWN = 1,   /* answers */
	CONTACTS_MADE = 2,    /* requests to make one */
	CONTACTS_CHANGED = 4, /* requests to change one */
	CONTACTS_ALL = 7,
	CONTACTS_EMPTIED = 8 /* to make one with null is something else than to say nothing */
};

struct contacts_member {
	const char *shown;
	const char *inside;
	enum contacts_form form;
	unsigned use;
};

/* What a reference in a request to make one names, and which member says it. */
struct contacts_reference {
	enum err_code missing; /* e.g. ERR_LEAD_NOT_FOUND */
	const char *inside;    /* of the command's input */
};

struct contacts_noun {
	const char *one;  /* the member of an answer that it stands in: "tag"; NULL: the answer */
	const char *many; /* "tags" */
	const char *id;   /* the input member that names one: "tag_id" */
	/* Commands; NULL where there is none. */
	const char *list, *get, *make, *change, *remove;
	const char *fixed, *fixed_value; /* an input member that is always the same; NULL: none */
	const struct contacts_member *members;
	size_t count;
	const struct contacts_reference *references;
	size_t reference_count;
	const struct contacts_object *object; /* what lists can be filtered and ordered by */
	/* Writes the members that answers show, into an open object; NULL: by the table. */
	void (*write)(struct writer *writer, const struct visit *visit, struct text json);
	bool copies; /* what was made is told under "data", too */
	const char
		*nobody; /* what to say to ERR_IDENTIFIER_REQUIRED; NULL: what the command does */
};

void contacts_nouns_list(struct visit *visit);
void contacts_nouns_search(struct visit *visit); /* a list, asked for by a body */
void contacts_nouns_get(struct visit *visit);
void contacts_nouns_make(struct visit *visit);
void contacts_nouns_change(struct visit *visit); /* nothing said: nothing changed */
void contacts_nouns_remove(struct visit *visit);

void contacts_nouns_list_finish(struct visit *visit);
void contacts_nouns_finish(struct visit *visit);
void contacts_nouns_make_finish(struct visit *visit);
void contacts_nouns_remove_finish(struct visit *visit);

/* What `body` says of a noun, as input of its command; `use` chooses the members. */
MUST_USE enum err_code contacts_nouns_input(const struct contacts_noun *noun, const json_t *body,
					    enum contacts_use use, json_t **out, struct err *err);

/* One of them, from what its command answered: JSON text. */
void contacts_nouns_write(struct writer *writer, const struct visit *visit,
			  const struct contacts_noun *noun, struct text json);

/* Answer with the failure of visit->call, in the noun's names; `query` is NULL if none was read. */
void contacts_nouns_fail(struct visit *visit, const struct contacts_noun *noun,
			 const struct contacts_query *query);

/*
 * Run a command with `take_input`, or answer that there is no memory when that is NULL. The call
 * begins anew, so that a handler's finish may run the next command of a row.
 */
void contacts_nouns_run(struct visit *visit, const char *command, json_t *take_input);

/* Answer 200 with one of them, or with the failure; what a request names must be there. */
void contacts_nouns_answer(struct visit *visit, int status);

/* Member `name` with the time, or null, that the JSON text `json` is. */
void contacts_nouns_write_time(struct writer *writer, const char *name, struct text json);

/* Event names of webhooks, each dialect's. */
extern const struct contacts_name contacts_nouns_events[];
extern const size_t contacts_nouns_event_count;

#endif
