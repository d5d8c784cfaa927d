#include "json/scan.h"

struct scan scan_of(struct text json)
{
	const char *begin = json.ptr ? json.ptr : "";
	struct scan scan = {begin, begin + json.len, false, false};

	if (json.len < 2 || (*json.ptr != '{' && *json.ptr != '[')) {
		scan.broken = true;
		scan.at = scan.end;
		return scan;
	}
	scan.object = *json.ptr == '{';
	scan.at++;
	return scan;
}

/* Past the closing quote of the string that begins at `at`; NULL without one. */
static const char *string_end(const char *at, const char *end)
{
	for (at++; at < end; at++) {
		if (*at == '\\')
			at++;
		else if (*at == '"')
			return at + 1;
	}
	return NULL;
}

/* Past the value that begins at `at`; NULL when it does not end. */
static const char *value_end(const char *at, const char *end)
{
	size_t depth = 0;

	while (at < end) {
		if (*at == '"') {
			at = string_end(at, end);
			if (!at)
				return NULL;
		} else if (*at == '{' || *at == '[') {
			depth++;
			at++;
		} else if (*at == '}' || *at == ']') {
			if (depth == 0)
				return at;
			depth--;
			at++;
		} else if (*at == ',' && depth == 0) {
			return at;
		} else {
			at++;
			continue;
		}
		if (depth == 0)
			return at;
	}
	return NULL;
}

bool scan_next(struct scan *scan, struct text *out_key, struct text *out_value)
{
	const char *at = scan->at;
	struct text key = {"", 0};

	if (at >= scan->end || *at == '}' || *at == ']') {
		if (at + 1 != scan->end || *at != (scan->object ? '}' : ']'))
			scan->broken = true;
		return false;
	}
	if (*at == ',')
		at++;
	if (scan->object) {
		const char *after = at < scan->end && *at == '"' ? string_end(at, scan->end) : NULL;

		if (!after || after >= scan->end || *after != ':') {
			scan->broken = true;
			return false;
		}
		key = (struct text){at + 1, (size_t)(after - at) - 2};
		at = after + 1;
	}
	const char *after = value_end(at, scan->end);

	if (!after || after == at) {
		scan->broken = true;
		return false;
	}
	*out_key = key;
	*out_value = (struct text){at, (size_t)(after - at)};
	scan->at = after;
	return true;
}

struct text scan_member(struct text json, struct text key)
{
	struct scan scan = scan_of(json);
	struct text name, value;

	while (scan_next(&scan, &name, &value)) {
		if (text_is(name, key))
			return value;
	}
	return TEXT_NONE;
}

static unsigned hex_digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static void put_escaped(const char **at, const char *end, struct buf *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	const char *found = strchr(names, **at);

	if (found && *found) {
		buf_add_char(out, values[found - names]);
		(*at)++;
	} else if (**at == 'u' && end - *at >= 5) {
		/* The writer escapes control characters only, so two digits carry it all. */
		buf_add_char(out, (char)(hex_digit((*at)[3]) << 4 | hex_digit((*at)[4])));
		*at += 5;
	} else {
		(*at)++;
	}
}

void scan_unescape(struct text json, struct buf *out)
{
	if (json.len < 2 || json.ptr[0] != '"')
		return;
	const char *at = json.ptr + 1, *end = json.ptr + json.len - 1, *from = at;

	while (at < end) {
		if (*at != '\\') {
			at++;
			continue;
		}
		buf_add(out, (struct text){from, (size_t)(at - from)});
		at++;
		put_escaped(&at, end, out);
		from = at;
	}
	/* Past the end after a lone backslash, which only damaged text has. */
	if (from < end)
		buf_add(out, (struct text){from, (size_t)(end - from)});
}

struct text scan_string(struct arena *arena, struct text json)
{
	struct buf buf;

	if (json.len < 2 || json.ptr[0] != '"')
		return TEXT_NONE;
	if (!memchr(json.ptr, '\\', json.len))
		return (struct text){json.ptr + 1, json.len - 2};
	buf_init_arena(&buf, arena, json.len);
	scan_unescape(json, &buf);
	return buf_text(&buf);
}
