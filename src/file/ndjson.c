#include "file/ndjson.h"

void ndjson_init(struct ndjson *ndjson, bool is_array)
{
	*ndjson = (struct ndjson){.is_array = is_array};
	buf_init(&ndjson->bytes, RECORD_BYTES_MAX);
}

void ndjson_release(struct ndjson *ndjson)
{
	buf_release(&ndjson->bytes);
}

/* The object that was collected; a failed buffer is one that outgrew the bound. */
static void hand_over(const struct ndjson *ndjson, int64_t line, struct record *out)
{
	struct text json = text_trim(buf_text(&ndjson->bytes));

	*out = (struct record){.line = line};
	if (ndjson->bytes.failed)
		out->reason = "The object is longer than 256 KiB. Shorten it.";
	else if (json.len == 0 || json.ptr[0] != '{')
		out->reason = "This is no JSON object. Write one {…} for each person.";
	else if (memchr(json.ptr, '\0', json.len))
		out->reason = RECORD_HOLDS_NUL;
	else if (!record_is_text(json))
		out->reason = RECORD_IS_NO_TEXT;
	if (!out->reason)
		out->json = json;
}

static enum err_code next_line(struct ndjson *ndjson, struct lines *lines, struct record *out,
			       struct err *err)
{
	struct line piece;

	buf_reset(&ndjson->bytes);
	for (;;) {
		enum err_code code = lines_next(lines, &piece, err);

		if (code != ERR_OK)
			return code;
		if (piece.text.ptr)
			buf_add(&ndjson->bytes, piece.text);
		if (piece.text.ptr && !piece.ends)
			continue;
		bool is_blank = !ndjson->bytes.failed &&
				text_trim(buf_text(&ndjson->bytes)).len == 0;

		if (!is_blank) {
			hand_over(ndjson, piece.number, out);
			return ERR_OK;
		}
		if (!piece.text.ptr)
			break;
		buf_reset(&ndjson->bytes);
	}
	*out = (struct record){0};
	return ERR_OK;
}

/* Follow one byte of an element: strings and brackets. */
static void follow(struct ndjson *ndjson, char c)
{
	if (ndjson->is_escaped) {
		ndjson->is_escaped = false;
	} else if (ndjson->is_in_string) {
		ndjson->is_escaped = c == '\\';
		ndjson->is_in_string = c != '"';
	} else if (c == '"') {
		ndjson->is_in_string = true;
	} else if (c == '{' || c == '[') {
		ndjson->depth++;
	} else if (c == '}' || c == ']') {
		ndjson->depth--;
	}
}

/* True when `c` stands between elements, outside of all they contain. */
static bool is_border(const struct ndjson *ndjson, char c)
{
	return !ndjson->is_in_string && ndjson->depth == 0 && (c == ',' || c == ']' || c == '}');
}

/* Collect from the rest of the line up to the element's border; true when it was reached. */
static bool collect(struct ndjson *ndjson)
{
	struct text text = ndjson->rest.text;

	for (size_t i = 0; i < text.len; i++) {
		if (is_border(ndjson, text.ptr[i])) {
			buf_add(&ndjson->bytes, (struct text){text.ptr, i});
			ndjson->rest.text = text_skip(text, i);
			return true;
		}
		follow(ndjson, text.ptr[i]);
	}
	buf_add(&ndjson->bytes, text);
	ndjson->rest.text = text_skip(text, text.len);
	return false;
}

/* Fetch the next line when the current one is used up; text.ptr is NULL at the end. */
static enum err_code refill(struct ndjson *ndjson, struct lines *lines, struct err *err)
{
	if (ndjson->rest.text.len > 0)
		return ERR_OK;
	return lines_next(lines, &ndjson->rest, err);
}

/* To the first byte of the next element; false at the end of the array or the file. */
static enum err_code find_element(struct ndjson *ndjson, struct lines *lines, bool *out_found,
				  struct err *err)
{
	for (;;) {
		enum err_code code = refill(ndjson, lines, err);

		if (code != ERR_OK)
			return code;
		if (!ndjson->rest.text.ptr) {
			ndjson->is_over = true;
			*out_found = false;
			return ERR_OK;
		}
		char c = ndjson->rest.text.ptr[0];
		bool is_blank = c == ' ' || (c >= '\t' && c <= '\r');
		bool is_opening = c == '[' && !ndjson->is_begun;

		if (c == ']') {
			ndjson->is_over = true;
			*out_found = false;
			return ERR_OK;
		}
		if (!is_blank && !is_opening && c != ',') {
			*out_found = true;
			return ERR_OK;
		}
		ndjson->is_begun = ndjson->is_begun || is_opening;
		ndjson->rest.text = text_skip(ndjson->rest.text, 1);
	}
}

static enum err_code next_element(struct ndjson *ndjson, struct lines *lines, struct record *out,
				  struct err *err)
{
	bool found = false;
	enum err_code code = ERR_OK;

	buf_reset(&ndjson->bytes);
	if (!ndjson->is_over)
		code = find_element(ndjson, lines, &found, err);
	if (code != ERR_OK)
		return code;
	*out = (struct record){0};
	if (!found)
		return ERR_OK;
	int64_t line = ndjson->rest.number;

	/* A closing brace that nothing opened would be a border that is never passed. */
	if (ndjson->rest.text.ptr[0] == '}')
		ndjson->rest.text = text_skip(ndjson->rest.text, 1);
	while (!collect(ndjson)) {
		code = refill(ndjson, lines, err);
		if (code != ERR_OK)
			return code;
		if (ndjson->rest.text.ptr)
			continue;
		ndjson->is_over = true;
		*out = (struct record){.line = line,
				       .reason = "The array ends within this object. Complete "
						 "the file."};
		return ERR_OK;
	}
	hand_over(ndjson, line, out);
	return ERR_OK;
}

enum err_code ndjson_next(struct ndjson *ndjson, struct lines *lines, struct record *out,
			  struct err *err)
{
	return ndjson->is_array ? next_element(ndjson, lines, out, err)
				: next_line(ndjson, lines, out, err);
}
