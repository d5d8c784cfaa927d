/*
 * command: what a surface asks for and what it gets back, in no dialect.
 *
 * Holds    nothing; a call lives with the request that made it.
 * Threads  a call belongs to the surface's thread until dispatch_start, then to the engine's
 *          until `finished`, then to the surface's again.
 * Fails    reported in call->job.err with the details in call->reply.
 */
#ifndef COMMAND_COMMAND_H
#define COMMAND_COMMAND_H

#include <jansson.h>

#include "command/reply.h"
#include "engine/engine.h"
#include "json/schema.h"
#include "lead/status.h"
#include "store/changes.h"

struct desk; /* command/dispatch.h: the catalogue and the engine behind it */

enum command_risk { COMMAND_READ, COMMAND_MUTATE, COMMAND_APPROVAL };

/* How much of a lead an answer shows. */
enum command_profile {
	COMMAND_FULL,    /* the command runtime's Lead */
	COMMAND_COMPACT, /* the same without long texts and arrays */
	COMMAND_RECORD   /* everything known, by inside names: see lead_record.h */
};

/* "full", "compact", "record"; false for another word. */
MUST_USE bool command_profile_parse(struct text word, enum command_profile *out);
struct text command_profile_name(enum command_profile profile);

/* Who asks. Lives as long as the call. */
struct caller {
	int64_t workspace;
	struct uuid workspace_id;
	int64_t actor;          /* key number; 0: the program on this machine */
	struct text name;       /* the key's name, for people */
	struct text scopes;     /* blank-separated, see command/access.h */
	enum change_via via;
};

struct command;

struct call {
	struct engine_job job; /* first: the engine hands this back */
	struct desk *desk;
	const struct command *command;
	struct arena *arena; /* everything the call needs; the surface's */
	struct caller caller;
	json_t *input; /* owned by the surface, an object; handlers only read it */
	enum command_profile profile;
	enum status_dialect dialect; /* whose word `status` is */
	struct text status; /* of a lead, in the words of another dialect; absent: in the input */
	struct text idempotency_key; /* absent: none */
	int64_t if_version;          /* from If-Match; 0: none */
	struct text content;         /* hash of what came beside the input (a file); or absent */
	struct text hash;            /* of command, input and content, hexadecimal; by dispatch */
	int64_t import_no;           /* the import that this write belongs to; 0: none */
	void *plan;                  /* the handler's, from prepare to execute, in the arena */
	struct reply reply;
	void (*finished)(struct call *call); /* on an engine thread; must be quick */
	void *surface;                       /* the surface's own */
};

enum command_lane {
	COMMAND_WRITES,     /* on the writer */
	COMMAND_READS,      /* on a reader; may take a while */
	COMMAND_READS_HERE, /* a few rows by key: at once, on the calling thread */
	COMMAND_LONG        /* on a thread for long work; it writes in slices on the writer */
};

/* The C side of a command; the other half is its file in catalogue/commands/. */
struct command_handler {
	const char *id;
	enum command_lane lane;
	/* Decode and normalise call->input into call->plan. No I/O. NULL: nothing to prepare. */
	enum err_code (*prepare)(struct call *call, struct err *err);
	/* Do it, and fill call->reply. On failure everything written is undone. */
	enum err_code (*execute)(struct call *call, struct txn *txn, struct err *err);
};

struct command {
	struct text id;
	enum command_risk risk;
	struct text meta;   /* JSON: what the catalogue's list shows */
	struct text whole;  /* JSON: meta and the three schemas */
	struct schema *input;
	struct schema *output;
	const struct command_handler *handler;
	size_t index; /* place in the catalogue */
};

/* Members of an input that was checked against its schema; absent, 0 or NULL when missing. */
struct text command_text(const json_t *input, const char *key);
int64_t command_int(const json_t *input, const char *key, int64_t otherwise);
bool command_flag(const json_t *input, const char *key);

/*
 * A required id in the input. `missing` is the error for text that is no id (it can name nothing
 * that exists), e.g. ERR_LIST_NOT_FOUND.
 */
MUST_USE enum err_code command_id(const json_t *input, const char *key, enum err_code missing,
				  struct uuid *out, struct err *err);

/* ERR_LEAD_NOT_FOUND and its like: "There is no list 0192… in this workspace. …" */
enum err_code command_not_found(enum err_code code, struct text id, struct err *err);

/*
 * Cursors are opaque to callers: a number, written with a letter that says of which command.
 * command_cursor reads member "cursor" (0 when missing).
 */
MUST_USE enum err_code command_cursor(const json_t *input, char letter, int64_t *out,
				      struct err *err);
struct text command_cursor_text(struct arena *arena, char letter, int64_t value);

/* The same where a page begins below an id; all zero when "cursor" is missing. */
MUST_USE enum err_code command_cursor_id(const json_t *input, char letter, struct uuid *out,
					 struct err *err);
struct text command_cursor_id_text(struct arena *arena, char letter, struct uuid id);

/*
 * Member "name" without blanks at its ends; absent when missing. ERR_INVALID_INPUT when nothing
 * else is in it.
 */
MUST_USE enum err_code command_name(const json_t *input, struct text *out, struct err *err);

/* ERR_STATE_CONFLICT: `noun` `owner` has that name. */
enum err_code command_name_taken(const char *noun, struct uuid owner, struct err *err);

#endif
