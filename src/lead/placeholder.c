#include "lead/placeholder.h"

#include <stdlib.h>
#include <utf8proc.h>

/* Longer values are not words for "nothing". */
#define WORD_BYTES_MAX 32

/*
 * In strcmp order. Lower case; every run of blanks and of . / _ - is one space, and brackets,
 * quotes and other marks at the ends are gone.
 */
static const char *const words[] = {
	"asdf", "aucun", "aucune", "blank", "brak", "deleted", "desconocido", "dummy", "empty",
	"error", "inconnu", "invalid", "k a", "keine", "keine angabe", "missing", "n a", "na",
	"nan", "nenhum", "nessuno", "nil", "ninguno", "no data", "no email", "no linkedin",
	"no value", "none", "not applicable", "not available", "not defined", "not disclosed",
	"not found", "not given", "not known", "not provided", "not set", "not specified",
	"nothing", "null", "onbekend", "placeholder", "private", "redacted", "sconosciuto", "t b d",
	"tba", "tbc", "tbd", "test", "testing", "to be confirmed", "to be defined",
	"to be determined", "unavailable", "unbekannt", "undefined", "unknown", "unspecified",
	"xx", "xxx", "xxxx", "нет", "なし", "无", "無",
};

/* What spreadsheets show behind a '#'; in strcmp order, written as in `words`. */
static const char *const sheet_errors[] = {
	"blocked!", "busy!", "calc!", "connect!", "div 0!", "error!", "field!", "getting data",
	"n a", "name?", "null!", "num!", "ref!", "spill!", "unknown!", "value!",
};

/* Local parts that say "no address" at any domain; in strcmp order. */
static const char *const no_mailboxes[] = {
	"email_not_unlocked", "emailnotavailable", "no-email", "no-mail", "no.email", "no_email",
	"noaddress", "noemail", "noemailprovided", "nomail", "none", "not-available",
	"not-provided", "notavailable", "notprovided", "null", "undefined", "unknown",
};

/* Whole addresses that are typed to get past a form; in strcmp order. */
static const char *const fake_addresses[] = {
	"a@a.com", "a@b.com", "aa@aa.com", "aaa@aaa.com", "abc@abc.com", "abc@xyz.com",
	"asd@asd.com", "asdf@asdf.com", "email@domain.com", "email@email.com", "fake@fake.com",
	"foo@bar.com", "n@a.com", "na@na.com", "name@company.com", "name@domain.com", "no@no.com",
	"test@domain.com", "test@email.com", "test@test.com", "test@test.test", "user@domain.com",
	"x@x.com", "xx@xx.com", "xxx@xxx.com", "you@company.com", "you@domain.com",
	"your@email.com", "youremail@domain.com", "youremail@email.com", "yourname@domain.com",
	"yourname@email.com",
};

static int compare_word(const void *key, const void *row)
{
	const struct text *text = key;
	const char *word = *(const char *const *)row;

	/* Most steps of a search end at the first letter. */
	if (text->len > 0 && text->ptr[0] != word[0])
		return (unsigned char)text->ptr[0] - (unsigned char)word[0];
	size_t len = strlen(word);
	int order = memcmp(text->ptr, word, text->len < len ? text->len : len);

	return order ? order : (text->len > len) - (text->len < len);
}

static bool is_listed(struct text text, const char *const *list, size_t count)
{
	return bsearch(&text, list, count, sizeof *list, compare_word) != NULL;
}

static bool is_ascii(struct text text)
{
	size_t i = 0;

	for (; i + sizeof(uint64_t) <= text.len; i += sizeof(uint64_t)) {
		uint64_t bytes;

		memcpy(&bytes, text.ptr + i, sizeof bytes);
		if (bytes & UINT64_C(0x8080808080808080))
			return false;
	}
	for (; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* The character that begins at `text` and its length; 0xFFFD and 1 where it is not UTF-8. */
static int32_t character(struct text text, size_t *out_len)
{
	int32_t c;

	if ((unsigned char)text.ptr[0] < 0x80) {
		*out_len = 1;
		return text.ptr[0];
	}
	utf8proc_ssize_t len =
		utf8proc_iterate((const uint8_t *)text.ptr, (utf8proc_ssize_t)text.len, &c);

	*out_len = len > 0 ? (size_t)len : 1;
	return len > 0 ? c : 0xFFFD;
}

static bool is_blank(int32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x3000;
}

static bool is_invisible(int32_t c)
{
	return c == 0xAD || c == 0x61C || c == 0x180E || c == 0x200B || c == 0x200E ||
	       c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x2069) ||
	       c == 0xFEFF;
}

static bool is_joiner(int32_t c)
{
	return c == 0x200C || c == 0x200D;
}

static bool is_unseen(int32_t c)
{
	if (c > ' ' && c < 0x7F)
		return false;
	return is_blank(c) || is_invisible(c) || is_joiner(c);
}

static struct text trim(struct text text)
{
	size_t len;

	while (text.len > 0 && is_unseen(character(text, &len)))
		text = text_skip(text, len);
	while (text.len > 0) {
		size_t at = text.len - 1;

		while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80)
			at--;
		struct text last = {text.ptr + at, text.len - at};

		if (!is_unseen(character(last, &len)))
			break;
		text.len = at;
	}
	return text;
}

struct text placeholder_strip(struct arena *arena, struct text utf8)
{
	struct text text = trim(utf8);

	if (is_ascii(text))
		return text;
	char *out = arena_take(arena, text.len);
	size_t used = 0;

	if (!out)
		return TEXT_NONE;
	while (text.len > 0) {
		size_t len;

		if (!is_invisible(character(text, &len))) {
			memcpy(out + used, text.ptr, len);
			used += len;
		}
		text = text_skip(text, len);
	}
	return (struct text){out, used};
}

static bool starts_nocase(struct text text, struct text prefix)
{
	return text.len >= prefix.len &&
	       text_is_nocase((struct text){text.ptr, prefix.len}, prefix);
}

/* The part between the places; `to` may not lie before `from`. */
static struct text between(const char *from, const char *to)
{
	return (struct text){from, (size_t)(to - from)};
}

static struct text peel_formula(struct text text)
{
	const char *end = text.ptr + text.len;
	const char *open = memchr(text.ptr, '"', text.len);
	const char *close = open ? memchr(open + 1, '"', (size_t)(end - open - 1)) : NULL;

	return close ? between(open + 1, close) : text;
}

/* [words](target) gives the target, which may itself hold brackets. */
static struct text peel_link(struct text text)
{
	const char *middle = memmem(text.ptr, text.len, "](", 2);

	if (!middle || text.ptr[text.len - 1] != ')')
		return text;
	return between(middle + 2, text.ptr + text.len - 1);
}

/* What stands in the last <…>. Closing ones without an opening one go together: one scan. */
static struct text peel_angles(struct text text)
{
	const char *open = memrchr(text.ptr, '<', text.len);

	if (open)
		return between(open + 1, text.ptr + text.len - 1);
	while (text.len > 1 && text.ptr[text.len - 1] == '>')
		text.len--;
	return text;
}

/* One layer less, or the same text when there is none. */
static struct text peel(struct text text)
{
	text = trim(text);
	if (text.len < 2)
		return text;
	char first = text.ptr[0], last = text.ptr[text.len - 1];

	if (starts_nocase(text, TEXT("=hyperlink(")))
		return peel_formula(text);
	if (first == '[' && last == ')')
		return peel_link(text);
	if (last == '>')
		return peel_angles(text);
	if ((first == '"' && last == '"') || (first == '(' && last == ')') ||
	    (first == '[' && last == ']'))
		return (struct text){text.ptr + 1, text.len - 2};
	if (first == '\'' || first == '<')
		return text_skip(text, 1);
	if (strchr(",;.'\"", last) && last)
		text.len--;
	return text;
}

struct text placeholder_unwrap(struct text text)
{
	size_t before;

	/* Each turn makes it shorter, so that this ends. */
	text = trim(text);
	do {
		before = text.len;
		text = peel(text);
	} while (text.len < before);
	return text;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct text placeholder_decode(struct arena *arena, struct text text)
{
	if (text.len == 0 || !memchr(text.ptr, '%', text.len))
		return text;
	char *out = arena_take(arena, text.len);
	size_t used = 0;

	if (!out)
		return TEXT_NONE;
	for (size_t i = 0; i < text.len; i++) {
		bool escape = text.ptr[i] == '%' && text.len - i > 2;
		int high = escape ? hex_digit(text.ptr[i + 1]) : -1;
		int low = escape ? hex_digit(text.ptr[i + 2]) : -1;

		if (high < 0 || low < 0) {
			out[used++] = text.ptr[i];
			continue;
		}
		out[used++] = (char)(high << 4 | low);
		i += 2;
	}
	return (struct text){out, used};
}

static struct text lower_ascii(struct arena *arena, struct text text)
{
	size_t i = 0;

	while (i < text.len && !is_upper(text.ptr[i]))
		i++;
	if (i == text.len)
		return text;
	char *out = arena_take(arena, text.len);

	if (!out)
		return TEXT_NONE;
	for (i = 0; i < text.len; i++)
		out[i] = is_upper(text.ptr[i]) ? (char)(text.ptr[i] | 0x20) : text.ptr[i];
	return (struct text){out, text.len};
}

static int32_t lower_character(int32_t c, void *unused)
{
	(void)unused;
	return utf8proc_tolower(c);
}

/* Each character through `map` (may be NULL), then normal form C. */
static struct text compose(struct arena *arena, struct text text, utf8proc_custom_func map)
{
	const uint8_t *from = (const uint8_t *)text.ptr;
	utf8proc_ssize_t len = (utf8proc_ssize_t)text.len;
	utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	utf8proc_ssize_t count = utf8proc_decompose_custom(from, len, NULL, 0, options, map, NULL);
	size_t bytes;

	/* One more, because re-encoding in place ends with a NUL. */
	if (count < 0 || !size_multiply((size_t)count + 1, sizeof(int32_t), &bytes))
		return TEXT_NONE;
	int32_t *out = arena_take(arena, bytes);

	if (!out || utf8proc_decompose_custom(from, len, out, count, options, map, NULL) < 0)
		return TEXT_NONE;
	len = utf8proc_reencode(out, count, options);
	return len < 0 ? TEXT_NONE : (struct text){(const char *)out, (size_t)len};
}

struct text placeholder_fold(struct arena *arena, struct text utf8)
{
	if (is_ascii(utf8))
		return lower_ascii(arena, utf8);
	/* Composed first, so that a capital and its parts take the same way down. */
	struct text composed = compose(arena, utf8, NULL);

	return composed.ptr ? compose(arena, composed, lower_character) : composed;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '.' || c == '/' || c == '_' || c == '-' || c == '\t';
}

/* `value` as `words` are written, into `out`; false when it is too long to be one of them. */
static bool spell_word(struct text value, char out[WORD_BYTES_MAX], size_t *out_len)
{
	size_t len = 0;

	if (value.len > WORD_BYTES_MAX)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];

		if (!is_separator(c))
			out[len++] = is_upper(c) ? (char)(c | 0x20) : c;
		else if (len > 0 && out[len - 1] != ' ')
			out[len++] = ' ';
	}
	while (len > 0 && out[len - 1] == ' ')
		len--;
	*out_len = len;
	return true;
}

/* Nothing but ASCII marks and dashes: it holds no letter, digit or sign of any script. */
static bool is_only_marks(struct text value)
{
	while (value.len > 0) {
		size_t len;
		int32_t c = character(value, &len);
		bool dash = (c >= 0x2010 && c <= 0x2015) || c == 0x2026 || c == 0x2212;
		bool word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

		if (!dash && (word || c >= 0x80))
			return false;
		value = text_skip(value, len);
	}
	return true;
}

static bool is_mark(char c)
{
	return memchr("()[]{}<>\"'*!?:", c, 14) != NULL;
}

bool placeholder_is(struct text value)
{
	char spelled[WORD_BYTES_MAX];
	struct text word = {spelled, 0};

	value = trim(value);
	if (is_only_marks(value))
		return true;
	if (value.ptr[0] == '#')
		return spell_word(text_skip(value, 1), spelled, &word.len) &&
		       is_listed(word, sheet_errors, ARRAY_LEN(sheet_errors));
	while (value.len > 0 && is_mark(value.ptr[0]))
		value = text_skip(value, 1);
	while (value.len > 0 && is_mark(value.ptr[value.len - 1]))
		value.len--;
	return spell_word(value, spelled, &word.len) && is_listed(word, words, ARRAY_LEN(words));
}

bool placeholder_email(struct text key)
{
	struct text domain;
	struct text local = text_split(key, '@', &domain);
	static const struct text never = {".invalid", 8};

	if (domain.len >= never.len && text_is(text_skip(domain, domain.len - never.len), never))
		return true; /* RFC 2606: a domain that cannot exist */
	return is_listed(local, no_mailboxes, ARRAY_LEN(no_mailboxes)) ||
	       is_listed(key, fake_addresses, ARRAY_LEN(fake_addresses));
}
