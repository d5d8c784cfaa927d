/*
 * visit: one HTTP request on its way through the surface, and what its handler works with.
 *
 * Holds    nothing beyond the request; a visit lives in the request's arena.
 * Threads  those of the request (http/request.h). The services are shared and never change.
 * Fails    by answering the request with the failure.
 */
#ifndef SURFACE_VISIT_H
#define SURFACE_VISIT_H

#include <stdatomic.h>

#include "command/access.h"
#include "command/dispatch.h"
#include "http/server.h"

#define VISIT_PARAMS_MAX 2
#define VISIT_HTML TEXT("text/html; charset=utf-8")

struct mcp;
struct metrics;
struct visit;

/* What handlers share. */
struct visit_services {
	struct desk *desk;
	struct access *access;
	struct metrics *metrics;
	struct mcp *mcp;
	const struct http_server *_Atomic server; /* NULL until it runs */
	atomic_bool is_stopping;
	size_t body_bytes_max;
	uint64_t upload_bytes_max;
	struct text origins; /* of web pages that may call, separated by commas; "*": any */
};

/*
 * One row of the route table. Whatever fails answers by visit_fail. The callbacks are those of
 * http/server.h; each may be NULL but `handle`.
 */
struct route {
	enum http_method method;
	/*
	 * "/api/v1/commands/{id}": a {name} is one segment, decoded. A path belongs to the first
	 * pattern that fits it, whatever its method, so /leads/search stands before /leads/{id}.
	 */
	const char *pattern;
	const char *permission; /* command whose permission the caller needs; NULL: none */
	bool is_open;           /* no key is needed */
	bool is_lasting;        /* the handler says how long its answer may be kept */
	bool is_command;        /* the first parameter is the command that it runs */
	bool takes_json;        /* 415 for another body */
	bool streams;           /* the body goes to `piece` */
	const void *about;      /* for handlers that serve several paths: theirs to know */
	/* The caller is known, the body is not here. False: it has answered, and wants none. */
	bool (*head)(struct visit *visit);
	bool (*piece)(struct visit *visit, struct text piece);
	void (*handle)(struct visit *visit);
	void (*finish)(struct visit *visit);
	void (*done)(struct visit *visit); /* give back what is not in the arena */
};

/* Rows of one surface. Those that share a path stand beside each other's in one table. */
struct route_table {
	const char *prefix; /* every pattern in it begins so */
	const struct route *rows;
	size_t count;
	/* The caller is known: what all rows ask of a request, before its body. NULL: nothing. */
	enum err_code (*admit)(struct visit *visit, struct err *err);
};

struct visit {
	struct call call; /* first; of the command that the request runs, if it runs one */
	struct visit_services *services;
	struct http_request *request;
	const struct route *route;             /* NULL: none fits */
	struct text params[VISIT_PARAMS_MAX];  /* of the pattern, decoded, in order */
	struct caller caller;                  /* actor is 0 without a key */
	unsigned retry_s;                      /* after ERR_RATE_LIMITED: when to try again */
	void *own;                             /* the handler's */
	enum err_code error;                   /* for the log */
	struct text detail;                    /* the same */
};

/* Answer with a failure, in the form that the path's dialect has for it. */
void visit_fail(struct visit *visit, const struct err *err);

/* The same for a request that never became a visit. */
void visit_refuse(struct http_request *request, const struct err *err);

/* Remember a failure for the log, without answering. */
void visit_note(struct visit *visit, const struct err *err);

/* Answer with the JSON that was built in `buf`, or with ERR_BUSY when that failed. */
void visit_respond_json(struct visit *visit, int status, const struct buf *buf);

/*
 * Run a command: visit->call.input is set, and whatever else the caller knows of the call. The
 * route's `finish` is called when the outcome is in visit->call, maybe before this returns.
 */
void visit_run(struct visit *visit, struct text command_id);

#endif
