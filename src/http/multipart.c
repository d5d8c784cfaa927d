#include "http/multipart.h"

#include <stdlib.h>

enum state {
	STATE_PREAMBLE, /* what stands before the first delimiter is ignored */
	STATE_DELIMITED,/* behind a delimiter: the line's end, or "--" */
	STATE_DASH,     /* one '-' of the closing "--" */
	STATE_LINE_END, /* the CR of the delimiter's line */
	STATE_HEADER,
	STATE_DATA,
	STATE_EPILOGUE, /* what stands behind the last delimiter is ignored */
	STATE_FAILED,
};

struct parameter {
	struct text name;
	struct text value;
};

struct multipart {
	struct multipart_callbacks callbacks;
	enum state state;
	struct err failure;
	unsigned part_count;
	size_t matched;  /* bytes of the delimiter seen */
	size_t supposed; /* of these, how many were never in the input */
	size_t header_len;
	char header[MULTIPART_HEADER_MAX];
	size_t delimiter_len;
	char delimiter[MULTIPART_BOUNDARY_MAX + 4]; /* CR LF "--" boundary */
};

static enum err_code malformed(struct err *err, const char *what)
{
	return err_set(err, ERR_INVALID_INPUT, "", "The multipart/form-data body is malformed: %s.",
		       what);
}

/* Where the value of a parameter is: unescaped in place, and *at moved behind it. */
static struct text take_value(char **at, char *end)
{
	char *from = *at;
	bool is_quoted = from < end && *from == '"';

	from += is_quoted;
	char *read = from, *write = from;

	while (read < end && *read != (is_quoted ? '"' : ';')) {
		/* Only these two are escaped; a lone '\' is part of a Windows path. */
		if (is_quoted && *read == '\\' && read + 1 < end &&
		    (read[1] == '"' || read[1] == '\\'))
			read++;
		*write++ = *read++;
	}
	char *semicolon = read < end ? memchr(read, ';', (size_t)(end - read)) : NULL;

	*at = semicolon ? semicolon + 1 : end;
	struct text value = {from, (size_t)(write - from)};

	return is_quoted ? value : text_trim(value);
}

/*
 * Take the next parameter of a header field (name=value; name="value") off the front of what lies
 * between *at and `end`, which begins behind a ';'. False when there is none left.
 */
static bool take_parameter(char **at, char *end, struct parameter *out)
{
	while (*at < end) {
		char *start = *at;
		size_t len = 0;

		while (start + len < end && start[len] != '=' && start[len] != ';')
			len++;
		out->name = text_trim((struct text){start, len});
		*at = start + len;
		if (*at == end)
			return false;
		char found = *(*at)++;

		while (*at < end && (**at == ' ' || **at == '\t'))
			++*at;
		if (found == ';')
			continue;
		out->value = take_value(at, end);
		return true;
	}
	return false;
}

static bool is_boundary(struct text text)
{
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c < ' ' || c >= 0x7F)
			return false;
	}
	return text.len > 0 && text.len <= MULTIPART_BOUNDARY_MAX;
}

enum err_code multipart_create(struct text content_type,
			       const struct multipart_callbacks *callbacks, struct multipart **out,
			       struct err *err)
{
	struct text parameters;
	struct text type = text_trim(text_split(content_type, ';', &parameters));
	char copy[1024];
	struct text boundary = TEXT_NONE;

	if (text_is_nocase(type, TEXT("multipart/form-data")) && parameters.len > 0 &&
	    parameters.len <= sizeof copy) {
		char *at = copy;
		struct parameter pair;

		memcpy(copy, parameters.ptr, parameters.len);
		while (take_parameter(&at, copy + parameters.len, &pair)) {
			if (text_is_nocase(pair.name, TEXT("boundary")))
				boundary = pair.value;
		}
	}
	if (!is_boundary(boundary))
		return err_set(err, ERR_INVALID_INPUT, "",
			       "Send Content-Type: multipart/form-data with a boundary of at most "
			       "%d characters.",
			       MULTIPART_BOUNDARY_MAX);
	struct multipart *multipart = calloc(1, sizeof *multipart);

	if (!multipart)
		return err_memory(err);
	multipart->callbacks = *callbacks;
	memcpy(multipart->delimiter, "\r\n--", 4);
	memcpy(multipart->delimiter + 4, boundary.ptr, boundary.len);
	multipart->delimiter_len = 4 + boundary.len;
	/* The first delimiter may stand at the very beginning, without a line break before it. */
	multipart->matched = multipart->supposed = 2;
	*out = multipart;
	return ERR_OK;
}

static enum err_code give_data(struct multipart *multipart, struct text data, struct err *err)
{
	const struct multipart_callbacks *callbacks = &multipart->callbacks;

	if (multipart->state != STATE_DATA || data.len == 0)
		return ERR_OK;
	return callbacks->part_data(callbacks->state, data, err) ? ERR_OK : err->code;
}

/* The parameters of Content-Disposition. "filename*" is not read: RFC 7578 forbids it. */
static void read_disposition(char *at, char *end, struct multipart_part *part)
{
	char *semicolon = memchr(at, ';', (size_t)(end - at));
	char *next = semicolon ? semicolon + 1 : end;
	struct parameter pair;

	while (take_parameter(&next, end, &pair)) {
		if (text_is_nocase(pair.name, TEXT("name")))
			part->name = pair.value;
		else if (text_is_nocase(pair.name, TEXT("filename")))
			part->file_name = pair.value;
	}
}

/* One line "Name: value" of a part's header, at `line`. */
static void read_field(char *line, size_t len, struct multipart_part *part)
{
	char *colon = memchr(line, ':', len);

	if (!colon)
		return;
	struct text name = text_trim((struct text){line, (size_t)(colon - line)});
	struct text value = text_trim((struct text){colon + 1, (size_t)(line + len - colon - 1)});

	if (text_is_nocase(name, TEXT("Content-Type")))
		part->type = value;
	else if (text_is_nocase(name, TEXT("Content-Disposition")))
		read_disposition(colon, line + len, part);
}

static enum err_code begin_part(struct multipart *multipart, struct err *err)
{
	const struct multipart_callbacks *callbacks = &multipart->callbacks;
	struct multipart_part part = {TEXT_NONE, TEXT_NONE, TEXT_NONE};
	char *line = multipart->header;
	char *end = multipart->header + multipart->header_len;

	while (line < end) {
		char *stop = memmem(line, (size_t)(end - line), "\r\n", 2);

		if (!stop)
			stop = end;
		read_field(line, (size_t)(stop - line), &part);
		line = stop + 2;
	}
	if (!part.name.ptr)
		return malformed(err, "a part has no name");
	if (++multipart->part_count > MULTIPART_PARTS_MAX)
		return err_set(err, ERR_TOO_LARGE, "", "The form has more than %d parts.",
			       MULTIPART_PARTS_MAX);
	if (!callbacks->part_begin(callbacks->state, &part, err))
		return err->code;
	multipart->state = STATE_DATA;
	/* The line break that ended the header may begin the delimiter of an empty part. */
	multipart->matched = multipart->supposed = 2;
	return ERR_OK;
}

/* Collect the part's header up to its empty line. */
static enum err_code take_header(struct multipart *multipart, char c, struct err *err)
{
	char *header = multipart->header;

	if (multipart->header_len == sizeof multipart->header)
		return err_set(err, ERR_TOO_LARGE, "",
			       "The header of a part of the form is larger than %d bytes.",
			       MULTIPART_HEADER_MAX);
	header[multipart->header_len++] = c;
	size_t len = multipart->header_len;

	if (c != '\n')
		return ERR_OK;
	bool is_end = (len == 2 && header[0] == '\r') ||
		      (len >= 4 && memcmp(header + len - 4, "\r\n\r\n", 4) == 0);

	if (!is_end)
		return ERR_OK;
	multipart->header_len = len - 2;
	return begin_part(multipart, err);
}

static enum err_code end_part(struct multipart *multipart, struct err *err)
{
	const struct multipart_callbacks *callbacks = &multipart->callbacks;

	multipart->matched = multipart->supposed = 0;
	if (multipart->state == STATE_DATA && !callbacks->part_end(callbacks->state, err))
		return err->code;
	multipart->state = STATE_DELIMITED;
	return ERR_OK;
}

/*
 * Data and preamble: pass on what is not a delimiter. CR stands in the delimiter only at its
 * begin, so a broken match can only start again at the byte that broke it.
 */
static enum err_code take_data(struct multipart *multipart, struct text *piece, struct err *err)
{
	if (multipart->matched == 0) {
		const char *cr = memchr(piece->ptr, '\r', piece->len);
		size_t len = cr ? (size_t)(cr - piece->ptr) : piece->len;
		struct text run = {piece->ptr, len};

		*piece = text_skip(*piece, len + (cr != NULL));
		multipart->matched = cr != NULL;
		return give_data(multipart, run, err);
	}
	if (piece->ptr[0] == multipart->delimiter[multipart->matched]) {
		*piece = text_skip(*piece, 1);
		if (++multipart->matched == multipart->delimiter_len)
			return end_part(multipart, err);
		return ERR_OK;
	}
	struct text seen = {multipart->delimiter + multipart->supposed,
			    multipart->matched - multipart->supposed};

	multipart->matched = multipart->supposed = 0;
	return give_data(multipart, seen, err);
}

static enum err_code take_line(struct multipart *multipart, char c, struct err *err)
{
	enum state state = multipart->state;

	if (state == STATE_DELIMITED && (c == ' ' || c == '\t'))
		return ERR_OK;
	if (state == STATE_DELIMITED && c == '-')
		multipart->state = STATE_DASH;
	else if (state == STATE_DELIMITED && c == '\r')
		multipart->state = STATE_LINE_END;
	else if (state == STATE_DASH && c == '-')
		multipart->state = STATE_EPILOGUE;
	else if (state == STATE_LINE_END && c == '\n')
		multipart->state = STATE_HEADER;
	else
		return malformed(err, "a boundary is not followed by a line break");
	multipart->header_len = 0;
	return ERR_OK;
}

static enum err_code step(struct multipart *multipart, struct text *piece, struct err *err)
{
	char c = piece->ptr[0];

	switch (multipart->state) {
	case STATE_PREAMBLE:
	case STATE_DATA:
		return take_data(multipart, piece, err);
	case STATE_DELIMITED:
	case STATE_DASH:
	case STATE_LINE_END:
		*piece = text_skip(*piece, 1);
		return take_line(multipart, c, err);
	case STATE_HEADER:
		*piece = text_skip(*piece, 1);
		return take_header(multipart, c, err);
	case STATE_EPILOGUE:
		*piece = text_skip(*piece, piece->len);
		return ERR_OK;
	case STATE_FAILED:
		break;
	}
	*err = multipart->failure;
	return err->code;
}

enum err_code multipart_feed(struct multipart *multipart, struct text piece, struct err *err)
{
	while (piece.len > 0) {
		if (step(multipart, &piece, err) != ERR_OK) {
			multipart->state = STATE_FAILED;
			multipart->failure = *err;
			return err->code;
		}
	}
	return ERR_OK;
}

enum err_code multipart_finish(struct multipart *multipart, struct err *err)
{
	if (multipart->state == STATE_EPILOGUE)
		return ERR_OK;
	if (multipart->state == STATE_FAILED) {
		*err = multipart->failure;
		return err->code;
	}
	return malformed(err, "its last boundary is missing; it was cut off");
}

void multipart_destroy(struct multipart *multipart)
{
	free(multipart);
}
