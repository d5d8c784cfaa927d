/*
 * Written out here and not left to json_loadb: this takes half its time, never recurses, and can
 * say exactly what is wrong where.
 */
#include "json/parse.h"

#include <stdio.h>

#include "base/buf.h"

#define BYTE_ORDER_MARK TEXT("\xEF\xBB\xBF")
#define KEY_SHOWN_MAX ((size_t)64)
#define NOT_JSON                                                                           \
	"a value is expected here. Strings and keys take double quotes; other values are " \
	"numbers, true, false, null, [ ] and { }"

/* An array or object that is not closed yet; it belongs to the one around it. */
struct level {
	json_t *value;
	bool object;
	bool empty;
};

struct parser {
	const char *start, *at, *end;
	const struct parse_limits *limits;
	struct level levels[PARSE_DEPTH_MAX];
	size_t depth, depth_max, values;
	json_t *root;
	struct text key; /* of the member whose value comes next */
	const char *key_at;
	struct buf key_buf, text_buf; /* strings with escapes, unescaped */
	struct err *err;
};

/* ERR_INVALID_JSON at the byte `at`, counted in lines and characters. */
static enum err_code fail(const struct parser *parser, const char *at, const char *words)
{
	size_t line = 1, column = 1;

	for (const char *c = parser->start; c < at; c++) {
		if (*c == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)*c & 0xC0) != 0x80) {
			column++;
		}
	}
	return err_set(parser->err, ERR_INVALID_JSON, "", "Line %zu, column %zu: %s.", line, column,
		       words);
}

/* Something else stands at the present place than what `words` ask for. */
static enum err_code fail_here(const struct parser *parser, const char *words)
{
	struct text rest = {parser->at, (size_t)(parser->end - parser->at)};

	if (rest.len == 0)
		words = "the JSON ends too early. Send all of it; a bracket, quote or value is "
			"missing";
	else if (*rest.ptr == '\0')
		words = "a NUL character is not allowed. Leave it out";
	else if (((unsigned char)*rest.ptr & 0x80) && !text_is_utf8(rest))
		words = "the text is not UTF-8. Send JSON encoded as UTF-8";
	return fail(parser, parser->at, words);
}

static enum err_code fail_duplicate(const struct parser *parser)
{
	struct text key = parser->key;
	char words[KEY_SHOWN_MAX + 80];

	if (key.len > KEY_SHOWN_MAX)
		key.len = KEY_SHOWN_MAX;
	while (!text_is_utf8(key))
		key.len--;
	snprintf(words, sizeof words, "the key \"%.*s\" stands twice in one object. Send it once",
		 TEXT_ARG(key));
	return fail(parser, parser->key_at, words);
}

static void skip_blanks(struct parser *parser)
{
	const char *at = parser->at;

	while (at < parser->end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
		at++;
	parser->at = at;
}

static bool is_next(const struct parser *parser, char c)
{
	return parser->at < parser->end && *parser->at == c;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The four digits behind "\u", which the parser then stands behind. */
static bool take_unit(struct parser *parser, uint32_t *out)
{
	uint32_t unit = 0;

	if (parser->end - parser->at < 6 || parser->at[0] != '\\' || parser->at[1] != 'u')
		return false;
	for (int i = 2; i < 6; i++) {
		int digit = hex_value(parser->at[i]);

		if (digit < 0)
			return false;
		unit = unit << 4 | (uint32_t)digit;
	}
	parser->at += 6;
	*out = unit;
	return true;
}

static void put_utf8(struct buf *buf, uint32_t code)
{
	if (code < 0x80) {
		buf_add_char(buf, (char)code);
		return;
	}
	if (code < 0x800) {
		buf_add_char(buf, (char)(0xC0 | code >> 6));
	} else {
		if (code < 0x10000) {
			buf_add_char(buf, (char)(0xE0 | code >> 12));
		} else {
			buf_add_char(buf, (char)(0xF0 | code >> 18));
			buf_add_char(buf, (char)(0x80 | (code >> 12 & 0x3F)));
		}
		buf_add_char(buf, (char)(0x80 | (code >> 6 & 0x3F)));
	}
	buf_add_char(buf, (char)(0x80 | (code & 0x3F)));
}

static enum err_code read_unicode(struct parser *parser, struct buf *out)
{
	const char *from = parser->at;
	uint32_t code, low;

	if (!take_unit(parser, &code))
		return fail(parser, from, "behind \\u four hexadecimal digits are expected");
	if (code == 0)
		return fail(parser, from, "a NUL character (\\u0000) is not allowed. Leave it out");
	if (code >= 0xD800 && code <= 0xDFFF) {
		if (code >= 0xDC00 || !take_unit(parser, &low) || low < 0xDC00 || low > 0xDFFF)
			return fail(parser, from,
				    "half a surrogate pair is not a character. Send "
				    "both halves, or the character itself");
		code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
	}
	put_utf8(out, code);
	return ERR_OK;
}

/* The escape that begins at the present backslash. */
static enum err_code read_escape(struct parser *parser, struct buf *out)
{
	static const char names[] = "\"\\/bfnrt";
	static const char values[] = "\"\\/\b\f\n\r\t";
	char name = parser->end - parser->at > 1 ? parser->at[1] : '\0';
	const char *found = name ? strchr(names, name) : NULL;

	if (name == 'u')
		return read_unicode(parser, out);
	if (!found)
		return fail(parser, parser->at,
			    "this escape is not known. Write \\\\ for a "
			    "backslash");
	buf_add_char(out, values[found - names]);
	parser->at += 2;
	return ERR_OK;
}

/* The string that begins here; *out is borrowed from the bytes, or from `scratch`. */
static enum err_code read_string(struct parser *parser, struct buf *scratch, struct text *out)
{
	const char *open = parser->at++, *from = parser->at;
	unsigned char seen = 0;

	buf_reset(scratch);
	for (;;) {
		const char *at = parser->at;

		while (at < parser->end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
			seen |= (unsigned char)*at++;
		parser->at = at;
		if (is_next(parser, '"'))
			break;
		if (!is_next(parser, '\\'))
			return fail_here(parser, "a control character stands inside a string. "
						 "Write \\n, \\t or \\u00XX");
		buf_add(scratch, (struct text){from, (size_t)(at - from)});
		enum err_code code = read_escape(parser, scratch);

		if (code != ERR_OK)
			return code;
		from = parser->at;
	}
	struct text text = {from, (size_t)(parser->at++ - from)};

	if (from != open + 1) {
		buf_add(scratch, text);
		text = buf_text(scratch);
		if (!text.ptr)
			return err_memory(parser->err);
	}
	if ((seen & 0x80) && !text_is_utf8(text))
		return fail(parser, open, "this string is not UTF-8. Send JSON encoded as UTF-8");
	*out = text;
	return ERR_OK;
}

static size_t skip_digits(struct parser *parser)
{
	const char *from = parser->at;

	while (parser->at < parser->end && *parser->at >= '0' && *parser->at <= '9')
		parser->at++;
	return (size_t)(parser->at - from);
}

/* Past a number by the grammar of RFC 8259. */
static bool skip_number(struct parser *parser, bool *out_real)
{
	bool real = false;

	if (is_next(parser, '-'))
		parser->at++;
	bool zero = is_next(parser, '0');
	size_t digits = skip_digits(parser);

	if (digits == 0 || (zero && digits > 1))
		return false;
	if (is_next(parser, '.')) {
		real = true;
		parser->at++;
		if (skip_digits(parser) == 0)
			return false;
	}
	if (is_next(parser, 'e') || is_next(parser, 'E')) {
		real = true;
		parser->at++;
		if (is_next(parser, '+') || is_next(parser, '-'))
			parser->at++;
		if (skip_digits(parser) == 0)
			return false;
	}
	*out_real = real;
	return true;
}

static enum err_code read_number(struct parser *parser, json_t **out)
{
	const char *from = parser->at;
	int64_t number;
	bool real;

	if (!skip_number(parser, &real))
		return fail(parser, from,
			    "this is not a number as JSON has them. Write it like "
			    "12, -0.5 or 1e6, without zeros in front");
	struct text digits = {from, (size_t)(parser->at - from)};

	if (real) {
		json_error_t error;

		/* Rare enough to leave it to jansson, whatever the locale's decimal point is. */
		*out = json_loadb(digits.ptr, digits.len, JSON_DECODE_ANY, &error);
		if (!*out && json_error_code(&error) == json_error_numeric_overflow)
			return fail(parser, from,
				    "the number is too large. Numbers lie within "
				    "1.8e308");
		return *out ? ERR_OK : err_memory(parser->err);
	}
	if (!text_to_int(digits, &number))
		return fail(parser, from,
			    "the integer is too large. Integers lie within 64 bits; "
			    "send a larger one as a string");
	*out = json_integer(number);
	return *out ? ERR_OK : err_memory(parser->err);
}

static enum err_code read_word(struct parser *parser, json_t **out)
{
	struct text rest = {parser->at, (size_t)(parser->end - parser->at)};

	if (text_starts(rest, TEXT("true"))) {
		parser->at += 4;
		*out = json_true();
	} else if (text_starts(rest, TEXT("false"))) {
		parser->at += 5;
		*out = json_false();
	} else if (text_starts(rest, TEXT("null"))) {
		parser->at += 4;
		*out = json_null();
	} else {
		return fail_here(parser, NOT_JSON);
	}
	return ERR_OK;
}

/* Give `value` to the container it stands in, or make it the root. It is taken in any case. */
static enum err_code attach(struct parser *parser, json_t *take_value)
{
	if (parser->depth == 0) {
		parser->root = take_value;
		return ERR_OK;
	}
	json_t *into = parser->levels[parser->depth - 1].value;

	if (!parser->levels[parser->depth - 1].object)
		return json_array_append_new(into, take_value) == 0 ? ERR_OK
								    : err_memory(parser->err);
	size_t size = json_object_size(into);

	if (json_object_setn_new_nocheck(into, parser->key.ptr, parser->key.len, take_value) != 0)
		return err_memory(parser->err);
	/* A second value for a key replaced the first one. */
	return json_object_size(into) > size ? ERR_OK : fail_duplicate(parser);
}

static enum err_code open_level(struct parser *parser)
{
	bool object = *parser->at == '{';

	if (parser->depth >= parser->depth_max) {
		char words[120];

		snprintf(words, sizeof words,
			 "the JSON is nested too deep. At most %zu arrays "
			 "and objects may be open at once",
			 parser->depth_max);
		return fail(parser, parser->at, words);
	}
	json_t *value = object ? json_object() : json_array();
	enum err_code code = value ? attach(parser, value) : err_memory(parser->err);

	if (code != ERR_OK)
		return code;
	parser->levels[parser->depth++] = (struct level){value, object, true};
	parser->at++;
	return ERR_OK;
}

/* The value that begins here, and for a container its opening bracket only. */
static enum err_code read_value(struct parser *parser)
{
	enum err_code code;
	struct text text;
	json_t *value = NULL;
	char c = parser->at < parser->end ? *parser->at : '\0';

	if (parser->limits->values_max > 0 && ++parser->values > parser->limits->values_max)
		return err_set(parser->err, ERR_TOO_LARGE, "",
			       "The JSON holds more than %zu values. Send it in several parts.",
			       parser->limits->values_max);
	if (c == '{' || c == '[')
		return open_level(parser);
	if (c == '"') {
		code = read_string(parser, &parser->text_buf, &text);
		if (code == ERR_OK) {
			value = json_stringn_nocheck(text.ptr, text.len);
			code = value ? ERR_OK : err_memory(parser->err);
		}
	} else if (c == '-' || (c >= '0' && c <= '9')) {
		code = read_number(parser, &value);
	} else {
		code = read_word(parser, &value);
	}
	return code == ERR_OK ? attach(parser, value) : code;
}

static enum err_code read_key(struct parser *parser)
{
	if (!is_next(parser, '"'))
		return fail_here(parser, "a key in double quotes is expected. Look for a comma too "
					 "many");
	parser->key_at = parser->at;
	enum err_code code = read_string(parser, &parser->key_buf, &parser->key);

	if (code != ERR_OK)
		return code;
	skip_blanks(parser);
	if (!is_next(parser, ':'))
		return fail_here(parser, "a colon is expected behind the key");
	parser->at++;
	skip_blanks(parser);
	return ERR_OK;
}

/* One step inside the innermost container: its end, or its next value. */
static enum err_code step(struct parser *parser)
{
	struct level *level = &parser->levels[parser->depth - 1];

	skip_blanks(parser);
	if (is_next(parser, level->object ? '}' : ']')) {
		parser->at++;
		parser->depth--;
		return ERR_OK;
	}
	if (!level->empty) {
		if (!is_next(parser, ','))
			return fail_here(parser, level->object ? "a comma or } is expected here"
							       : "a comma or ] is expected here");
		parser->at++;
		skip_blanks(parser);
	}
	level->empty = false;
	if (level->object) {
		enum err_code code = read_key(parser);

		if (code != ERR_OK)
			return code;
	}
	return read_value(parser);
}

static enum err_code run(struct parser *parser)
{
	skip_blanks(parser);
	if (parser->at == parser->end)
		return err_set(parser->err, ERR_INVALID_JSON, "",
			       "There is no JSON: the text is empty. Send an object, at least {}.");
	enum err_code code = read_value(parser);

	while (code == ERR_OK && parser->depth > 0)
		code = step(parser);
	if (code != ERR_OK)
		return code;
	skip_blanks(parser);
	if (parser->at < parser->end)
		return fail_here(parser, "there is more text behind the JSON value. Send one value "
					 "and nothing else");
	return ERR_OK;
}

enum err_code parse_json(struct text bytes, const struct parse_limits *limits, json_t **out,
			 struct err *err)
{
	struct parser parser;

	if (bytes.len > limits->bytes_max)
		return err_set(err, ERR_TOO_LARGE, "",
			       "The JSON has %zu bytes; at most %zu are taken. Send less at once.",
			       bytes.len, limits->bytes_max);
	if (!bytes.ptr)
		bytes = TEXT("");
	if (text_starts(bytes, BYTE_ORDER_MARK))
		bytes = text_skip(bytes, BYTE_ORDER_MARK.len);
	/* Field by field: clearing all levels would cost as much as reading a short text. */
	parser.start = parser.at = bytes.ptr;
	parser.end = bytes.ptr + bytes.len;
	parser.limits = limits;
	parser.depth = parser.values = 0;
	parser.depth_max = limits->depth_max;
	if (parser.depth_max > PARSE_DEPTH_MAX)
		parser.depth_max = PARSE_DEPTH_MAX;
	parser.root = NULL;
	parser.err = err;
	buf_init(&parser.key_buf, bytes.len);
	buf_init(&parser.text_buf, bytes.len);
	enum err_code code = run(&parser);

	buf_release(&parser.key_buf);
	buf_release(&parser.text_buf);
	if (code != ERR_OK) {
		json_decref(parser.root);
		return code;
	}
	*out = parser.root;
	return ERR_OK;
}
