#include "file/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* One block can grow threefold, and iconv is offered a little more than that. */
#define DECODED_BYTES_MAX (LINES_BLOCK_BYTES * 4)

static enum err_code init(struct lines *lines, struct text encoding, struct err *err)
{
	lines->forced = encoding;
	lines->is_first_block = true;
	lines->number = 1;
	buf_init(&lines->decoded, DECODED_BYTES_MAX);
	if (!encoding.ptr)
		return ERR_OK;
	lines->is_decided = true;
	return encoding_init(&lines->encoding, encoding, err);
}

enum err_code lines_init_fd(struct lines *lines, int take_fd, struct text encoding,
			    size_t read_bytes_max, struct err *err)
{
	struct stat file;
	struct lines made = {.fd = take_fd, .bytes_total = -1};

	made.read_bytes_max = read_bytes_max ? read_bytes_max : LINES_BLOCK_BYTES;
	if (fstat(take_fd, &file) == 0 && S_ISREG(file.st_mode))
		made.bytes_total = file.st_size;
	/* Only a hint to the kernel. */
	(void)posix_fadvise(take_fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	made.block = malloc(LINES_BLOCK_BYTES);
	enum err_code code = made.block ? init(&made, encoding, err) : err_memory(err);

	if (code == ERR_OK)
		*lines = made;
	else
		lines_release(&made);
	return code;
}

enum err_code lines_init_memory(struct lines *lines, struct text bytes, struct text encoding,
				struct err *err)
{
	struct lines made = {.fd = -1, .memory = bytes, .bytes_total = (int64_t)bytes.len};
	enum err_code code = init(&made, encoding, err);

	if (code == ERR_OK)
		*lines = made;
	else
		lines_release(&made);
	return code;
}

void lines_release(struct lines *lines)
{
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines->block);
	buf_release(&lines->decoded);
	encoding_release(&lines->encoding);
	*lines = (struct lines){.fd = -1, .is_at_end = true};
}

static enum err_code read_file(struct lines *lines, struct text *out, struct err *err)
{
	size_t len = 0;

	while (len < LINES_BLOCK_BYTES) {
		size_t want = LINES_BLOCK_BYTES - len;
		ssize_t got = read(lines->fd, lines->block + len,
				   want < lines->read_bytes_max ? want : lines->read_bytes_max);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, ERR_INVALID_INPUT, "", "The file cannot be read: %s.",
				       strerror(errno));
		if (got == 0)
			break;
		len += (size_t)got;
	}
	*out = (struct text){lines->block, len};
	return ERR_OK;
}

/* The next block of raw bytes; only the last is shorter than LINES_BLOCK_BYTES. */
static enum err_code read_block(struct lines *lines, struct text *out, struct err *err)
{
	if (lines->fd >= 0)
		return read_file(lines, out, err);
	size_t len = lines->memory.len < LINES_BLOCK_BYTES ? lines->memory.len : LINES_BLOCK_BYTES;

	*out = (struct text){lines->memory.ptr, len};
	lines->memory = text_skip(lines->memory, len);
	return ERR_OK;
}

/* Settle the encoding if this block can, and drop a byte-order mark from the first. */
static enum err_code decide(struct lines *lines, struct text *block, struct err *err)
{
	size_t bom_bytes;
	const char *found = encoding_detect(*block, &bom_bytes);
	bool is_wide = found && strncmp(found, "UTF-16", 6) == 0;

	if (lines->is_first_block) {
		bool is_marked_wide = is_wide && bom_bytes > 0;

		/* A mark tells the byte order that the name "UTF-16" leaves open. */
		if (lines->is_decided && is_marked_wide &&
		    text_is_nocase(lines->forced, TEXT("UTF-16"))) {
			encoding_release(&lines->encoding);
			lines->is_decided = false;
		}
		if (!lines->is_decided || strncmp(lines->encoding.name, "UTF", 3) == 0)
			*block = text_skip(*block, bom_bytes);
	} else if (is_wide) {
		/* The file began as ASCII, so stray NULs do not make it UTF-16 now. */
		found = "WINDOWS-1252";
	}
	if (lines->is_decided || !found)
		return ERR_OK;
	lines->is_decided = true;
	return encoding_init(&lines->encoding, text_of(found), err);
}

static enum err_code decode_block(struct lines *lines, struct text block, struct err *err)
{
	enum err_code code = ERR_OK;

	if (lines->is_first_block || !lines->is_decided)
		code = decide(lines, &block, err);
	lines->is_first_block = false;
	if (code != ERR_OK)
		return code;
	buf_reset(&lines->decoded);
	lines->at = 0;
	if (lines->holds_cr)
		buf_add_char(&lines->decoded, '\r');
	lines->holds_cr = false;
	code = encoding_decode(&lines->encoding, block, lines->is_at_end, &lines->decoded, err);
	if (code != ERR_OK)
		return code;
	struct text text = buf_text(&lines->decoded);

	if (!lines->is_at_end && text.len > 0 && text.ptr[text.len - 1] == '\r') {
		lines->holds_cr = true;
		lines->decoded.len--;
	}
	return ERR_OK;
}

/* Decode until there is text or the input ends. */
static enum err_code fill(struct lines *lines, struct err *err)
{
	while (lines->at == lines->decoded.len && !lines->is_at_end) {
		struct text block = TEXT_NONE;
		enum err_code code = read_block(lines, &block, err);

		if (code != ERR_OK)
			return code;
		lines->bytes_read += (int64_t)block.len;
		lines->is_at_end = block.len < LINES_BLOCK_BYTES;
		code = decode_block(lines, block, err);
		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

enum err_code lines_sample(struct lines *lines, struct text *out, struct err *err)
{
	enum err_code code = fill(lines, err);

	if (code == ERR_OK)
		*out = text_skip(buf_text(&lines->decoded), lines->at);
	return code;
}

/* Length of the line at the start of `text` with its end, or all of it without one. */
static size_t line_len(struct text text, bool *out_ends)
{
	size_t i = 0;

	while (i < text.len && text.ptr[i] != '\n' && text.ptr[i] != '\r')
		i++;
	*out_ends = i < text.len;
	if (i == text.len)
		return i;
	if (text.ptr[i] == '\r' && i + 1 < text.len && text.ptr[i + 1] == '\n')
		i++;
	return i + 1;
}

enum err_code lines_next(struct lines *lines, struct line *out, struct err *err)
{
	enum err_code code = fill(lines, err);

	if (code != ERR_OK)
		return code;
	struct text left = text_skip(buf_text(&lines->decoded), lines->at);

	*out = (struct line){TEXT_NONE, lines->number, true};
	if (left.len == 0)
		return ERR_OK;
	size_t len = line_len(left, &out->ends);

	out->text = (struct text){left.ptr, len};
	lines->at += len;
	lines->number += out->ends;
	return ERR_OK;
}

enum err_code lines_skip_rest(struct lines *lines, struct line piece, struct err *err)
{
	while (piece.text.ptr && !piece.ends) {
		enum err_code code = lines_next(lines, &piece, err);

		if (code != ERR_OK)
			return code;
	}
	return ERR_OK;
}

const char *lines_encoding(const struct lines *lines)
{
	return lines->is_decided ? lines->encoding.name : "UTF-8";
}
