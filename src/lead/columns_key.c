#include "lead/columns_key.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Bytes that separate or decorate the words of a header and do not tell two headers apart. */
static bool is_filler(char c)
{
	return c == ' ' || c == '_' || c == '-' || c == '"' || c == '\'' || c == '*' || c == ':' ||
	       (c >= '\t' && c <= '\r');
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_ascii(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static void squeeze(struct text text, struct columns_key *out)
{
	out->len = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!is_filler(text.ptr[i]))
			out->bytes[out->len++] = lower(text.ptr[i]);
	}
}

bool columns_key_of(struct text header, struct columns_key *out)
{
	if (header.len > COLUMNS_KEY_BYTES)
		return false;
	if (is_ascii(header)) {
		squeeze(header, out);
		return true;
	}
	/* Without marks "Société" and "Societe" agree; a byte-order mark is ignorable. */
	utf8proc_uint8_t *folded = NULL;
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)header.ptr,
					    (utf8proc_ssize_t)header.len, &folded,
					    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
						    UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
						    UTF8PROC_STRIPMARK);
	bool fits = len >= 0 && len <= COLUMNS_KEY_BYTES;

	if (fits)
		squeeze((struct text){(const char *)folded, (size_t)len}, out);
	free(folded);
	return fits;
}

bool columns_key_is(const struct columns_key *key, const char *listed)
{
	size_t i = 0;

	for (; *listed; listed++) {
		if (is_filler(*listed))
			continue;
		if (i == key->len || key->bytes[i] != lower(*listed))
			return false;
		i++;
	}
	return i == key->len;
}
