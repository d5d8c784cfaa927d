/*
 * Any bytes as a form body, a query and a path. The first byte says how the body is cut: whatever
 * the cuts, the parser sees the same parts and comes to the same end.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "http/multipart.h"
#include "http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static bool part_begin(void *state, const struct multipart_part *part, struct err *err)
{
	(void)err;
	require(part->name.ptr != NULL);
	buf_add_char(state, '[');
	buf_add(state, part->name);
	buf_add_char(state, '|');
	buf_add(state, part->file_name);
	buf_add_char(state, '|');
	buf_add(state, part->type);
	buf_add_char(state, ']');
	return true;
}

static bool part_data(void *state, struct text piece, struct err *err)
{
	(void)err;
	require(piece.len > 0);
	buf_add(state, piece);
	return true;
}

static bool part_end(void *state, struct err *err)
{
	(void)err;
	buf_add_char(state, '.');
	return true;
}

/* Feed `body` in pieces of `step` bytes; what the callbacks saw goes to `seen`. */
static enum err_code parse(struct text body, size_t step, struct buf *seen)
{
	struct multipart_callbacks callbacks = {seen, part_begin, part_data, part_end};
	struct multipart *multipart;
	struct err err;

	if (multipart_create(TEXT("multipart/form-data; boundary=b"), &callbacks, &multipart,
			     &err) != ERR_OK)
		abort();
	enum err_code code = ERR_OK;

	while (body.len > 0 && code == ERR_OK) {
		size_t len = body.len < step ? body.len : step;

		code = multipart_feed(multipart, (struct text){body.ptr, len}, &err);
		body = text_skip(body, len);
	}
	if (code == ERR_OK)
		code = multipart_finish(multipart, &err);
	multipart_destroy(multipart);
	return code;
}

static void check_form(struct text body, size_t step)
{
	struct buf whole, pieces;

	buf_init(&whole, (size_t)64 << 20);
	buf_init(&pieces, (size_t)64 << 20);
	require(parse(body, body.len + 1, &whole) == parse(body, step, &pieces));
	require(text_is(buf_text(&whole), buf_text(&pieces)));
	buf_release(&whole);
	buf_release(&pieces);
}

static void check_type(struct text type)
{
	struct multipart_callbacks callbacks = {NULL, part_begin, part_data, part_end};
	struct multipart *multipart;
	struct err err;

	if (multipart_create(type, &callbacks, &multipart, &err) == ERR_OK)
		multipart_destroy(multipart);
	else
		require(err.code == ERR_INVALID_INPUT);
}

static void check_target(struct text target)
{
	struct arena arena;
	struct text out;

	arena_init(&arena, (size_t)64 << 20);
	if (http_request_decode(&arena, target, true, &out))
		require(out.ptr && out.len <= target.len);
	struct text rest = target;

	while (http_request_segment(&arena, &rest, &out)) {
		require(rest.len < target.len);
		require(out.len == 0 || !memchr(out.ptr, '/', out.len));
		target = rest;
	}
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct text input = {(const char *)data + 1, size - 1};

	check_form(input, (size_t)data[0] % 17 + 1);
	check_type(input);
	check_target(input);
	return 0;
}
