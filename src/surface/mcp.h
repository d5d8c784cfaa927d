/*
 * mcp: the Model Context Protocol, whatever carries it: one message in, one answer out.
 *
 * Revisions 2026-07-28, 2025-11-25 and 2025-06-18, told apart message by message. Tools are the
 * catalogue's commands and go through dispatch like every other surface's. A transport
 * (surface/mcp_http.h, cli/mcp_stdio.h) reads the message, fills a struct mcp_exchange and calls
 * mcp_start; `answer` is called exactly once.
 *
 * Holds    struct mcp: what all exchanges share. An exchange lives until its transport ends it.
 * Threads  an exchange is one thread's at a time: the transport's; between transport->run and
 *          mcp_finish the engine's; while it follows an import, the follower's (mcp_follow.h).
 * Fails    by answering the failure.
 */
#ifndef SURFACE_MCP_H
#define SURFACE_MCP_H

#include "command/dispatch.h"
#include "surface/mcp_message.h"

struct mcp_exchange;
struct mcp_follow;

#define MCP_SECRET_BYTES 32

struct mcp {
	struct desk *desk;
	struct mcp_follow *follow;
	const struct mcp_tool *tools; /* mcp_tools.h: in the order of the commands */
	struct arena arena;
	unsigned char secret[MCP_SECRET_BYTES]; /* signs what a client is to bring back */
};

/* What a transport lends. */
struct mcp_transport {
	/*
	 * Run exchange->call's command, all else being set; mcp_finish is called on a thread of
	 * the transport when it is over, maybe before this returns.
	 */
	void (*run)(struct mcp_exchange *exchange, struct text command_id);
	/* Send the answer that mcp_answer gives; an absent one means that none is due. */
	void (*answer)(struct mcp_exchange *exchange);
	/*
	 * From now on messages come before the answer, which comes from another thread. False:
	 * this client takes none.
	 */
	bool (*stream)(struct mcp_exchange *exchange);
	/* Such a message. */
	void (*notify)(struct mcp_exchange *exchange, struct text message);
};

/* What the client wants to see of it all; where one asks says how. */
struct mcp_look {
	bool is_compact;      /* fewer bytes: see mcp_tools.h */
	bool has_plain_names; /* tools are called lead_upsert, not lead.upsert */
};

struct mcp_exchange {
	struct mcp *mcp;
	const struct mcp_transport *transport;
	void *own;           /* the transport's */
	struct call *call;   /* of the command that is run for it */
	struct arena *arena; /* for everything about it */
	struct caller caller;
	struct mcp_look look;
	struct text session;        /* whose request ids these are; absent: nobody else's */
	struct text request_id;     /* Galena's, for the log; or absent */
	struct mcp_message message; /* the transport reads and releases it */

	/* What follows is mcp's own; zeroed by the transport. */
	void (*finish)(struct mcp_exchange *exchange); /* the command is over */
	const void *plan;                              /* the method's */
	struct buf buf;
	struct writer writer;
	int status;     /* of the answer, in HTTP */
	struct err err; /* for the log; code ERR_OK: none */
	bool is_following;
};

MUST_USE enum err_code mcp_create(struct desk *desk, struct mcp **out, struct err *err);

/* Answer what still waits with how it stands now, and follow nothing more. Any thread. */
void mcp_stop(struct mcp *mcp);

/* When no exchange is left. NULL does nothing. */
void mcp_destroy(struct mcp *mcp);

/* exchange->message was read: answer it. */
void mcp_start(struct mcp_exchange *exchange);

/* The same for a message that could not be read. */
void mcp_refuse(struct mcp_exchange *exchange, const struct mcp_fault *fault);

/* The command that was run is over, call->job.err tells how. */
void mcp_finish(struct mcp_exchange *exchange);

/*
 * The client takes no answer any more. `cancels`: what was begun for this exchange and can be
 * stopped is. Afterwards nobody touches the exchange.
 */
void mcp_leave(struct mcp_exchange *exchange, bool cancels);

/* The answer, one JSON text; absent when none is due. Its HTTP status is exchange->status. */
struct text mcp_answer(const struct mcp_exchange *exchange);

#endif
