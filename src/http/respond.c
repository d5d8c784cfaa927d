#include "http/respond.h"

#include <stdio.h>
#include <unistd.h>

#include "http/encode.h"
#include "http/exchange.h"

static const char no_memory[] =
	"{\"error\":{\"code\":\"BUSY\",\"message\":\"Not enough memory for this request. "
	"Try again, or send less at once.\"}}";

static void begin(struct http_request *request, int status, struct text type)
{
	struct http_answer *answer = &request->exchange->answer;

	if (answer->is_given)
		http_encode_end(request->exchange);
	answer->is_given = true;
	answer->is_gzip = false;
	answer->varies = false;
	answer->produce = NULL;
	answer->body = TEXT("");
	answer->status = status;
	answer->type = type;
}

void http_respond(struct http_request *request, int status, struct text type, struct text body)
{
	if (request->exchange->answer.is_queued)
		return;
	begin(request, status, type);
	if (body.ptr)
		request->exchange->answer.body = body;
	http_encode_answer(request->exchange);
}

void http_respond_stream(struct http_request *request, int status, struct text type,
			 http_producer *produce, void *context)
{
	struct http_answer *answer = &request->exchange->answer;

	if (answer->is_queued)
		return;
	begin(request, status, type);
	answer->produce = produce;
	answer->context = context;
	http_encode_answer(request->exchange);
}

static void add_escaped(struct buf *buf, const char *string)
{
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;

		if (c == '"' || c == '\\')
			buf_add_format(buf, "\\%c", c);
		else if (c < ' ')
			buf_add_format(buf, "\\u%04x", c);
		else
			buf_add_char(buf, (char)c);
	}
}

void http_respond_error(struct http_request *request, const struct err *err)
{
	struct buf buf;

	buf_init_arena(&buf, request->arena, 4096);
	buf_add_format(&buf, "{\"error\":{\"code\":\"%s\",\"message\":\"", err_name(err->code));
	add_escaped(&buf, err->message);
	buf_add_format(&buf, "\",\"request_id\":\"%.*s\"}}", TEXT_ARG(request->id));
	if (buf_text(&buf).ptr)
		http_respond(request, err_http_status(err->code), HTTP_TYPE_JSON, buf_text(&buf));
	else
		http_respond(request, 503, HTTP_TYPE_JSON, TEXT(no_memory));
}

static bool is_value(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c == 0x7F)
			return false;
	}
	return text.ptr != NULL;
}

static bool is_name(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool is_alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
				(c >= 'A' && c <= 'Z');

		if (!is_alnum && c != '-' && c != '_')
			return false;
	}
	return text.len > 0;
}

bool http_respond_header(struct http_request *request, const char *name, struct text value)
{
	struct http_answer *answer = &request->exchange->answer;
	struct text given = text_of(name);

	if (answer->is_queued || !is_name(given) || !is_value(value))
		return false;
	struct http_header *header = arena_zero(request->arena, 1, sizeof *header);

	if (!header)
		return false;
	header->name = arena_copy(request->arena, given);
	header->value = arena_copy(request->arena, value);
	if (!header->name.ptr || !header->value.ptr)
		return false;
	*answer->headers_end = header;
	answer->headers_end = &header->next;
	return true;
}

bool http_respond_is_given(const struct http_request *request)
{
	return request->exchange->answer.is_given;
}

void http_defer(struct http_request *request)
{
	request->exchange->is_deferred = true;
}

/*
 * Push onto the list of the completed. Only the first push onto an empty list wakes the loop: it
 * takes the whole list at once. `completing` keeps destroy from freeing what is still touched here.
 */
static void hand_back(struct http_exchange *exchange)
{
	struct http_server *server = exchange->server;
	uint64_t one = 1;

	atomic_fetch_add(&server->completing, 1);
	struct http_exchange *head = atomic_load(&server->completed);

	do {
		exchange->next = head;
	} while (!atomic_compare_exchange_weak(&server->completed, &head, exchange));
	/* The counter of an eventfd is full only when the loop has long been woken. */
	if (!head && write(server->wake_fd, &one, sizeof one) < 0)
		(void)one;
	atomic_fetch_sub(&server->completing, 1);
}

void http_complete(struct http_request *request)
{
	hand_back(request->exchange);
}

void http_stream_ready(struct http_request *request)
{
	hand_back(request->exchange);
}
