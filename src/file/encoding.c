#include "file/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <uchardet.h>

/* Enough non-ASCII bytes for letter statistics to mean something. */
#define ADVICE_BYTES_MIN 48

struct bytes_seen {
	size_t high;       /* bytes >= 0x80 */
	size_t high_pairs; /* of those, the ones that follow another */
	size_t sequences;  /* well-formed UTF-8 beyond ASCII */
	size_t broken;     /* bytes that are no part of one */
	size_t zeros[2];   /* NUL bytes at even and odd places */
};

/* Bytes of the well-formed sequence at the start; 0 when there is none. */
static size_t sequence_len(struct text at)
{
	for (size_t len = 2; len <= 4 && len <= at.len; len++) {
		if (text_is_utf8((struct text){at.ptr, len}))
			return len;
	}
	return 0;
}

/* True when the text could go on as a sequence that the end of the sample has cut. */
static bool is_cut(struct text at)
{
	unsigned char first = (unsigned char)at.ptr[0];

	if (first < 0xC2 || first > 0xF4 || at.len > 3)
		return false;
	for (size_t i = 1; i < at.len; i++) {
		if (((unsigned char)at.ptr[i] & 0xC0) != 0x80)
			return false;
	}
	return at.len < (first < 0xE0 ? 2u : first < 0xF0 ? 3u : 4u);
}

static struct bytes_seen look_at(struct text sample)
{
	struct bytes_seen seen = {0};
	size_t i = 0;

	for (size_t k = 0; k < sample.len; k++) {
		bool is_high = (unsigned char)sample.ptr[k] >= 0x80;

		seen.high += is_high;
		seen.high_pairs += is_high && k > 0 && (unsigned char)sample.ptr[k - 1] >= 0x80;
		seen.zeros[k % 2] += sample.ptr[k] == 0;
	}
	while (i < sample.len) {
		if ((unsigned char)sample.ptr[i] < 0x80) {
			i++;
			continue;
		}
		size_t len = sequence_len(text_skip(sample, i));

		if (len == 0 && is_cut(text_skip(sample, i)))
			break;
		seen.sequences += len > 0;
		seen.broken += len == 0;
		i += len ? len : 1;
	}
	return seen;
}

/*
 * The advice of letter statistics, for scripts they tell apart. Latin text is left to
 * Windows-1252 unless there is much of it: a few accents look like anything.
 */
static const char *advised(struct text sample, const struct bytes_seen *seen)
{
	static const char *const dense[] = {"WINDOWS-1251", "WINDOWS-1253", "WINDOWS-1255",
					    "WINDOWS-1256", "KOI8-R",       "ISO-8859-5",
					    "ISO-8859-7",   "SHIFT_JIS",    "EUC-JP",
					    "EUC-KR",       "GB18030",      "BIG5"};
	static const char *const sparse[] = {"WINDOWS-1250", "ISO-8859-2", "WINDOWS-1254",
					     "WINDOWS-1257"};
	bool is_dense = seen->high_pairs * 2 > seen->high;
	const char *const *list = is_dense ? dense : sparse;
	size_t count = is_dense ? ARRAY_LEN(dense) : ARRAY_LEN(sparse);
	const char *found = NULL;

	if (!is_dense && seen->high < ADVICE_BYTES_MIN)
		return NULL;
	uchardet_t detector = uchardet_new();

	if (!detector)
		return NULL;
	if (uchardet_handle_data(detector, sample.ptr, sample.len) == 0) {
		uchardet_data_end(detector);
		struct text advice = text_of(uchardet_get_charset(detector));

		for (size_t i = 0; i < count && !found; i++) {
			if (text_is_nocase(advice, text_of(list[i])))
				found = list[i];
		}
	}
	uchardet_delete(detector);
	return found;
}

const char *encoding_detect(struct text sample, size_t *out_bom_bytes)
{
	*out_bom_bytes = 0;
	if (text_starts(sample, TEXT("\xEF\xBB\xBF"))) {
		*out_bom_bytes = 3;
		return "UTF-8";
	}
	if (text_starts(sample, TEXT("\xFF\xFE")) || text_starts(sample, TEXT("\xFE\xFF"))) {
		*out_bom_bytes = 2;
		return sample.ptr[0] == '\xFF' ? "UTF-16LE" : "UTF-16BE";
	}
	struct bytes_seen seen = look_at(sample);
	size_t even = seen.zeros[0], odd = seen.zeros[1];

	/* In UTF-16 at least the separators have a zero half, always on the same side. */
	if ((even + odd) * 32 > sample.len && (odd > even * 4 || even > odd * 4))
		return odd > even ? "UTF-16LE" : "UTF-16BE";
	if (seen.high == 0)
		return NULL;
	/* A few broken bytes among much UTF-8 are damage to some rows, not another encoding. */
	if (seen.broken * 4 <= seen.sequences)
		return "UTF-8";
	const char *advice = advised(sample, &seen);

	return advice ? advice : "WINDOWS-1252";
}

/* The name iconv gets: what calls itself Latin-1 is Windows-1252 in practice. */
static struct text usual_name(struct text name)
{
	static const char *const latin[] = {"ISO-8859-1", "ISO8859-1", "LATIN1",
					    "LATIN-1",    "CP1252",    "WINDOWS1252"};

	for (size_t i = 0; i < ARRAY_LEN(latin); i++) {
		if (text_is_nocase(name, text_of(latin[i])))
			return TEXT("WINDOWS-1252");
	}
	if (text_is_nocase(name, TEXT("UTF8")) || text_is_nocase(name, TEXT("UTF-8")))
		return TEXT("UTF-8");
	/* Without a byte order iconv would want a mark, which has been dropped. */
	if (text_is_nocase(name, TEXT("UTF-16")) || text_is_nocase(name, TEXT("UTF16")))
		return TEXT("UTF-16LE");
	return name;
}

enum err_code encoding_init(struct encoding *encoding, struct text name, struct err *err)
{
	struct encoding made = {.iconv = NULL};
	struct text usual = usual_name(name);
	/* What follows a slash would be an instruction to iconv. */
	bool fits = usual.len > 0 && usual.len < sizeof made.name &&
		    !memchr(usual.ptr, '/', usual.len);

	if (fits)
		memcpy(made.name, usual.ptr, usual.len);
	if (fits && !text_is(usual, TEXT("UTF-8"))) {
		iconv_t opened = iconv_open("UTF-8", made.name);

		if (opened == (iconv_t)-1 && errno == ENOMEM)
			return err_memory(err);
		fits = opened != (iconv_t)-1;
		made.iconv = fits ? opened : NULL;
	}
	if (!fits)
		return err_set(err, ERR_INVALID_INPUT, "",
			       "The encoding \"%.*s\" is not known; use for example \"UTF-8\" or "
			       "\"WINDOWS-1252\".",
			       TEXT_ARG(name));
	*encoding = made;
	return ERR_OK;
}

void encoding_release(struct encoding *encoding)
{
	if (encoding->iconv)
		iconv_close((iconv_t)encoding->iconv);
	*encoding = (struct encoding){.iconv = NULL};
}

/*
 * Convert what can be; *at and *left stand behind it afterwards. Answers 0, EINVAL for a
 * character cut by the end, EILSEQ for one that is none, or ENOMEM.
 */
static int convert(struct encoding *encoding, char **at, size_t *left, struct buf *out)
{
	while (*left > 0) {
		/* No encoding in use needs more than 3 bytes of UTF-8 for one of its own. */
		size_t room = *left * 3 + 8, free_bytes = room;
		char *to = buf_reserve(out, room);

		if (!to)
			return ENOMEM;
		size_t done = iconv((iconv_t)encoding->iconv, at, left, &to, &free_bytes);

		buf_commit(out, room - free_bytes);
		if (done != (size_t)-1)
			return 0;
		if (errno != E2BIG)
			return errno;
	}
	return 0;
}

static bool is_wide(const struct encoding *encoding)
{
	return strncmp(encoding->name, "UTF-16", 6) == 0;
}

/* Convert `bytes` and mark what is no character; what the end cuts stays in *bytes. */
static enum err_code convert_all(struct encoding *encoding, struct text *bytes, struct buf *out,
				 struct err *err)
{
	char *at = (char *)(uintptr_t)bytes->ptr; /* iconv's type; it does not write there */
	size_t left = bytes->len;
	int problem = convert(encoding, &at, &left, out);

	while (problem == EILSEQ) {
		size_t unit = is_wide(encoding) && left > 1 ? 2 : 1;

		buf_add_char(out, ENCODING_INVALID);
		iconv((iconv_t)encoding->iconv, NULL, NULL, NULL, NULL);
		at += unit;
		left -= unit;
		problem = convert(encoding, &at, &left, out);
	}
	if (problem == ENOMEM || out->failed)
		return err_memory(err);
	*bytes = (struct text){at, left};
	return ERR_OK;
}

/* Finish the character that the last block began, with the first bytes of this one. */
static enum err_code use_carry(struct encoding *encoding, struct text *bytes, struct buf *out,
			       struct err *err)
{
	while (encoding->carry_len > 0 && bytes->len > 0) {
		struct text carry = {encoding->carry, encoding->carry_len + 1};

		encoding->carry[encoding->carry_len++] = bytes->ptr[0];
		*bytes = text_skip(*bytes, 1);
		enum err_code code = convert_all(encoding, &carry, out, err);

		if (code != ERR_OK)
			return code;
		memmove(encoding->carry, carry.ptr, carry.len);
		encoding->carry_len = carry.len;
		if (carry.len == sizeof encoding->carry) {
			buf_add_char(out, ENCODING_INVALID);
			encoding->carry_len = 0;
		}
	}
	return ERR_OK;
}

enum err_code encoding_decode(struct encoding *encoding, struct text bytes, bool is_last,
			      struct buf *out, struct err *err)
{
	if (!encoding->iconv) {
		buf_add(out, bytes);
		return out->failed ? err_memory(err) : ERR_OK;
	}
	enum err_code code = use_carry(encoding, &bytes, out, err);

	if (code == ERR_OK && bytes.len > 0)
		code = convert_all(encoding, &bytes, out, err);
	if (code != ERR_OK)
		return code;
	if (bytes.len > sizeof encoding->carry - 1)
		return err_internal(err, "iconv kept %zu bytes of %s", bytes.len, encoding->name);
	if (bytes.len > 0) {
		memcpy(encoding->carry, bytes.ptr, bytes.len);
		encoding->carry_len = bytes.len;
	}
	if (is_last && encoding->carry_len > 0) {
		buf_add_char(out, ENCODING_INVALID);
		encoding->carry_len = 0;
	}
	return out->failed ? err_memory(err) : ERR_OK;
}
