#include "cli/mcp_lines.h"

#include <errno.h>
#include <poll.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cli/interrupt.h"

#define PIECE_BYTES ((size_t)64 * 1024)

void mcp_lines_init(struct mcp_lines *lines)
{
	sigset_t ours;

	memset(lines, 0, sizeof *lines);
	buf_init(&lines->buf, MCP_LINES_BYTES_MAX + PIECE_BYTES);
	pthread_mutex_init(&lines->lock, NULL);
	interrupt_catch();
	sigemptyset(&ours);
	sigaddset(&ours, SIGINT);
	sigaddset(&ours, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ours, &lines->signals);
	sigdelset(&lines->signals, SIGINT);
	sigdelset(&lines->signals, SIGTERM);
}

void mcp_lines_release(struct mcp_lines *lines)
{
	buf_release(&lines->buf);
	pthread_mutex_destroy(&lines->lock);
}

/* Forget what was used, so that the buffer need not grow. */
static void tidy(struct mcp_lines *lines)
{
	if (lines->begin == 0)
		return; /* a long line, piece by piece: nothing to move */
	buf_drop(&lines->buf, lines->begin);
	lines->seen -= lines->begin;
	lines->begin = 0;
}

/* Read some more; false when nothing will come. */
static bool fill(struct mcp_lines *lines)
{
	/* Of standard output only whether its reader is gone, which no read would tell. */
	struct pollfd ends[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = STDOUT_FILENO}};
	char *at;
	ssize_t len;

	tidy(lines);
	at = buf_reserve(&lines->buf, PIECE_BYTES);
	if (!at)
		return false;
	do {
		if (interrupt_came() || atomic_load(&lines->is_broken))
			return false;
		len = ppoll(ends, ARRAY_LEN(ends), NULL, &lines->signals) < 0 ? -1 : 0;
		if (len == 0 && ends[1].revents)
			return false;
		if (len == 0)
			len = read(STDIN_FILENO, at, PIECE_BYTES);
	} while (len < 0 && (errno == EINTR || errno == EAGAIN));
	if (len > 0)
		buf_commit(&lines->buf, (size_t)len);
	return len > 0;
}

/* Whether a whole line is there; *out is it, without its end. */
static bool take(struct mcp_lines *lines, struct text *out)
{
	size_t left = lines->buf.len - lines->seen;
	const char *end = left > 0 ? memchr(lines->buf.ptr + lines->seen, '\n', left) : NULL;

	if (!end) {
		lines->seen = lines->buf.len;
		return false;
	}
	size_t len = (size_t)(end - lines->buf.ptr) - lines->begin;

	*out = text_trim((struct text){lines->buf.ptr + lines->begin, len});
	lines->begin += len + 1;
	lines->seen = lines->begin;
	return true;
}

/* The rest behind the last line end, when the input is over. */
static bool take_rest(struct mcp_lines *lines, struct text *out)
{
	if (lines->buf.len == 0)
		return false;
	*out = text_trim((struct text){lines->buf.ptr + lines->begin,
				       lines->buf.len - lines->begin});
	lines->begin = lines->seen = lines->buf.len;
	return out->len > 0;
}

enum mcp_line mcp_lines_next(struct mcp_lines *lines, struct text *out)
{
	for (;;) {
		while (take(lines, out)) {
			bool was_skipping = lines->is_skipping;

			lines->is_skipping = false;
			if (!was_skipping && out->len > 0)
				return MCP_LINE;
		}
		bool is_too_long = lines->buf.len - lines->begin > MCP_LINES_BYTES_MAX;

		if (lines->is_skipping || is_too_long)
			lines->begin = lines->seen = lines->buf.len;
		if (is_too_long && !lines->is_skipping) {
			lines->is_skipping = true;
			return MCP_LINE_TOO_LONG;
		}
		if (lines->is_ended)
			return MCP_LINE_END;
		if (fill(lines))
			continue;
		lines->is_ended = true;
		if (!lines->is_skipping && !interrupt_came() && take_rest(lines, out))
			return MCP_LINE;
	}
}

static bool write_all(struct iovec *parts, int count)
{
	while (count > 0) {
		ssize_t len = writev(STDOUT_FILENO, parts, count);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return false;
		while (count > 0 && (size_t)len >= parts->iov_len) {
			len -= (ssize_t)parts->iov_len;
			parts++;
			count--;
		}
		if (count > 0) {
			parts->iov_base = (char *)parts->iov_base + len;
			parts->iov_len -= (size_t)len;
		}
	}
	return true;
}

void mcp_lines_say(struct mcp_lines *lines, struct text message)
{
	char end[] = "\n";
	struct iovec parts[] = {{(void *)(uintptr_t)message.ptr, message.len}, {end, 1}};

	pthread_mutex_lock(&lines->lock);
	if (!write_all(parts, 2))
		atomic_store(&lines->is_broken, true);
	pthread_mutex_unlock(&lines->lock);
}

void mcp_lines_too_long(struct mcp_fault *fault)
{
	fault->rpc = MCP_INVALID_REQUEST;
	fault->status = 200;
	fault->data = TEXT_NONE;
	err_set(&fault->err, ERR_TOO_LARGE, "",
		"The message is longer than %zu MiB and was skipped. Send fewer leads at once, or "
		"import a file with 'galena import'.",
		MCP_LINES_BYTES_MAX / 1024 / 1024);
}
