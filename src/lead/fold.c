#include "lead/fold.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "lead/email.h"
#include "lead/linkedin.h"

/* As many as one character can become, e.g. a ligature. */
#define PARTS_MAX 24
#define FOLDED_BYTES_MAX ((size_t)1024 * 1024)

static bool is_ascii(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] >= 0x80)
			return false;
	}
	return true;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Lower case, and runs of blanks as one; none at the ends. */
static void add_squeezed(struct text text, struct buf *out)
{
	char *to = text.len ? buf_reserve(out, text.len) : NULL;
	size_t len = 0;
	bool gap = false;

	if (!to)
		return;
	for (size_t i = 0; i < text.len; i++) {
		if (is_blank(text.ptr[i])) {
			gap = len > 0;
			continue;
		}
		if (gap)
			to[len++] = ' ';
		gap = false;
		to[len++] = lower(text.ptr[i]);
	}
	buf_commit(out, len);
}

void fold_add(struct text text, struct buf *out)
{
	utf8proc_uint8_t *folded = NULL;

	if (text.len == 0)
		return;
	if (is_ascii(text)) {
		add_squeezed(text, out);
		return;
	}
	utf8proc_ssize_t len = utf8proc_map((const utf8proc_uint8_t *)text.ptr,
					    (utf8proc_ssize_t)text.len, &folded,
					    UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
						    UTF8PROC_CASEFOLD | UTF8PROC_IGNORE |
						    UTF8PROC_STRIPMARK);

	if (len == UTF8PROC_ERROR_NOMEM)
		out->failed = true;
	else if (len < 0)
		add_squeezed(text, out);
	else
		add_squeezed((struct text){(const char *)folded, (size_t)len}, out);
	free(folded);
}

struct text fold_text(struct arena *arena, struct text text)
{
	struct buf buf;

	buf_init_arena(&buf, arena, FOLDED_BYTES_MAX);
	fold_add(text, &buf);
	if (buf.failed)
		return TEXT_NONE;
	return buf.len ? buf_text(&buf) : TEXT("");
}

/* True for an address that is its own form but for case; anything else is taken apart. */
static bool is_plain_address(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		char c = lower(text.ptr[i]);

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') &&
		    (c == '\0' || !strchr("@.-_+", c)))
			return false;
	}
	return text.len > 0;
}

static enum err_code address_form(struct arena *arena, struct text value, struct text *out,
				  struct err *err)
{
	struct email email = {.key = TEXT_NONE};

	if (!is_plain_address(value) && email_parse(arena, value, &email, err) != ERR_OK)
		return err->code;
	*out = email.key.ptr ? email.key : fold_text(arena, value);
	return out->ptr ? ERR_OK : err_memory(err);
}

/* Lower case letters, digits and '-': a profile's name as it is kept. */
static bool is_plain_slug(struct text text)
{
	enum { TOKEN_LEN = 39 };

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return text.len > 0 && text.len < TOKEN_LEN;
}

static enum err_code profile_form(struct arena *arena, enum field_id field, struct text value,
				  struct text *out, struct err *err)
{
	struct linkedin linkedin;

	*out = value;
	if (field == FIELD_LINKEDIN && is_plain_slug(value))
		return ERR_OK;
	if (linkedin_parse(arena, value, true, &linkedin, err) != ERR_OK)
		return err->code;
	if (field == FIELD_LINKEDIN && linkedin.slug.len)
		*out = linkedin.slug;
	else if (linkedin.member)
		*out = arena_format(arena, "#%lu", (unsigned long)linkedin.member);
	else
		*out = text_trim(value);
	return out->ptr ? ERR_OK : err_memory(err);
}

static enum err_code number_form(struct arena *arena, struct text value, struct text *out,
				 struct err *err)
{
	char *digits = arena_take(arena, value.len + 1);
	size_t len = 0;

	if (!digits)
		return err_memory(err);
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] >= '0' && value.ptr[i] <= '9')
			digits[len++] = value.ptr[i];
	}
	*out = len ? (struct text){digits, len} : fold_text(arena, value);
	return out->ptr ? ERR_OK : err_memory(err);
}

enum err_code fold_value(struct arena *arena, enum field_id field, struct text value,
			 struct text *out, struct err *err)
{
	value = text_trim(value);
	switch (field) {
	case FIELD_EMAIL:
	case FIELD_PERSONAL_EMAIL:
		return address_form(arena, value, out, err);
	case FIELD_LINKEDIN:
	case FIELD_LN_ID:
	case FIELD_SN_ID:
		return profile_form(arena, field, value, out, err);
	case FIELD_PHONE:
	case FIELD_PERSONAL_PHONE:
		return number_form(arena, value, out, err);
	default:
		*out = fold_text(arena, value);
		return out->ptr ? ERR_OK : err_memory(err);
	}
}

/*
 * Letters and digits of all scripts make up words, as they do for the index; it refuses a word in
 * which it sees two. Its tables are older than ours where some vowel signs are concerned.
 */
bool fold_is_word_char(int32_t c)
{
	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
		return (c < 0x19B0 || c > 0x19C9) && c != 0x1CF2 && c != 0x1CF3;
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
	case UTF8PROC_CATEGORY_CO:
		return true;
	default:
		return false;
	}
}

bool fold_is_accent(int32_t c)
{
	return c >= 0x300 && c <= 0x36F;
}

/* The next character off *rest; a byte that begins none is taken for a blank. */
static int32_t next_char(struct text *rest)
{
	unsigned char first = (unsigned char)rest->ptr[0];
	int32_t c = first;
	utf8proc_ssize_t len = 1;

	if (first >= 0x80)
		len = utf8proc_iterate((const utf8proc_uint8_t *)rest->ptr,
				       (utf8proc_ssize_t)rest->len, &c);
	*rest = text_skip(*rest, len > 0 ? (size_t)len : 1);
	return len > 0 ? c : ' ';
}

/* Append character `c`, folded, to the word. */
static size_t add_char(struct fold_word *word, size_t count, int32_t c)
{
	int32_t parts[PARTS_MAX] = {lower((char)(c & 0x7F))};
	utf8proc_ssize_t made = 1;
	int boundary = 0;

	if (c >= 0x80)
		made = utf8proc_decompose_char(c, parts, PARTS_MAX,
					       UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
						       UTF8PROC_STRIPMARK,
					       &boundary);
	for (utf8proc_ssize_t i = 0; i < made && i < PARTS_MAX; i++, count++) {
		if (count < FOLD_BEGINNING_MAX)
			word->begins[count] = parts[i];
		else
			word->is_longer = true;
	}
	return count;
}

bool fold_next_word(struct text *rest, struct fold_word *out)
{
	struct fold_word word = {{0}, false};
	size_t count = 0;

	while (rest->len > 0) {
		int32_t c = next_char(rest);

		if (fold_is_word_char(c))
			count = word.is_longer ? count : add_char(&word, count, c);
		else if (count > 0 && !fold_is_accent(c))
			break;
	}
	if (count > 0)
		*out = word;
	return count > 0;
}
