/*
 * leads_input: what a request of the leads dialect brings, and what must be looked up to
 * understand it: its chatbot, and the lead as it is now.
 *
 * Holds    per request the JSON it brought, until leads_input_done.
 * Threads  the HTTP server's loop; look-ups are a few rows by key.
 * Fails    by answering; functions that are bool say false then.
 */
#ifndef SURFACE_LEADS_INPUT_H
#define SURFACE_LEADS_INPUT_H

#include "surface/leads_error.h"
#include "surface/lead_form.h"

#define LEADS_NAMES_MAX 8
#define LEADS_STATUS_MESSAGE \
	"Status must be one of: new, contacted, qualified, converted, lost, follow_up"

/* What struct route says by `about`: whether the path names a chatbot first. */
extern const char leads_of_chatbot[];

struct leads_input {
	json_t *members; /* the body, or the query's parameters as texts. An object; owned */
	struct leads_sent sent;
	struct leads_name names[LEADS_NAMES_MAX];
	struct text chatbot; /* of the path; absent: none */
	struct text id;      /* of the lead or webhook in the path; absent: none */
	int64_t page, limit;
};

/* In `handle`, first. NULL: it has answered. visit->own is the same. */
struct leads_input *leads_input_begin(struct visit *visit);

/* Read the body, which must be an object. */
MUST_USE bool leads_input_body(struct visit *visit);

/* Read the query, which may hold the `count` parameters `known`, each once. */
MUST_USE bool leads_input_query(struct visit *visit, const char *const *known, size_t count);

/* A parameter that leads_input_query read; absent when it is not there or empty. */
struct text leads_input_text(const struct leads_input *input, const char *name);

/* What a command answers that does so at once; it is asked with the right to look things up. */
MUST_USE enum err_code leads_input_ask(struct visit *visit, const char *command, json_t *take_input,
				       struct text *out_data, struct err *err);

/* The path's chatbot, if it names one, has been heard of. */
MUST_USE bool leads_input_has_chatbot(struct visit *visit);

/* Whether the lead is the path's chatbot's, or the path names none. */
bool leads_input_is_of_chatbot(const struct visit *visit, const struct lead_form *lead);

/*
 * The path's lead as it is now; all absent when there is none, which is not answered. Another
 * chatbot's is: it is not there.
 */
MUST_USE bool leads_input_lead(struct visit *visit, struct lead_form *out);

/* Answer that the path's lead is not there. */
void leads_input_no_lead(struct visit *visit);

/* Refuse `field` of what was sent. */
void leads_input_refuse(struct visit *visit, const char *field, const char *message);

/* Run `command` with `take_input`, or answer that there is no memory when that is NULL. */
void leads_input_run(struct visit *visit, const char *command, json_t *take_input);

/* The route's `done`. */
void leads_input_done(struct visit *visit);

#endif
