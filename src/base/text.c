#include "base/text.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool text_is_nocase(struct text a, struct text b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	}
	return true;
}

struct text text_trim(struct text text)
{
	while (text.len > 0 && is_blank(text.ptr[0])) {
		text.ptr++;
		text.len--;
	}
	while (text.len > 0 && is_blank(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

struct text text_split(struct text text, char separator, struct text *rest)
{
	const char *at = text.len ? memchr(text.ptr, separator, text.len) : NULL;

	if (!at) {
		*rest = TEXT_NONE;
		return text;
	}
	size_t len = (size_t)(at - text.ptr);

	*rest = (struct text){at + 1, text.len - len - 1};
	return (struct text){text.ptr, len};
}

bool text_to_int(struct text text, int64_t *out)
{
	bool negative = text.len > 0 && text.ptr[0] == '-';
	int64_t value = 0;
	size_t i = negative ? 1 : 0;

	if (i == text.len)
		return false;
	for (; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
		int64_t digit = text.ptr[i] - '0';

		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	*out = value;
	return true;
}

/* Length of the sequence that begins with `first`, and the range of its second byte. */
static size_t sequence(unsigned char first, unsigned char *low, unsigned char *high)
{
	*low = 0x80;
	*high = 0xBF;
	if (first < 0x80)
		return 1;
	if (first >= 0xC2 && first <= 0xDF)
		return 2;
	if (first >= 0xE0 && first <= 0xEF) {
		*low = first == 0xE0 ? 0xA0 : 0x80;
		*high = first == 0xED ? 0x9F : 0xBF;
		return 3;
	}
	if (first >= 0xF0 && first <= 0xF4) {
		*low = first == 0xF0 ? 0x90 : 0x80;
		*high = first == 0xF4 ? 0x8F : 0xBF;
		return 4;
	}
	return 0;
}

bool text_is_utf8(struct text text)
{
	const unsigned char *at = (const unsigned char *)text.ptr;
	size_t i = 0;

	while (i < text.len) {
		unsigned char low, high;
		size_t len = sequence(at[i], &low, &high);

		if (len == 0 || len > text.len - i)
			return false;
		if (len > 1 && (at[i + 1] < low || at[i + 1] > high))
			return false;
		for (size_t k = 2; k < len; k++) {
			if ((at[i + k] & 0xC0) != 0x80)
				return false;
		}
		i += len;
	}
	return true;
}
