#include "http/request.h"

struct text http_request_header(const struct http_request *request, const char *name)
{
	struct text wanted = text_of(name);

	for (size_t i = 0; i < request->header_count; i++) {
		if (text_is_nocase(request->headers[i].name, wanted))
			return request->headers[i].value;
	}
	return TEXT_NONE;
}

struct text http_request_query(const struct http_request *request, const char *name)
{
	struct text wanted = text_of(name);

	for (size_t i = 0; i < request->query_count; i++) {
		if (text_is(request->query_pairs[i].name, wanted))
			return request->query_pairs[i].value;
	}
	return TEXT_NONE;
}

bool http_request_is_json(const struct http_request *request)
{
	struct text value = http_request_header(request, "Content-Type");

	if (!value.ptr)
		return true;
	struct text rest;
	struct text type = text_trim(text_split(value, ';', &rest));
	struct text suffix = TEXT("+json");

	if (text_is_nocase(type, TEXT("application/json")))
		return true;
	return type.len > suffix.len &&
	       text_is_nocase(text_skip(type, type.len - suffix.len), suffix);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool http_request_decode(struct arena *arena, struct text text, bool plus, struct text *out)
{
	bool is_plain = text.len == 0 || (!memchr(text.ptr, '%', text.len) &&
					  !(plus && memchr(text.ptr, '+', text.len)));

	if (is_plain) {
		*out = (struct text){text.ptr ? text.ptr : "", text.len};
		return true;
	}
	char *at = arena_take(arena, text.len);
	size_t len = 0;

	if (!at)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (c == '%') {
			int high = text.len - i > 2 ? hex_digit(text.ptr[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(text.ptr[i + 2]) : -1;

			if (low < 0)
				return false;
			c = (char)(high * 16 + low);
			i += 2;
		} else if (c == '+' && plus) {
			c = ' ';
		}
		at[len++] = c;
	}
	*out = (struct text){at, len};
	return true;
}

bool http_request_segment(struct arena *arena, struct text *path, struct text *out)
{
	struct text rest = *path;

	if (rest.len == 0 || rest.ptr[0] != '/')
		return false;
	rest = text_skip(rest, 1);
	const char *slash = rest.len ? memchr(rest.ptr, '/', rest.len) : NULL;
	size_t len = slash ? (size_t)(slash - rest.ptr) : rest.len;
	struct text segment;

	if (!http_request_decode(arena, (struct text){rest.ptr, len}, false, &segment))
		return false;
	if (segment.len &&
	    (memchr(segment.ptr, '/', segment.len) || memchr(segment.ptr, '\0', segment.len)))
		return false;
	*path = text_skip(rest, len);
	*out = segment;
	return true;
}
