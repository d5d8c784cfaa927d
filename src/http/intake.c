#include "http/intake.h"

#include "http/answer.h"
#include "http/cors.h"
#include "http/encode.h"
#include "http/parse.h"

/* An unwanted body up to this size is read to its end, so that the connection can be kept. */
#define DISCARD_BYTES_MAX 65536
/* Room that a body gets at once; beyond, only as it arrives. */
#define BODY_FIRST_BYTES ((int64_t)256 * 1024)

size_t http_intake_unescape(void *state, struct MHD_Connection *mhd, char *text)
{
	(void)state;
	(void)mhd;
	return strlen(text);
}

void *http_intake_line(void *state, const char *target, struct MHD_Connection *mhd)
{
	struct http_server *server = state;
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct http_connection *connection = info ? info->socket_context : NULL;
	struct http_exchange *exchange = connection ? http_exchange_take(server) : NULL;

	if (!exchange)
		return NULL;
	exchange->mhd = mhd;
	exchange->connection = connection;
	exchange->request.peer = text_of(connection->peer);
	exchange->request.path = arena_copy(&exchange->arena, text_of(target ? target : ""));
	if (!exchange->request.path.ptr) {
		http_exchange_give(exchange);
		return NULL;
	}
	connection->exchange = exchange;
	if (connection->phase == HTTP_PHASE_IDLE)
		http_exchange_phase(connection, HTTP_PHASE_HEADER);
	return exchange;
}

/* Whether the body is wanted: parse, answer OPTIONS, ask `head`, look at the announced size. */
static void decide(struct http_exchange *exchange, const char *method, const char *version)
{
	const struct http_callbacks *callbacks = &exchange->server->callbacks;
	struct http_request *request = &exchange->request;
	struct err err;
	int status;

	exchange->mode = HTTP_BODY_REFUSE;
	if (http_parse_head(exchange, method, version, &status, &err) != ERR_OK) {
		http_answer_refuse(exchange, status, &err);
		return;
	}
	if (request->method == HTTP_OPTIONS) {
		http_cors_options(exchange);
		return;
	}
	exchange->mode = callbacks->head ? callbacks->head(callbacks->state, request)
					 : HTTP_BODY_MEMORY;
	if (exchange->mode == HTTP_BODY_REFUSE || request->content_length <= 0 ||
	    (uint64_t)request->content_length <= request->body_bytes_max)
		return;
	exchange->mode = HTTP_BODY_REFUSE;
	err_set(&err, ERR_TOO_LARGE, "", "The body is larger than the %llu bytes taken here.",
		(unsigned long long)request->body_bytes_max);
	http_answer_refuse(exchange, 0, &err);
}

static bool expects_continue(const struct http_request *request)
{
	return text_is_nocase(http_request_header(request, "Expect"), TEXT("100-continue"));
}

/* An answer was promised but not given: our own mistake, but the client must not hang. */
static void ensure_answer(struct http_exchange *exchange)
{
	struct err err;

	if (exchange->answer.is_given)
		return;
	err_internal(&err, "a handler neither answered nor deferred");
	http_answer_refuse(exchange, 0, &err);
}

static enum MHD_Result take_head(struct http_exchange *exchange, const char *method,
				 const char *version)
{
	struct http_request *request = &exchange->request;

	exchange->has_head = true;
	decide(exchange, method, version);
	int64_t length = request->content_length;

	if (exchange->mode != HTTP_BODY_REFUSE) {
		exchange->body.bytes_max =
			exchange->mode == HTTP_BODY_MEMORY ? (size_t)request->body_bytes_max : 0;
		if (exchange->mode == HTTP_BODY_MEMORY && length > 0 &&
		    !buf_reserve(&exchange->body,
				 (size_t)(length < BODY_FIRST_BYTES ? length : BODY_FIRST_BYTES)))
			return MHD_NO;
		http_exchange_phase(exchange->connection, HTTP_PHASE_BODY);
		return MHD_YES;
	}
	ensure_answer(exchange);
	exchange->is_discarding = true;
	/* An answer queued now makes the daemon close; without a body, the last call comes next. */
	bool is_short = length >= 0 && length <= DISCARD_BYTES_MAX;

	if (is_short && !(length > 0 && expects_continue(request))) {
		http_exchange_phase(exchange->connection, HTTP_PHASE_BODY);
		return MHD_YES;
	}
	exchange->connection->lingers = true;
	return http_answer_queue(exchange);
}

/* The body is refused on its way: answer at once where possible, and take no more. */
static enum MHD_Result refuse_rest(struct http_exchange *exchange)
{
	exchange->is_discarding = true;
	buf_release(&exchange->body);
	int64_t length = exchange->request.content_length;

	if (length >= 0 && (uint64_t)length - exchange->body_bytes <= DISCARD_BYTES_MAX)
		return MHD_YES;
	ensure_answer(exchange);
	http_answer_cut_in(exchange);
	return MHD_NO;
}

static enum MHD_Result take_piece(struct http_exchange *exchange, struct text piece)
{
	const struct http_callbacks *callbacks = &exchange->server->callbacks;
	struct http_request *request = &exchange->request;
	struct err err;

	exchange->body_bytes += piece.len;
	if (exchange->is_discarding)
		return MHD_YES;
	if (exchange->body_bytes > request->body_bytes_max) {
		err_set(&err, ERR_TOO_LARGE, "",
			"The body is larger than the %llu bytes taken here.",
			(unsigned long long)request->body_bytes_max);
		http_answer_refuse(exchange, 0, &err);
		return refuse_rest(exchange);
	}
	if (exchange->mode == HTTP_BODY_STREAM)
		return callbacks->piece(callbacks->state, request, piece) ? MHD_YES
									  : refuse_rest(exchange);
	buf_add(&exchange->body, piece);
	if (!exchange->body.failed)
		return MHD_YES;
	err_memory(&err);
	http_answer_refuse(exchange, 0, &err);
	return refuse_rest(exchange);
}

/* The body is complete, or a deferred request came back. */
static enum MHD_Result take_end(struct http_exchange *exchange)
{
	const struct http_callbacks *callbacks = &exchange->server->callbacks;
	struct http_request *request = &exchange->request;

	if (!exchange->is_handled && !exchange->is_discarding) {
		if (exchange->mode == HTTP_BODY_MEMORY)
			request->body = buf_text(&exchange->body);
		http_exchange_phase(exchange->connection, HTTP_PHASE_HANDLER);
		exchange->is_handled = true;
		callbacks->handle(callbacks->state, request);
	} else if (exchange->is_handled && !exchange->answer.is_given && callbacks->finish) {
		exchange->is_deferred = false;
		callbacks->finish(callbacks->state, request);
	} else {
		exchange->is_deferred = false;
	}
	if (exchange->is_deferred) {
		exchange->server->held++;
		MHD_suspend_connection(exchange->mhd);
		return MHD_YES;
	}
	ensure_answer(exchange);
	return http_answer_queue(exchange);
}

enum MHD_Result http_intake_step(void *state, struct MHD_Connection *mhd, const char *url,
				 const char *method, const char *version, const char *piece,
				 size_t *piece_len, void **exchange)
{
	struct http_exchange *at = *exchange;

	(void)state;
	(void)mhd;
	(void)url;
	if (!at)
		return MHD_NO;
	if (!at->has_head)
		return take_head(at, method, version);
	if (*piece_len > 0) {
		struct text text = {piece, *piece_len};

		*piece_len = 0;
		return take_piece(at, text);
	}
	return at->answer.is_queued ? MHD_YES : take_end(at);
}

static enum http_end end_of(const struct http_exchange *exchange,
			    enum MHD_RequestTerminationCode code)
{
	if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK ||
	    (exchange->connection->lingers && exchange->answer.is_queued))
		return HTTP_END_SENT;
	return exchange->connection->is_cut ? HTTP_END_TIMEOUT : HTTP_END_BROKEN;
}

void http_intake_end(void *state, struct MHD_Connection *mhd, void **exchange,
		     enum MHD_RequestTerminationCode code)
{
	struct http_server *server = state;
	struct http_exchange *at = *exchange;

	(void)mhd;
	*exchange = NULL;
	if (!at)
		return;
	const struct http_callbacks *callbacks = &server->callbacks;
	struct http_outcome outcome = {
		.status = at->answer.is_queued ? at->answer.status : 0,
		.end = end_of(at, code),
		.body_bytes_in = at->body_bytes,
		.body_bytes_out = at->answer.bytes,
		.duration_us = clock_steady_us() - at->request.started_us,
	};

	if (at->has_head && callbacks->done)
		callbacks->done(callbacks->state, &at->request, &outcome);
	http_encode_end(at);
	at->connection->exchange = NULL;
	http_exchange_phase(at->connection, HTTP_PHASE_IDLE);
	http_exchange_give(at);
}
