/*
 * parse_json against jansson's own reader: both take the same texts and see the same value in
 * them, and what was read is written and read back unchanged. Texts with a NUL are left out of the
 * comparison: jansson lets one pass behind a number.
 */
#include <stdlib.h>

#include "json/parse.h"
#include "json/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct parse_limits limits = {.bytes_max = 1 << 20, .depth_max = PARSE_DEPTH_MAX};

static void write_and_read(const json_t *value)
{
	struct buf first, second;
	struct err err;
	json_t *again = NULL;

	buf_init(&first, 1 << 24);
	buf_init(&second, 1 << 24);
	struct writer writer = writer_on(&first);

	writer_value(&writer, value);
	if (parse_json(buf_text(&first), &limits, &again, &err) != ERR_OK)
		abort();
	writer = writer_on(&second);
	writer_value(&writer, again);
	if (!text_is(buf_text(&first), buf_text(&second)))
		abort();
	json_decref(again);
	buf_release(&first);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text bytes = {(const char *)data, size};
	bool marked = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0;
	struct err err;
	json_t *value = NULL;
	bool nul = size > 0 && memchr(data, '\0', size);
	enum err_code code = parse_json(bytes, &limits, &value, &err);
	json_t *other = json_loadb(bytes.ptr + (marked ? 3 : 0), size - (marked ? 3 : 0),
				   JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

	if (code != ERR_OK && (value || !text_is_utf8(text_of(err.message)) || !err.message[0]))
		abort();
	bool deep = code != ERR_OK && strstr(err.message, "nested too deep");

	if (nul ? code == ERR_OK : (code == ERR_OK) != (other != NULL) && !deep)
		abort();
	if (code == ERR_OK) {
		if (!json_equal(value, other))
			abort();
		write_and_read(value);
	}
	json_decref(value);
	json_decref(other);
	return 0;
}
